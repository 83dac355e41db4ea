/** `farchat doctor`: every setting with where it came from, and whether everything FARchat needs is there. */
import { join } from "node:path";
import { useUnpackSettings } from "../native/mod.ts";
import { Problem } from "../problem.ts";
import { inspectDatabase, type Inspection } from "../store/mod.ts";
import { VERSION } from "../version.ts";
import { probeAnthropic } from "./anthropic_probe.ts";
import { checkDatabase, checkDisk, checkFolder, checkServer, checkVectors } from "./doctor_data.ts";
import { checkExecutable } from "./doctor_executable.ts";
import { checkEnvFile, checkKey, checkSettings } from "./doctor_settings.ts";
import { checkClock, checkModel, checkNetwork, checkPort } from "./doctor_machine.ts";
import {
  loadSettings,
  resolveSettings,
  type SettingRow,
  type Settings,
  type SettingSources,
} from "./settings.ts";

/** How a check ended: "warn" is something to do soon, "fail" something that keeps FARchat from working. */
export type CheckStatus = "pass" | "warn" | "fail";

/** One check. Neither sentence holds a secret. */
export interface Check {
  name: string;
  status: CheckStatus;
  /** What was found. */
  found: string;
  /** What to do about it. */
  next?: string;
}

/** All that `farchat doctor` says. */
export interface DoctorReport {
  /** The worst of the checks. */
  status: CheckStatus;
  version: string;
  deno: string;
  settings: SettingRow[];
  checks: Check[];
}

/** What a database file turned out to be. */
export type DatabaseLook = { inspection?: Inspection; problem?: Problem };

/**
 * Looks at everything and changes nothing: no folder is made, no database migrated, no token spent. `databaseFile` is
 * the database's name in the data folder. Never throws for what it finds. (An executable unpacks its libraries, as ever.)
 */
export async function examine(
  sources: SettingSources,
  databaseFile: string,
  now: () => Date = () => new Date(),
): Promise<DoctorReport> {
  const early = { ...loadSettings(), ...resolveSettings(sources).values };
  useUnpackSettings(early);
  const database = look(join(early.FARCHAT_DATA, databaseFile));
  const resolved = resolveSettings({ ...sources, stored: database.inspection?.settings });
  // A setting that is wrong is told by its own check; the others go on with its default.
  const settings: Settings = { ...loadSettings(), ...resolved.values };
  const [model, probe] = await Promise.all([checkModel(settings), probeAnthropic(settings)]);
  const checks = [
    checkSettings(resolved, settings),
    ...checkEnvFile(sources.folder, resolved.rows),
    checkFolder(settings.FARCHAT_DATA),
    checkDisk(settings.FARCHAT_DATA, database.inspection?.bytes ?? 0),
    checkServer(settings.FARCHAT_DATA),
    checkDatabase(database),
    ...checkExecutable(),
    model.check,
    checkVectors(database, model.record),
    checkKey(settings, resolved.rows, probe, now()),
    checkNetwork(settings, probe),
    checkClock(now(), probe),
    checkPort(settings),
  ];
  return {
    status: worst(checks),
    version: VERSION,
    deno: Deno.version.deno,
    settings: resolved.rows,
    checks,
  };
}

function worst(checks: Check[]): CheckStatus {
  const found = new Set(checks.map(({ status }) => status));
  return found.has("fail") ? "fail" : found.has("warn") ? "warn" : "pass";
}

function look(path: string): DatabaseLook {
  try {
    return { inspection: inspectDatabase(path) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { problem: error };
  }
}
