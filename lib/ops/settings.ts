/**
 * The settings of a FARchat process, and where each value came from. A flag beats the environment, the environment
 * beats the file .env, and .env beats what an administrator stored. The variables are in settings_variables.ts.
 */
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { Problem } from "../problem.ts";
import { decrypt, InvalidToken, looksLikeToken } from "./fernet.ts";
import {
  type Settings,
  type Variable,
  type VariableName,
  VARIABLES,
} from "./settings_variables.ts";

export { type Settings, type VariableName, VARIABLES };

/** What a value may come from, strongest first. */
export interface SettingSources {
  /** From the command line, by variable name. */
  flags?: Partial<Record<VariableName, string | undefined>>;
  /** The process's environment. */
  environment?: Record<string, string | undefined>;
  /** Folder whose file .env is read; no file is read when absent. */
  folder?: string;
  /** What an administrator stored in the database (`store.settings.all()`). */
  stored?: Record<string, string | undefined>;
}

/** Where a value came from. */
export type Origin = "flag" | "environment" | ".env" | "stored" | "default" | "not set";

/** One variable as `farchat doctor` shows it. */
export interface SettingRow {
  name: VariableName;
  /** As it was written; a secret only as its length, undefined where it is not set. */
  shown?: string;
  origin: Origin;
  /** It was read from the file that `<NAME>_FILE` names. */
  file: boolean;
  secret: boolean;
  /** It came as a Fernet token. */
  encrypted: boolean;
  /** The token was made with another than the first of several keys: time to encrypt it again. */
  olderKey: boolean;
  /** What is wrong with it. */
  mistake?: string;
}

/** Every variable with its value, and the settings where all of them are right. */
export interface ResolvedSettings {
  rows: SettingRow[];
  /** What is right, also when something else is not. */
  values: Partial<Settings>;
  /** All of them; undefined when there are mistakes. */
  settings?: Settings;
  mistakes: string[];
}

interface Found {
  text?: string;
  origin: Origin;
  file: boolean;
}

/** The sources of a command of this process: its flags, the environment, and .env in the folder it runs in. */
export function processSources(flags: SettingSources["flags"] = {}): SettingSources {
  return { flags, environment: Deno.env.toObject(), folder: Deno.cwd() };
}

/**
 * The settings, or a `Problem` that lists every mistake at once: name, what was found (secrets masked), what was
 * expected and an example. An empty value counts as not set. `<NAME>_FILE` names a file that holds the value of
 * a secret, as Docker and Kubernetes mount them. A secret may be a Fernet token that ENCRYPTION_KEY opens.
 */
export function loadSettings(sources: SettingSources = {}): Settings {
  const { settings, mistakes } = resolveSettings(sources);
  if (settings) return settings;
  const many = mistakes.length === 1 ? "One setting is" : `${mistakes.length} settings are`;
  throw new Problem(`${many} not right.\n  ${mistakes.join("\n  ")}`, {
    next:
      "Correct them in the environment, in the file .env or on the command line, and start again.",
  });
}

/** Like `loadSettings`, with where each value came from, and mistakes told instead of thrown. */
export function resolveSettings(sources: SettingSources = {}): ResolvedSettings {
  const mistakes: string[] = [];
  const dotEnv = readEnvFile(sources.folder, mistakes);
  const values: Record<string, unknown> = {};
  const rows: SettingRow[] = [];
  // ENCRYPTION_KEY first: it opens the others.
  for (const name of ["ENCRYPTION_KEY", ...namesWithout("ENCRYPTION_KEY")] as VariableName[]) {
    const made: Variable = VARIABLES[name];
    const row: SettingRow = {
      name,
      origin: "not set",
      file: false,
      secret: made.secret === true,
      encrypted: false,
      olderKey: false,
    };
    rows.push(row);
    try {
      const found = find(name, made, sources, dotEnv);
      Object.assign(row, { origin: found.origin, file: found.file });
      if (found.text !== undefined) row.shown = show(found.text, made);
      values[name] = valueOf(name, made, row, found, values.ENCRYPTION_KEY as string[] | undefined);
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      row.mistake = error.message;
      mistakes.push(error.message);
    }
  }
  rows.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  return {
    rows,
    values,
    mistakes,
    settings: mistakes.length === 0 ? values as Settings : undefined,
  };
}

