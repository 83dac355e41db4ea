/** The table of FARchat's settings: one row a variable, with what it may be and how it is shown. */
import { isIP } from "node:net";
import { Cron } from "croner";
import { z } from "zod";

const text = z.string().min(1);
const flag = z.enum(["true", "false", "1", "0", "yes", "no"]).transform((word) =>
  ["true", "1", "yes"].includes(word)
);
const wholeNumber = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.number().int().min(min).max(max));
const price = z.string().regex(/^\d+(\.\d+)?$/).transform(Number);
/** An http address; a name and password in it would be shown with it, so they are refused. */
const url = z.url({ protocol: /^https?$/ }).refine((text) => {
  const parsed = URL.parse(text); // null: a refinement runs also where the check before it failed
  return parsed?.username === "" && parsed.password === "";
}).transform((text) => text.replace(/\/+$/, ""));
const list = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z.string().transform((text) =>
    text.split(",").map((word) => word.trim()).filter((word) => word !== "")
  ).pipe(z.array(item));
/** An address, or a network as 10.0.0.0/8. */
const network = z.string().refine((text) => {
  const [address, bits, more] = text.split("/");
  const family = isIP(address);
  if (family === 0 || more !== undefined) return false;
  return bits === undefined || /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
});
/** A web origin: scheme, host and port, and nothing after it (https://www.rfc-editor.org/rfc/rfc6454). */
const origin = z.url({ protocol: /^https?$/ }).refine((text) => URL.parse(text)?.origin === text);
/** A day, or a moment as Python's datetime.fromisoformat takes it. */
const day = z.string().regex(/^\d{4}-\d\d-\d\d([T ][\d:.]+(Z|[+-]\d\d:\d\d)?)?$/)
  .transform((text) => new Date(text.replace(" ", "T")))
  .pipe(z.date());
/** "off", or a cron pattern of five fields; undefined where it is off. */
const schedule = z.string().refine((text) => text === "off" || isCronPattern(text))
  .transform((text) => text === "off" ? undefined : text);
/** Fernet keys: each 32 bytes in base64url (https://github.com/fernet/spec/blob/master/Spec.md). */
const fernetKeys = list(z.string().regex(/^[A-Za-z0-9_-]{43}=?$/)).pipe(z.array(z.string()).min(1));

