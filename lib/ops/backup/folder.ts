/** The folder of backups: what is in it, how many stay, and what a process that was killed left there. */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** Names as `backupName` makes them. */
const NAME = /^farchat-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.tar\.gz$/;
const UNFINISHED = /^\.farchat-(backup|verify|restore)-/;

/** What is unfinished for longer than this is of a process that is gone. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

/** A backup in a folder. */
export interface BackupInFolder {
  name: string;
  /** When it was made, milliseconds since 1970. */
  made: number;
  bytes: number;
}

/** The backups that FARchat named itself, newest first; others in the folder are none of its business. */
export function backupsIn(folder: string): BackupInFolder[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).toSorted().toReversed().flatMap((name) => {
    const time = NAME.exec(name);
    if (!time) return [];
    const [year, month, day, hour, minute, second] = time.slice(1).map(Number);
    const made = Date.UTC(year, month - 1, day, hour, minute, second);
    return [{ name, made, bytes: statSync(join(folder, name)).size }];
  });
}

/** Removes all but the newest `keep` backups, never `written`; returns the names of those it removed. */
export function prune(folder: string, keep: number, written: string): string[] {
  const old = backupsIn(folder).filter(({ name }) => name !== written).slice(Math.max(0, keep - 1));
  for (const { name } of old) rmSync(join(folder, name), { force: true });
  return old.map(({ name }) => name);
}

/** Removes what backups and restores that were killed left in a folder. */
export function removeAbandoned(folder: string, now: number = Date.now()): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (UNFINISHED.test(name) && Math.abs(now - statSync(path).mtimeMs) > ABANDONED_MS) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}
