/**
 * Fernet tokens, as Python's `cryptography` makes them: a text encrypted with AES-128-CBC and signed with
 * HMAC-SHA256 (https://github.com/fernet/spec/blob/master/Spec.md).
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { Buffer } from "node:buffer";

const VERSION = 0x80;
const BLOCK = 16;
/** Version, timestamp and IV come before the ciphertext, the HMAC after it. */
const HEADER = 1 + 8 + BLOCK;
const HMAC = 32;
/** A token made this much later than now is refused, in seconds: clocks differ, but not by more. */
const MAX_CLOCK_SKEW = 60;

/** A token that these keys don't open. `reason` holds nothing of the token or the keys. */
export class InvalidToken extends Error {
  override readonly name = "InvalidToken";

  constructor(readonly reason: string) {
    super(`Expected a Fernet token, found ${reason}`);
  }
}

interface Keys {
  signing: Uint8Array;
  encryption: Uint8Array;
}

/** A new key: 32 random bytes in base64url. */
export function generateKey(): string {
  return encode(randomBytes(2 * BLOCK));
}

/**
 * Encrypts a text. `at` (milliseconds since 1970) and `iv` are for the published test vectors; an IV must never be
 * used twice.
 */
export function encrypt(
  text: string,
  key: string,
  { at = Date.now(), iv = randomBytes(BLOCK) }: { at?: number; iv?: Uint8Array } = {},
): string {
  const { signing, encryption } = keysOf(key);
  const cipher = createCipheriv("aes-128-cbc", encryption, iv);
  const header = Buffer.alloc(1 + 8);
  header.writeUInt8(VERSION);
  header.writeBigUInt64BE(BigInt(Math.floor(at / 1000)), 1);
  const signed = Buffer.concat([header, iv, cipher.update(text, "utf8"), cipher.final()]);
  return encode(Buffer.concat([signed, hmac(signing, signed)]));
}

/**
 * The text in a token, by the first of `keys` that opens it: with several, an older key still opens what it
 * encrypted. With `maxAge` (seconds) a token that is older, or from the future, is refused; without it the time
 * does not matter, as in Python's. Throws `InvalidToken`.
 */
export function decrypt(
  token: string,
  keys: readonly string[],
  { now = Date.now(), maxAge }: { now?: number; maxAge?: number } = {},
): string {
  const bytes = decodeToken(token);
  if (maxAge !== undefined) {
    const age = Math.floor(now / 1000) - Number(bytes.readBigUInt64BE(1));
    if (age > maxAge) throw new InvalidToken("one that has expired");
    if (age < -MAX_CLOCK_SKEW) throw new InvalidToken("one from the future");
  }
  const signed = bytes.subarray(0, -HMAC);
  const key = keys.map(keysOf).find(({ signing }) =>
    timingSafeEqual(hmac(signing, signed), bytes.subarray(-HMAC))
  );
  if (!key) throw new InvalidToken("one that was made with another key, or was changed");
  const iv = bytes.subarray(HEADER - BLOCK, HEADER);
  try {
    const decipher = createDecipheriv("aes-128-cbc", key.encryption, iv);
    const plain = Buffer.concat([decipher.update(signed.subarray(HEADER)), decipher.final()]);
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plain);
  } catch {
    throw new InvalidToken("one with wrong padding");
  }
}

/** When a token was made, in milliseconds since 1970. Not proof: only `decrypt` checks the signature. */
export function madeAt(token: string): number {
  return Number(decodeToken(token).readBigUInt64BE(1)) * 1000;
}

/**
 * True for a text that is meant to be a token, whole or not: version 0x80 and a timestamp before the year 2106
 * always begin so.
 */
export function looksLikeToken(text: string): boolean {
  return text.startsWith("gAAAAA");
}

function decodeToken(token: string): Buffer {
  // Buffer skips over what is not base64, so that two texts would be one token.
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(token)) throw new InvalidToken("no base64url");
  const bytes = Buffer.from(token, "base64url");
  if (bytes[0] !== VERSION) throw new InvalidToken("another version");
  const length = bytes.length - HEADER - HMAC;
  if (length <= 0) throw new InvalidToken("one that is too short");
  if (length % BLOCK !== 0) throw new InvalidToken("one that ends inside a block");
  return bytes;
}

function keysOf(key: string): Keys {
  const bytes = Buffer.from(key, "base64url");
  if (bytes.length !== 2 * BLOCK) {
    throw new TypeError(`A Fernet key was expected to have 32 bytes, found ${bytes.length}`);
  }
  return { signing: bytes.subarray(0, BLOCK), encryption: bytes.subarray(BLOCK) };
}

function hmac(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return createHmac("sha256", key).update(bytes).digest();
}

/** With padding, as Python writes it; base64url of Node leaves it out. */
function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
