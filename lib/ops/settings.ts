/**
 * The settings of a FARchat process: one schema for every variable, and where each value came from. A flag beats
 * the environment, the environment beats the file .env, and .env beats what an administrator stored.
 */
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { z } from "zod";
import { Problem } from "../problem.ts";

const flag = z.enum(["true", "false", "1", "0", "yes", "no"]).transform((word) =>
  ["true", "1", "yes"].includes(word)
);
const wholeNumber = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.number().int().min(min).max(max));
const price = z.string().regex(/^\d+(\.\d+)?$/).transform(Number);
const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ""));

interface Variable<Schema extends z.ZodType> {
  schema: Schema;
  /** In words: what a value looks like. */
  expected: string;
  example: string;
  default?: string;
  /** Masked wherever settings are shown; may come from a file named in `<NAME>_FILE`. */
  secret?: boolean;
}

const variable = <Schema extends z.ZodType>(made: Variable<Schema>) => made;

/** Every variable by its name in the environment. The key is also its name in .env. */
export const VARIABLES = {
  HOST: variable({
    schema: z.string().regex(/^[A-Za-z0-9.:_-]+$/),
    expected: "a host name or address to listen at",
    example: "0.0.0.0",
    default: "127.0.0.1",
  }),
  PORT: variable({
    schema: wholeNumber(0, 65535),
    expected: "a port number from 0 to 65535",
    example: "8000",
    default: "8000",
  }),
  FARCHAT_DATA: variable({
    schema: z.string().min(1),
    expected: "the folder that holds farchat.db",
    example: "./farchat_data",
    default: "./farchat_data",
  }),
  FARCHAT_MODELS_DIR: variable({
    schema: z.string().min(1).optional(),
    expected: "a folder with an all-MiniLM-L6-v2 model in place of the one that ships",
    example: "/opt/farchat/models",
  }),
  ENVIRONMENT: variable({
    schema: z.enum(["development", "test", "production"]),
    expected: "development, test or production",
    example: "production",
    default: "production",
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
  LOG_LEVEL: variable({
    schema: z.string().toLowerCase().pipe(z.enum(["debug", "info", "warning", "error"])),
    expected: "DEBUG, INFO, WARNING or ERROR",
    example: "INFO",
    default: "INFO",
  }),
  LOG_FILE: variable({
    schema: z.string().min(1).optional(),
    expected: "a file that log lines are added to, rotated at 10 MB",
    example: "./logs/farchat.log",
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
  MAX_ANSWERS_AT_ONCE: variable({
    schema: wholeNumber(1, 1000),
    expected: "answers written at the same time, 1 to 1000; others wait their turn",
    example: "8",
    default: "8",
  }),
} as const;

/** The name of a variable. */
export type VariableName = keyof typeof VARIABLES;

type Value<Name extends VariableName> = z.output<(typeof VARIABLES)[Name]["schema"]>;

/** The settings of a process by the variables' names, checked. */
export type Settings = { readonly [Name in VariableName]: Value<Name> };

/** What a value may come from, strongest first. */
export interface SettingSources {
  /** From the command line, by variable name. */
  flags?: Partial<Record<VariableName, string | undefined>>;
  /** The process's environment. */
  environment?: Record<string, string | undefined>;
  /** Folder whose file .env is read; no file is read when absent. */
  folder?: string;
}

/**
 * The settings, or a `Problem` that lists every mistake at once: name, what was found (secrets masked), what was
 * expected and an example. An empty value counts as not set. `<NAME>_FILE` names a file that holds the value of
 * a secret, as Docker and Kubernetes mount them.
 */
export function loadSettings(sources: SettingSources = {}): Settings {
  const fromFile = sources.folder === undefined ? {} : readEnvFile(sources.folder);
  const mistakes: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const name of Object.keys(VARIABLES) as VariableName[]) {
    const made: Variable<z.ZodType> = VARIABLES[name];
    let found: string | undefined;
    try {
      found = firstSet(
        sources.flags?.[name],
        sources.environment?.[name],
        made.secret ? readSecret(sources.environment?.[`${name}_FILE`], name) : undefined,
        fromFile[name],
        made.default,
      );
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      mistakes.push(error.message);
      continue;
    }
    const result = made.schema.safeParse(found);
    if (result.success) settings[name] = result.data;
    else {
      const shown = made.secret ? maskSecret(found ?? "") : JSON.stringify(found);
      mistakes.push(
        `${name}: expected ${made.expected}, found ${shown}; for example ${made.example}`,
      );
    }
  }
  if (mistakes.length > 0) {
    const many = mistakes.length === 1 ? "One setting is" : `${mistakes.length} settings are`;
    throw new Problem(`${many} not right.\n  ${mistakes.join("\n  ")}`, {
      next:
        "Correct them in the environment, in the file .env or on the command line, and start again.",
    });
  }
  return settings as Settings;
}

/** A secret as it may be shown: its length and nothing of its text. */
export function maskSecret(secret: string): string {
  return secret === "" ? "nothing" : `a value of ${secret.length} characters`;
}

function firstSet(...values: (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value.trim() !== "")?.trim();
}

function readSecret(path: string | undefined, name: string): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Problem(`${name}_FILE: expected a readable file, found none under that name`, {
      next: "Mount the secret or correct the name.",
    });
  }
}

function readEnvFile(folder: string): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync(`${folder}/.env`, "utf8"));
  } catch {
    return {};
  }
}
