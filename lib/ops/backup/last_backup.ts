/** When the data folder was last backed up, by whichever process: a small file in it, for /health and metrics. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const FILE = "last_backup.json";

const schema = z.object({
  /** When the copy was made, ISO 8601 in UTC. */
  made: z.iso.datetime(),
  /** Bytes of the backup. */
  bytes: z.number().int().nonnegative(),
  /** How long it took, verification included. */
  seconds: z.number().nonnegative(),
});

/** The last backup that was made and verified. */
export type LastBackup = z.infer<typeof schema>;

/** Undefined when there was none yet. */
export function lastBackup(data: string): LastBackup | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(join(data, FILE), "utf8")));
  } catch {
    return undefined;
  }
}

/** Remembers it. */
export function rememberBackup(data: string, last: LastBackup): void {
  const path = join(data, FILE);
  writeFileSync(`${path}.tmp`, JSON.stringify(last) + "\n", { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}