/** A secret as it may be shown: its length and nothing of its text. */
export function maskSecret(secret: string): string {
  return secret === "" ? "nothing" : `a value of ${secret.length} characters`;
}

class Mistake extends Error {}

const names = Object.keys(VARIABLES) as VariableName[];

function namesWithout(name: VariableName): VariableName[] {
  return names.filter((other) => other !== name);
}

function find(
  name: VariableName,
  made: Variable,
  sources: SettingSources,
  dotEnv: Record<string, string | undefined>,
): Found {
  const flag = clean(sources.flags?.[name]);
  if (flag !== undefined) return { text: flag, origin: "flag", file: false };
  const found = inEnvironment(name, made, "environment", sources.environment) ??
    inEnvironment(name, made, ".env", dotEnv);
  if (found) return found;
  const stored = made.early ? undefined : clean(sources.stored?.[name]);
  if (stored !== undefined) {
    if (made.secret && !looksLikeToken(stored)) {
      throw new Mistake(
        `${name}: a stored secret was expected to be encrypted, found one that is not`,
      );
    }
    return { text: stored, origin: "stored", file: false };
  }
  return {
    text: made.default,
    origin: made.default === undefined ? "not set" : "default",
    file: false,
  };
}

function inEnvironment(
  name: VariableName,
  made: Variable,
  origin: "environment" | ".env",
  environment: Record<string, string | undefined> = {},
): Found | undefined {
  const text = clean(environment[name]);
  const path = made.secret ? clean(environment[`${name}_FILE`]) : undefined;
  if (path === undefined) return text === undefined ? undefined : { text, origin, file: false };
  if (text !== undefined) {
    throw new Mistake(`${name}: expected ${name} or ${name}_FILE, found both in the ${origin}`);
  }
  return { text: readSecret(path, name), origin, file: true };
}

function valueOf(
  name: VariableName,
  made: Variable,
  row: SettingRow,
  found: Found,
  keys: string[] | undefined,
): unknown {
  let text = found.text;
  if (made.secret && name !== "ENCRYPTION_KEY" && text !== undefined && looksLikeToken(text)) {
    row.encrypted = true;
    row.olderKey = keys !== undefined && !opens(text, keys.slice(0, 1));
    text = open(name, text, keys);
  }
  const result = made.schema.safeParse(text);
  if (result.success) return result.data;
  const shown = show(text ?? "", made);
  const what = row.encrypted
    ? `a token that holds ${shown}`
    : made.secret
    ? shown
    : JSON.stringify(shown);
  const from = found.origin === "stored" ? " stored" : "";
  throw new Mistake(
    `${name}: expected ${made.expected}, found ${what}${from}; for example ${made.example}`,
  );
}

function open(name: VariableName, token: string, keys: string[] | undefined): string {
  if (!keys) {
    throw new Mistake(
      `${name}: it is encrypted, so ENCRYPTION_KEY was expected to be a key that opens it, found none`,
    );
  }
  try {
    return decrypt(token, keys).trim();
  } catch (error) {
    if (!(error instanceof InvalidToken)) throw error;
    throw new Mistake(
      `${name}: expected a token that ENCRYPTION_KEY opens, found ${error.reason}; ` +
        "make one with: farchat key encrypt",
    );
  }
}

function opens(token: string, keys: string[]): boolean {
  try {
    decrypt(token, keys);
    return true;
  } catch {
    return false;
  }
}

/** A value for people: a secret by its length; in another value, what looks like a secret is left out. */
function show(text: string, made: Variable): string {
  if (made.secret) return maskSecret(text);
  return text.replace(/sk-ant-\S+/g, "sk-ant-...").replace(/:\/\/[^\s/]*@/g, "://...@");
}

function clean(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === "" ? undefined : text;
}

function readSecret(path: string, name: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new Mistake(`${name}_FILE: expected a readable file, found none under that name`);
  }
  const secret = clean(text);
  if (secret === undefined) {
    throw new Mistake(`${name}_FILE: expected a file with the secret, found an empty one`);
  }
  return secret;
}

function readEnvFile(
  folder: string | undefined,
  mistakes: string[],
): Record<string, string | undefined> {
  if (folder === undefined) return {};
  try {
    return parseEnv(readFileSync(`${folder}/.env`, "utf8"));
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!missing) mistakes.push(".env: expected a file that can be read, found one that can't");
    return {};
  }
}
