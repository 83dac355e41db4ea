/** What `farchat doctor` says of the settings and the Anthropic key. */
import { statSync } from "node:fs";
import type { AnthropicProbe } from "./anthropic_probe.ts";
import type { Check } from "./doctor.ts";
import { keyAge } from "./key_age.ts";
import type { ResolvedSettings, SettingRow, Settings } from "./settings.ts";

export function checkSettings({ mistakes }: ResolvedSettings, settings: Settings): Check {
  const name = "settings";
  if (mistakes.length > 0) {
    return {
      name,
      status: "fail",
      found: mistakes.join("\n"),
      next: "Correct them in the environment, in .env or on the command line.",
    };
  }
  if (settings.DEBUG && settings.ENVIRONMENT === "production") {
    return {
      name,
      status: "warn",
      found: "DEBUG is on in production: visitors see the details of errors",
      next: "Set DEBUG=false.",
    };
  }
  return { name, status: "pass", found: "all of them are right" };
}

/** Whether others may read the secrets in .env; nothing where none are in it. */
export function checkEnvFile(folder: string | undefined, rows: SettingRow[]): Check[] {
  const secrets = rows.some((row) => row.secret && row.origin === ".env" && !row.file);
  if (folder === undefined || !secrets || Deno.build.os === "windows") return [];
  const mode = modeOf(`${folder}/.env`);
  if (mode === undefined || (mode & 0o077) === 0) return [];
  return [{
    name: ".env",
    status: "warn",
    found: "it holds a secret, and other users of this machine may read it",
    next: "chmod 600 .env",
  }];
}

export function checkKey(
  settings: Settings,
  rows: SettingRow[],
  probe: AnthropicProbe,
  now: Date,
): Check {
  const name = "key";
  const row = rows.find((row) => row.name === "ANTHROPIC_API_KEY")!;
  if (row.mistake) {
    return { name, status: "fail", found: "not usable", next: "See the settings above." };
  }
  if (settings.ANTHROPIC_API_KEY === undefined) {
    return {
      name,
      status: "pass",
      found: "none: answers quote the regulation",
      next: "Set ANTHROPIC_API_KEY to have Claude write them.",
    };
  }
  const age = keyAge(settings, now);
  const found = [
    row.encrypted ? "set, encrypted" : "set, not encrypted",
    age.days === undefined ? "of unknown age" : `${age.days} days old`,
    probe.keyAccepted === true && "accepted",
  ].filter(Boolean).join(", ");
  const warn = (what: string, next: string): Check => ({
    name,
    status: "warn",
    found: `${found}${what}`,
    next,
  });
  if (probe.keyAccepted === false) {
    return warn(
      ", but refused by the API",
      "Check the key at the Anthropic console, or make a new one.",
    );
  }
  if (age.old) {
    return warn(
      "; older than 90 days",
      "Make a new key at the Anthropic console, set it and API_KEY_CREATED_DATE, and delete the old one there.",
    );
  }
  if (age.days !== undefined && age.days < 0) {
    return warn("; that day is to come", "Correct API_KEY_CREATED_DATE, or this machine's clock.");
  }
  if (row.olderKey) {
    return warn(
      "; with an older ENCRYPTION_KEY",
      "Encrypt it with the first one, and then take the older away: farchat key encrypt --current",
    );
  }
  const next = age.days === undefined
    ? "Set API_KEY_CREATED_DATE, and FARchat tells you after 90 days."
    : undefined;
  return { name, status: "pass", found, next };
}

function modeOf(path: string): number | undefined {
  try {
    return statSync(path).mode;
  } catch {
    return undefined;
  }
}
