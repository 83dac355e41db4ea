/** Takes out of log records what must not be in a log: secrets, cookies, and what people ask and are answered. */
import type { LogRecord } from "@logtape/logtape";
import { type Settings, type VariableName, VARIABLES } from "./settings.ts";

const HIDDEN = "[redacted]";

/** Names under which a text is a secret whatever it looks like. */
const SECRET_NAMES =
  /(key|token|secret|passw(or)?d|credential|authorization|cookie|dsn|webhook)s?$/i;

/** Names under which people's words are. */
const WORDS_NAMES =
  /^(question|answer|query|prompt|quote|text|delta|history|passages|content|body|input)s?$/i;

/** What looks like a secret anywhere: Anthropic keys, Fernet tokens, bearer tokens, FARchat's cookie, credentials in an address. */
const SECRET_TEXTS =
  /sk-ant-[\w-]+|gAAAA[\w-]{40,}={0,2}|\b(bearer|basic)\s+[\w.~+/=-]{8,}|farchat_\w+=[^;\s"]+|(?<=:\/\/)[^\s/@"]+(?=@)/gi;

/** Objects inside objects beyond this are not written out. */
const MOST_DEPTH = 5;

export interface RedactionOptions {
  /** Secrets of this process, taken out wherever they stand. */
  secrets?: readonly string[];
  /** Leave people's words in: LOG_QUESTIONS. */
  words?: boolean;
}

/** The texts of the settings that are secret, as values that may turn up in an error of a library. */
export function secretsOf(settings: Partial<Settings>): string[] {
  return (Object.keys(VARIABLES) as VariableName[])
    .filter((name) => "secret" in VARIABLES[name] && VARIABLES[name].secret)
    .flatMap((name) => settings[name] as string | string[] | undefined ?? [])
    .filter((secret) => typeof secret === "string" && secret.length >= 8);
}

/** A function that returns a record as it may be written. */
export function redaction(options: RedactionOptions = {}): (record: LogRecord) => LogRecord {
  const clean = cleaner(options);
  return (record) => {
    const properties: Record<string, unknown> = {};
    const changed = new Map<unknown, unknown>();
    for (const [name, value] of Object.entries(record.properties)) {
      const cleaned = clean(value, name);
      if (cleaned !== value) changed.set(value, cleaned);
      properties[RESERVED.has(name) ? `${name}_` : name] = cleaned;
    }
    const message = record.message.map((part, i) => {
      if (i % 2 === 0) return clean(part);
      return written(changed.has(part) ? changed.get(part) : clean(part));
    });
    return { ...record, message: [message.join("")], properties };
  };
}

/** A function that returns a text without what looks like a secret and without the known ones. */
export function textCleaner(secrets: readonly string[] = []): (text: string) => string {
  return (text) => {
    for (const secret of secrets) {
      if (text.includes(secret)) text = text.replaceAll(secret, HIDDEN);
    }
    return text.replace(SECRET_TEXTS, HIDDEN);
  };
}

/** A value in a sentence: nothing in it may begin another line or move a terminal's cursor. */
function written(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "";
  return text.replace(CONTROLS, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// deno-lint-ignore no-control-regex
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/g;

/** Fields that a line has of its own. */
const RESERVED = new Set(["@timestamp", "level", "message", "logger"]);

function cleaner({ secrets, words }: RedactionOptions) {
  const cleanText = textCleaner(secrets);
  const hides = (name: string) => SECRET_NAMES.test(name) || (!words && WORDS_NAMES.test(name));
  return function clean(value: unknown, name = "", depth = 0): unknown {
    if (typeof value === "number" || typeof value === "boolean" || value == null) return value;
    if (name !== "" && hides(name)) return HIDDEN;
    if (typeof value === "string") return cleanText(value);
    if (typeof value !== "object") return String(value);
    if (depth >= MOST_DEPTH) return "...";
    if (value instanceof Error) return cleanError(value, clean, depth);
    if (Array.isArray(value)) return value.map((item) => clean(item, name, depth + 1));
    if (value instanceof Date) return value.toISOString();
    if (value instanceof URL) return cleanText(value.origin + value.pathname);
    const plain: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) plain[key] = clean(item, key, depth + 1);
    return plain;
  };
}

/** JSON has nothing of an error by itself. */
function cleanError(
  error: Error,
  clean: (value: unknown, name?: string, depth?: number) => unknown,
  depth: number,
): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  return {
    name,
    message: clean(message),
    stack: clean(stack),
    ...(cause === undefined ? {} : { cause: clean(cause, "cause", depth + 1) }),
  };
}