function isCronPattern(text: string): boolean {
  if (text.split(/\s+/).length !== 5) return false;
  try {
    // One without a date to come, as February 30th, would never run.
    return new Cron(text, { paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}

/** A row of the table. */
export interface Variable<Schema extends z.ZodType = z.ZodType> {
  /** Takes the text of the variable, or undefined where it is not set and has no default. */
  schema: Schema;
  /** In words: what a value looks like. */
  expected: string;
  example: string;
  default?: string;
  /** Never shown; may come from a file named in `<NAME>_FILE`, and as a Fernet token that ENCRYPTION_KEY opens. */
  secret?: boolean;
  /** Needed before the database is open, so that it can't be stored there. */
  early?: boolean;
}

const variable = <Schema extends z.ZodType>(made: Variable<Schema>) => made;

/** Every variable by its name in the environment. The key is also its name in .env. */
export const VARIABLES = {
  HOST: variable({
    schema: z.string().regex(/^[A-Za-z0-9.:_-]+$/),
    expected: "a host name or address to listen at",
    example: "0.0.0.0",
    default: "127.0.0.1",
    early: true,
  }),
  PORT: variable({
    schema: wholeNumber(0, 65535),
    expected: "a port number from 0 to 65535",
    example: "8000",
    default: "8000",
    early: true,
  }),
  FARCHAT_DATA: variable({
    schema: text,
    expected: "the folder that holds farchat.db",
    example: "./farchat_data",
    default: "./farchat_data",
    early: true,
  }),
  FARCHAT_CACHE_DIR: variable({
    schema: text.optional(),
    expected: "a folder in which the executable unpacks its native files and the model",
    example: "/var/cache/farchat",
    early: true,
  }),
  FARCHAT_MODELS_DIR: variable({
    schema: text.optional(),
    expected: "a folder with an all-MiniLM-L6-v2 model in place of the one that ships",
    example: "/opt/farchat/models",
    early: true,
  }),
  ENVIRONMENT: variable({
    schema: z.enum(["development", "test", "production"]),
    expected: "development, test or production",
    example: "production",
    default: "production",
    early: true,
  }),
  SITE_NOTICE: variable({
    schema: z.string().max(300).optional(),
    expected: "a sentence that every page shows at its top, of at most 300 characters",
    example: "A trial: conversations are not kept.",
  }),
  DEBUG: variable({
    schema: flag,
    expected: "true or false",
    example: "false",
    default: "false",
  }),
  ANTHROPIC_API_KEY: variable({
    schema: z.string().regex(/^\S{8,}$/).optional(),
    expected: "an Anthropic API key",
    example: "sk-ant-...",
    secret: true,
  }),
  ENCRYPTION_KEY: variable({
    schema: fernetKeys.optional(),
    expected: "a Fernet key (44 characters), or several with commas between: the first encrypts",
    example: "made by: farchat key generate",
    secret: true,
    early: true,
  }),
  API_KEY_CREATED_DATE: variable({
    schema: day.optional(),
    expected: "the day the Anthropic key was made",
    example: "2026-01-31",
  }),
  KEY_AGE_WEBHOOK: variable({
    schema: url.optional(),
    expected: "an address that is told once a day when the key is older than 90 days",
    example: "https://hooks.example.gov/farchat",
    // Whoever knows the address of a webhook may post to it.
    secret: true,
  }),
  ANTHROPIC_BASE_URL: variable({
    schema: url,
    expected: "the address of the Messages API",
    example: "https://api.anthropic.com",
    default: "https://api.anthropic.com",
  }),
  CLAUDE_MODEL: variable({
    schema: z.string().regex(/^[\w.:@/-]+$/),
    expected: "the name of a Claude model",
    example: "claude-sonnet-5-5",
    default: "claude-sonnet-5-5",
  }),
  CLAUDE_PRICE_INPUT: variable({
    schema: price.optional(),
    expected: "US dollars for a million input tokens",
    example: "3",
  }),
  CLAUDE_PRICE_OUTPUT: variable({
    schema: price.optional(),
    expected: "US dollars for a million output tokens",
    example: "15",
  }),
  CLAUDE_REWRITES_FOLLOW_UPS: variable({
    schema: flag,
    expected: "true or false",
    example: "true",
    default: "false",
  }),
  LOG_LEVEL: variable({
    schema: z.string().toLowerCase().pipe(z.enum(["debug", "info", "warning", "error"])),
    expected: "DEBUG, INFO, WARNING or ERROR",
    example: "INFO",
    default: "INFO",
    early: true,
  }),
  LOG_FILE: variable({
    schema: text.optional(),
    expected: "a file that log lines are added to, rotated at 10 MB",
    example: "./logs/farchat.log",
    early: true,
  }),
  LOG_QUESTIONS: variable({
    schema: flag,
    expected: "true or false",
    example: "false",
    default: "false",
  }),
  SENTRY_DSN: variable({
    schema: z.url({ protocol: /^https?$/ }).optional(),
    expected: "the DSN of a Sentry project",
    example: "https://KEY@sentry.example.gov/1",
    secret: true,
  }),
  METRICS_TOKEN: variable({
    schema: z.string().regex(/^[\x21-\x7e]{16,}$/).optional(),
    expected: "a bearer token for /metrics of 16 or more characters without spaces",
    example: "made by: openssl rand -hex 32",
    secret: true,
  }),
  METRICS_NETWORKS: variable({
    schema: list(network),
    expected: "addresses or networks that may read /metrics without the token, with commas",
    example: "127.0.0.0/8,::1,10.0.0.0/8",
    default: "127.0.0.0/8,::1",
  }),
  TRUSTED_PROXIES: variable({
    schema: list(network).prefault(""),
    expected: "addresses or networks of proxies whose X-Forwarded-For is believed, with commas",
    example: "127.0.0.1,10.0.0.0/8",
  }),
  CORS_ORIGINS: variable({
    schema: list(origin).prefault(""),
    expected: "origins whose pages may call the API, with commas between",
    example: "https://intranet.example.gov",
  }),
  RATE_LIMIT_PER_MINUTE: variable({
    schema: wholeNumber(1, 100_000),
    expected: "requests a minute for one client, 1 to 100000",
    example: "300",
    default: "300",
  }),
  ASK_LIMIT_PER_MINUTE: variable({
    schema: wholeNumber(1, 100_000),
    expected: "questions a minute for one client, 1 to 100000",
    example: "20",
    default: "20",
  }),
  REQUEST_TIMEOUT_SECONDS: variable({
    schema: wholeNumber(1, 3600),
    expected:
      "seconds until a response has to begin, 1 to 3600; where it waits for an answer, 20 times that",
    example: "30",
    default: "30",
  }),
  DRAIN_SECONDS: variable({
    schema: wholeNumber(0, 300),
    expected:
      "seconds from being told to stop (and not ready) to taking no more connections, 0 to 300",
    example: "5",
    default: "0",
  }),
  MAX_ANSWERS_AT_ONCE: variable({
    schema: wholeNumber(1, 1000),
    expected: "answers written at the same time, 1 to 1000; others wait their turn",
    example: "8",
    default: "8",
  }),
  ALLOWED_FILE_TYPES: variable({
    schema: list(
      z.string().toLowerCase().regex(/^\.?[a-z0-9]{1,8}$/).transform((w) => w.replace(/^\./, "")),
    )
      .pipe(z.array(z.string()).min(1)),
    expected: "endings of file names that may be uploaded, with commas between",
    example: "pdf,txt,docx",
    default: "pdf,txt,docx,doc",
  }),
  MAX_FILE_SIZE_MB: variable({
    schema: wholeNumber(1, 10_000),
    expected: "the size of an uploaded file in megabytes, 1 to 10000",
    example: "50",
    default: "50",
  }),
  BACKUP_SCHEDULE: variable({
    schema: schedule,
    expected: "off, or when to back up: minute, hour, day, month, weekday as in cron",
    example: "30 2 * * *",
    default: "30 2 * * *",
  }),
  BACKUP_KEEP: variable({
    schema: wholeNumber(1, 1000),
    expected: "how many backups are kept, 1 to 1000",
    example: "7",
    default: "7",
  }),
  BACKUP_DIR: variable({
    schema: text.optional(),
    expected: "a folder for backups in place of the folder backups in the data folder",
    example: "/mnt/backups/farchat",
  }),
} as const;

/** The name of a variable. */
export type VariableName = keyof typeof VARIABLES;

type Value<Name extends VariableName> = z.output<(typeof VARIABLES)[Name]["schema"]>;

/** The settings of a process by the variables' names, checked. */
export type Settings = { readonly [Name in VariableName]: Value<Name> };
