/**
 * FARchat on Deno Deploy: the entry point. In the app's configuration (or under "deploy" in deno.json):
 *
 *     install      deno install --frozen
 *     build        deno task islands
 *     entrypoint   deploy/deno_deploy.ts
 *
 * The disk there is temporary, and each instance has its own: conversations and uploads are lost when an instance ends, and
 * another instance doesn't know them. Every page says so. A prepared database in the deployment (prepared/farchat.db)
 * gives each instance the official text from its first request; docs/deploy.md says how to make one.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serveCommand } from "../commands/serve.ts";

/** FARchat needs what SQLite, workers and Node's native modules can in this version or a later one. */
const OLDEST_DENO = [2, 7];

const NOTICE =
  "This FARchat runs on a temporary disk: conversations and uploads can be gone at any time, " +
  "and are seldom there the next day. Download what you want to keep.";

/** The settings that differ there; what is set for the app counts more. */
export function deploySettings(
  given: Record<string, string | undefined>,
  temporary: string,
): Record<string, string> {
  const settings: Record<string, string> = {
    HOST: "0.0.0.0",
    PORT: "8000",
    FARCHAT_DATA: join(temporary, "farchat"),
    // A backup would be lost with the disk.
    BACKUP_SCHEDULE: "off",
    SITE_NOTICE: NOTICE,
  };
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !given[name]));
}

/** Puts the prepared database into the data folder, when there is one and the folder has none. */
export function placeDatabase(prepared: string, data: string): boolean {
  const path = join(data, "farchat.db");
  if (!existsSync(prepared) || existsSync(path)) return false;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  // Named when it is whole: an instance that is ended while it copies leaves no half database.
  copyFileSync(prepared, `${path}.copy`);
  renameSync(`${path}.copy`, path);
  return true;
}

/** What keeps FARchat from running with this version of Deno; undefined where nothing does. */
export function tooOld(version: string): string | undefined {
  const [major, minor] = version.split(".").map(Number);
  const [wantedMajor, wantedMinor] = OLDEST_DENO;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return undefined;
  return `FARchat needs Deno ${
    OLDEST_DENO.join(".")
  } or later, and this platform runs ${version}. ` +
    "Use one of the other ways of docs/deploy.md.";
}

if (import.meta.main) {
  const problem = tooOld(Deno.version.deno);
  if (problem) {
    console.error(problem);
    // A deployment that fails at its start is not put in service, so the one before goes on.
    Deno.exit(1);
  }
  const settings = deploySettings(Deno.env.toObject(), Deno.env.get("TMPDIR") ?? "/tmp");
  for (const [name, value] of Object.entries(settings)) Deno.env.set(name, value);
  const prepared = fileURLToPath(new URL("../prepared/farchat.db", import.meta.url));
  if (placeDatabase(prepared, Deno.env.get("FARCHAT_DATA")!)) {
    console.error("The prepared database is in place.");
  }
  Deno.exit(await serveCommand([]));
}
