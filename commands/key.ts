/** `farchat key`: encrypts the Anthropic key, and tells its state without any part of it. */
import { parseArgs } from "node:util";
import { encrypt, generateKey } from "../lib/ops/fernet.ts";
import { KEY_AGE_LIMIT_DAYS, keyAge } from "../lib/ops/key_age.ts";
import { readSecret } from "../lib/ops/secret_input.ts";
import { processSources, resolveSettings, type SettingSources } from "../lib/ops/settings.ts";
import { Problem } from "../lib/problem.ts";

/** What the words after `key` do; 2 for others. */
export async function keyCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      current: { type: "boolean", default: false },
    },
  });
  const [action, ...more] = positionals;
  if (more.length > 0) {
    return wrongUsage(
      "expected no key on the command line, where other users of the machine can read it",
    );
  }
  const sources = processSources();
  switch (action) {
    case "encrypt":
      console.log(await encrypted(sources, values.current));
      return 0;
    case "status":
      console.log(
        values.json ? JSON.stringify(keyStatus(sources)) : statusText(keyStatus(sources)),
      );
      return 0;
    case "generate":
      console.log(generateKey());
      return 0;
    default:
      return wrongUsage("expected encrypt, status or generate");
  }
}

/** A token of the key on standard input, or of the one that is set now, by the first of ENCRYPTION_KEY. */
async function encrypted(sources: SettingSources, current: boolean): Promise<string> {
  // The other settings may be wrong: a token that the new key doesn't open is what this command replaces.
  const { values, rows } = resolveSettings(sources);
  const mistake = rows.find(({ name }) => name === "ENCRYPTION_KEY")?.mistake;
  if (mistake || !values.ENCRYPTION_KEY) {
    throw new Problem(mistake ?? "Expected ENCRYPTION_KEY to be set, found nothing.", {
      next: "Make one with: farchat key generate. Keep it apart from the token it opens.",
    });
  }
  if (current && !values.ANTHROPIC_API_KEY) {
    const why = rows.find(({ name }) => name === "ANTHROPIC_API_KEY")?.mistake;
    throw new Problem(why ?? "Expected ANTHROPIC_API_KEY to be set, found nothing.", {
      next: "Put the older ENCRYPTION_KEY behind the new one, with a comma between, and try again.",
    });
  }
  const secret = current
    ? values.ANTHROPIC_API_KEY!
    : await readSecret(standardInput(), (text) => Deno.stderr.writeSync(encode(text)));
  return encrypt(secret, values.ENCRYPTION_KEY[0]);
}

/** What `farchat key status` says; nothing of the key. */
export interface KeyStatus {
  present: boolean;
  encrypted: boolean;
  /** Encrypted with another than the first ENCRYPTION_KEY. */
  older_encryption_key: boolean;
  from: string;
  created?: string;
  age_days?: number;
  old: boolean;
  mistake?: string;
}

/** The state of the key that these sources set. */
export function keyStatus(sources: SettingSources, now: Date = new Date()): KeyStatus {
  const { values, rows } = resolveSettings(sources);
  const row = rows.find(({ name }) => name === "ANTHROPIC_API_KEY")!;
  const age = keyAge({
    ANTHROPIC_API_KEY: values.ANTHROPIC_API_KEY,
    API_KEY_CREATED_DATE: values.API_KEY_CREATED_DATE,
  }, now);
  return {
    present: age.present,
    encrypted: row.encrypted,
    older_encryption_key: row.olderKey,
    from: row.file ? `${row.origin}, ANTHROPIC_API_KEY_FILE` : row.origin,
    created: age.created,
    age_days: age.days,
    old: age.old,
    mistake: row.mistake,
  };
}

function statusText(status: KeyStatus): string {
  if (status.mistake) return status.mistake;
  if (!status.present) {
    return "No Anthropic key is set: answers quote the regulation. Set ANTHROPIC_API_KEY to have Claude write them.";
  }
  const age = status.age_days === undefined
    ? "Its age is not known: set API_KEY_CREATED_DATE to the day it was made."
    : status.old
    ? `It is ${status.age_days} days old, more than ${KEY_AGE_LIMIT_DAYS}: make a new one.`
    : `It is ${status.age_days} days old; after ${KEY_AGE_LIMIT_DAYS} FARchat tells you.`;
  const rotation = status.older_encryption_key
    ? "\nIt is encrypted with an older ENCRYPTION_KEY; encrypt it again: farchat key encrypt --current"
    : "";
  const how = status.encrypted ? "encrypted" : "not encrypted";
  return `An Anthropic key is set (${status.from}), ${how}. ${age}${rotation}`;
}

function standardInput() {
  return {
    readable: Deno.stdin.readable,
    isTerminal: () => Deno.stdin.isTerminal(),
    setRaw: (mode: boolean) => Deno.stdin.setRaw(mode),
  };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function wrongUsage(message: string): number {
  console.error(`farchat key: ${message}.`);
  console.error("Usage: farchat key encrypt [--current] | status [--json] | generate");
  return 2;
}
