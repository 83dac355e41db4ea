/** A database that was put into the executable with `deno task build --with-corpus`. */
import { existsSync, linkSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Problem } from "../problem.ts";
import { extract, ownPacked, type Packed } from "./packed_files.ts";

const UNFINISHED = /\.[0-9a-f]{8}\.unpacking$/;
const ABANDONED_MS = 10 * 60_000;

/**
 * Puts the executable's database at `path` when there is none, whole or not at all; one that is there is never
 * touched. Several processes may do so at once. Returns whether it is this one that did. Throws a Problem when the
 * folder or the disk has no room for it.
 */
export function placePreparedDatabase(path: string, packed: Packed | undefined = ownPacked()) {
  const file = packed?.manifest.groups.database?.[0];
  if (!packed || !file || existsSync(path)) return false;
  const unfinished = `${path}.${crypto.randomUUID().slice(0, 8)}.unpacking`;
  try {
    removeAbandoned(path);
    extract(packed, file, unfinished);
    return place(unfinished, path);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem(
      `The database that this executable brings (${
        Math.ceil(file.bytes / 1e6)
      } MB) could not be put into the data folder.`,
      {
        next:
          "Choose a data folder with room and the right to write: --data FOLDER or FARCHAT_DATA.",
        status: 500,
        cause,
      },
    );
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/**
 * Unpacks the executable's database into `folder` for `use`, which gets its path, and removes it again; undefined where
 * there is none. Throws as `use` does, and where the folder has no room.
 */
export function withPreparedDatabase<T>(
  folder: string,
  use: (path: string) => T,
  packed: Packed | undefined = ownPacked(),
): T | undefined {
  const file = packed?.manifest.groups.database?.[0];
  if (!packed || !file) return undefined;
  const beside = join(folder, basename(file.path));
  const path = `${beside}.${crypto.randomUUID().slice(0, 8)}.unpacking`;
  try {
    removeAbandoned(beside);
    extract(packed, file, path);
    return use(path);
  } finally {
    for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
  }
}

/** A link, unlike a rename, never takes the place of a database that another process has put there meanwhile. */
function place(unfinished: string, path: string): boolean {
  try {
    linkSync(unfinished, path);
    return true;
  } catch {
    // There already, or a file system without links.
    if (existsSync(path)) return false;
    renameSync(unfinished, path);
    return true;
  }
}

/** What a start that was killed left behind would fill the disk in time. */
function removeAbandoned(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    const left = join(dirname(path), name);
    if (!name.startsWith(`${basename(path)}.`) || !UNFINISHED.test(name)) continue;
    if (Date.now() - statSync(left).mtimeMs > ABANDONED_MS) rmSync(left, { force: true });
  }
}
