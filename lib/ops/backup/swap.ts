/** The moment of a restore: the data of the backup take the place of those in the data folder. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { filesBelow } from "./backup.ts";
import { DATABASE, ORIGINALS } from "./manifest.ts";

/**
 * Moves the database and the uploaded files of `restored` into the data folder, after linking those that are there
 * into `kept`. Both are on the same file system as the data folder, and nobody has its database open.
 *
 * The database is replaced by one rename, which is the moment from which the restored data count: a crash before it
 * leaves the old data, a crash after it the restored ones. When a step fails, the old data are put back and the error
 * is thrown.
 */
export function swapIn(restored: string, data: string, kept: string): void {
  const before = existing(data);
  const after = existing(restored);
  const moved: string[] = [];
  const moveIn = (name: string) => {
    mkdirSync(dirname(join(data, name)), { recursive: true, mode: 0o700 });
    renameSync(join(restored, name), join(data, name));
    moved.push(name);
  };
  try {
    for (const name of before) linkOrCopy(join(data, name), join(kept, name));
    // Uploaded files first: a database never refers to files that are not there yet.
    for (const name of after.filter(isUpload)) moveIn(name);
    for (const end of LOGS) rmSync(join(data, DATABASE + end), { force: true });
    moveIn(DATABASE);
  } catch (error) {
    putBack(before, moved, data, kept);
    throw error;
  }
  const gone = before.filter((name) => isUpload(name) && !after.includes(name));
  for (const name of gone) rmSync(join(data, name), { force: true });
  waitForDisk(data);
}

/** Files that belong to a database in use; of a closed one they are left only when it is damaged. */
const LOGS = ["-wal", "-shm", "-journal"];

/** The database with what belongs to it, and the uploaded files, as paths below the folder. */
function existing(folder: string): string[] {
  const names = ["", ...LOGS].map((end) => DATABASE + end);
  const uploads = existsSync(join(folder, ORIGINALS)) ? filesBelow(folder, ORIGINALS) : [];
  return [...names.filter((name) => existsSync(join(folder, name))), ...uploads];
}

const isUpload = (name: string) => name.startsWith(`${ORIGINALS}/`);

/** Undoes what was done: `moved` were moved in, and everything of `before` may be gone or replaced. */
function putBack(before: string[], moved: string[], data: string, kept: string): void {
  for (const name of moved) rmSync(join(data, name), { force: true });
  for (const name of before) {
    if (!existsSync(join(data, name))) linkOrCopy(join(kept, name), join(data, name));
  }
  rmSync(kept, { recursive: true, force: true });
}

/** A link takes no space and no time; a copy does where the file system has none. */
function linkOrCopy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** Renames count on the disk when their folder is written; Windows does that by itself and opens no folders. */
function waitForDisk(folder: string): void {
  if (Deno.build.os === "windows") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
