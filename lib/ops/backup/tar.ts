/**
 * The headers of a tar archive in the ustar format (POSIX.1-2017, pax, "ustar Interchange Format"), as far as backups
 * need it: regular files, written and read in 512-byte blocks. A size over 8 GiB is written as GNU tar does.
 */

/** Everything in an archive is a multiple of this many bytes. */
export const BLOCK = 512;

/** A file of an archive. */
export interface TarEntry {
  name: string;
  bytes: number;
}

const MODE = 0o600;
const OCTAL_LIMIT = 8 ** 11;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The header of a regular file; `time` is in milliseconds since 1970. Throws a RangeError for a name that is too long. */
export function tarHeader(entry: TarEntry, time: number): Uint8Array {
  const header = new Uint8Array(BLOCK);
  const { prefix, name } = splitName(entry.name);
  put(header, 0, name);
  put(header, 100, octal(MODE, 8));
  put(header, 108, octal(0, 8));
  put(header, 116, octal(0, 8));
  putSize(header, entry.bytes);
  put(header, 136, octal(Math.max(0, Math.floor(time / 1000)), 12));
  put(header, 156, "0");
  put(header, 257, "ustar\x0000");
  put(header, 345, prefix);
  put(header, 148, octal(checksum(header), 7) + " ");
  return header;
}

/** How many zero bytes follow a file of this size. */
export function tarPadding(bytes: number): number {
  return (BLOCK - bytes % BLOCK) % BLOCK;
}

/** The end of an archive. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK);

/**
 * What a header says; undefined for a block of zeros, which ends an archive. Throws an Error that says what is wrong
 * for a block that is no header, and for everything but a regular file: a link could point out of the folder.
 */
export function readTarHeader(header: Uint8Array): TarEntry | undefined {
  if (header.every((byte) => byte === 0)) return undefined;
  if (text(header, 257, 5) !== "ustar") throw new Error("a block that is no header of a file");
  if (readOctal(header, 148, 8) !== checksum(header)) throw new Error("a header that was changed");
  const type = header[156];
  if (type !== 0x30 && type !== 0) throw new Error("an entry that is no regular file");
  const prefix = text(header, 345, 155);
  const name = text(header, 0, 100);
  return { name: prefix ? `${prefix}/${name}` : name, bytes: readSize(header) };
}

function splitName(full: string): { prefix: string; name: string } {
  const fits = (part: string, bytes: number) => encoder.encode(part).length <= bytes;
  if (fits(full, 100)) return { prefix: "", name: full };
  for (let at = full.indexOf("/"); at > 0; at = full.indexOf("/", at + 1)) {
    const prefix = full.slice(0, at), name = full.slice(at + 1);
    if (name && fits(name, 100) && fits(prefix, 155)) return { prefix, name };
  }
  throw new RangeError("a file name of at most 100 bytes was expected");
}

function put(header: Uint8Array, at: number, value: string): void {
  header.set(encoder.encode(value), at);
}

/** Digits and a NUL that fill `width` bytes. */
function octal(value: number, width: number): string {
  return value.toString(8).padStart(width - 1, "0") + "\0";
}

function putSize(header: Uint8Array, bytes: number): void {
  if (bytes < OCTAL_LIMIT) return put(header, 124, octal(bytes, 12));
  new DataView(header.buffer).setBigUint64(128, BigInt(bytes));
  header[124] = 0x80;
}

function readSize(header: Uint8Array): number {
  if (header[124] !== 0x80) return readOctal(header, 124, 12);
  const size = new DataView(header.buffer, header.byteOffset).getBigUint64(128);
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error("a file of an impossible size");
  return Number(size);
}

function readOctal(header: Uint8Array, at: number, width: number): number {
  const digits = text(header, at, width).trim();
  if (!/^[0-7]+$/.test(digits)) throw new Error("a header that was changed");
  return parseInt(digits, 8);
}

/** The bytes up to the first NUL as text. */
function text(header: Uint8Array, at: number, width: number): string {
  const field = header.subarray(at, at + width);
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}

/** The sum of all bytes, those of the checksum itself counted as spaces. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}
