/** `farchat restore`: the data of a backup in place of those in the data folder, which are kept aside. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { Problem } from "../../problem.ts";
import { foldLog } from "../../store/mod.ts";
import { lockDataFolder } from "../data_lock.ts";
import { checkStore } from "./check_store.ts";
import { withDiskProblems } from "./disk_problem.ts";
import { type BackupCounts, DATABASE, type Manifest, ORIGINALS } from "./manifest.ts";
import type { OnProgress } from "./progress.ts";
import { swapIn } from "./swap.ts";
import { unpack } from "./unpack.ts";

/** What to restore, and where to. */
export interface RestoreOptions {
  /** A backup, or a copy of the database such as an update leaves (`farchat.db.before-v2.bak`). */
  file: string;
  /** The data folder; made where it is missing. */
  data: string;
  onProgress?: OnProgress;
  now?: Date;
}

/** What is in the data folder now. */
export interface RestoreReport {
  counts: BackupCounts;
  /** Absent for a mere copy of the database. */
  manifest?: Manifest;
  /** The folder in the data folder that holds what was there before; absent when there was nothing. */
  kept?: string;
}

/**
 * Checks the backup as `verifyBackup` does, then puts its data in place of those in the data folder in one step, and
 * keeps the old ones in `before-restore-<time>`. Until that step nothing is changed; when it fails the old data are put
 * back. Throws a `Problem` for a backup that is not whole or newer, and while a FARchat uses the folder.
 */
export function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const { file, data, onProgress = () => {}, now = new Date() } = options;
  return withDiskProblems("the data folder or the backup", async () => {
    const isDatabase = looksLikeDatabase(file);
    mkdirSync(data, { recursive: true, mode: 0o700 });
    const lock = await lockDataFolder(data);
    const folder = mkdtempSync(join(data, ".farchat-restore-"));
    try {
      const unpacked = join(folder, DATABASE);
      let manifest: Manifest | undefined;
      if (isDatabase) copyFileSync(file, unpacked);
      else {manifest = await unpack(file, folder, (share) =>
          onProgress({ stage: "restoring", share }));}
      const counts = checkStore(unpacked, manifest);
      // checkStore may have brought it to a newer schema, after a copy that the backup itself is.
      for (const name of readdirSync(folder).filter((name) => name.endsWith(".bak"))) {
        rmSync(join(folder, name));
      }
      refuseInUse(join(data, DATABASE));
      const kept = [DATABASE, ORIGINALS].some((name) => existsSync(join(data, name)))
        ? join(data, `before-restore-${now.toISOString().replace(/[-:]|\.\d+/g, "")}`)
        : undefined;
      swapIn(folder, data, kept ?? join(folder, "nothing"));
      return { counts, manifest, kept };
    } finally {
      rmSync(folder, { recursive: true, force: true });
      lock.release();
    }
  });
}

/** Closes the write-ahead log of the old database into it. A damaged one is moved as it is. */
function refuseInUse(path: string): void {
  if (!existsSync(path)) return;
  let alone = true;
  try {
    alone = foldLog(path);
  } catch (error) {
    if (error instanceof Problem && error.status === 503) alone = false;
    else if (!(error instanceof Problem)) throw error;
  }
  if (alone) return;
  throw new Problem("A FARchat command is using the database of this data folder.", {
    next: "Wait until it has ended, or stop it, and restore again. Nothing was changed.",
    status: 409,
  });
}

/** Whether a file begins as SQLite's do (https://sqlite.org/fileformat.html, 1.3). */
function looksLikeDatabase(path: string): boolean {
  const handle = openSync(path, "r");
  try {
    const start = new Uint8Array(16);
    readSync(handle, start, 0, 16, 0);
    return new TextDecoder().decode(start) === "SQLite format 3\0";
  } finally {
    closeSync(handle);
  }
}
