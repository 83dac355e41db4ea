/** Unpacks what an executable carries into a cache folder, checks it there and repairs it. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Problem } from "../problem.ts";
import { openCacheFolder } from "./cache_folders.ts";
import {
  extract,
  isWhole,
  type Packed,
  type PackedFile,
  type PackedGroup,
} from "./packed_files.ts";

/** The folder of another version is left alone for so long after its last start: it may be starting now. */
const OTHERS_MS = 60_000;

/** What a killed start left behind is taken for abandoned after this. */
const ABANDONED_MS = 10 * 60_000;

const VERSION_FOLDER = /^\d+\.\d+\.\d+[\w.+-]*-[0-9a-f]{12}$/;
const UNFINISHED = /\.[0-9a-f]{8}\.unpacking$/;

/**
 * Makes sure that the group's files are in one of `folders`, each with the SHA-256 it was built with, and returns the
 * folder they are in. A missing or damaged file is written under another name and renamed, so processes that start at
 * the same time never see half of one. A folder that can't be written is good enough when the files are in it. Throws
 * a Problem when no folder serves. `load` throws when the files can't be loaded from there, as from a mount without the
 * right to run code; the next folder is tried then.
 */
export function unpack(
  packed: Packed,
  group: PackedGroup,
  folders: string[],
  uid: number | null,
  load: (folder: string) => void = () => {},
): string {
  const files = packed.manifest.groups[group];
  if (!files) throw new Error(`this executable carries no ${group}`);
  const refusals: unknown[] = [];
  for (const folder of folders) {
    try {
      const target = join(openCacheFolder(folder, packed.manifest.id, uid), group);
      for (const file of files) restore(packed, file, join(target, file.path));
      load(target);
      tidy(folder, packed.manifest.id);
      return target;
    } catch (error) {
      if (error instanceof Problem) throw error;
      refusals.push(error);
    }
  }
  const megabytes = Math.ceil(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6);
  throw new Problem(
    `FARchat unpacks ${megabytes} MB of files at its first start; none of ${folders.length} folders serves for that ` +
      `(${refusals.map(reasonOf).join("; ")}).`,
    {
      next:
        "Set FARCHAT_CACHE_DIR to a folder that this user alone can write, on a disk with room that is not mounted noexec.",
      status: 500,
      cause: new AggregateError(refusals),
    },
  );
}

function restore(packed: Packed, file: PackedFile, path: string): void {
  if (isWhole(path, file)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${crypto.randomUUID().slice(0, 8)}.unpacking`;
  try {
    extract(packed, file, unfinished);
    // Read-only: it is changed by nobody, only replaced.
    chmodSync(unfinished, 0o500);
    renameSync(unfinished, path);
  } catch (error) {
    // Windows lets no library be replaced while another start has loaded it.
    if (!isWhole(path, file)) throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** Removes other versions' folders and what killed starts left; nothing of it is worth failing for. */
function tidy(folder: string, id: string): void {
  try {
    const now = new Date();
    utimesSync(join(folder, id), now, now);
    for (const name of readdirSync(folder)) {
      const other = join(folder, name);
      if (name === id || !VERSION_FOLDER.test(name)) continue;
      if (now.getTime() - statSync(other).mtimeMs > OTHERS_MS) rmSync(other, { recursive: true });
    }
    for (const name of readdirSync(join(folder, id), { recursive: true }).map(String)) {
      const left = join(folder, id, name);
      if (!UNFINISHED.test(name) || !existsSync(left)) continue;
      if (now.getTime() - statSync(left).mtimeMs > ABANDONED_MS) rmSync(left, { force: true });
    }
  } catch {
    // Another start tidies up as well, or the folder is read-only.
  }
}

/** In words without a path. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  const words: Record<string, string> = {
    EACCES: "not allowed to write",
    EPERM: "not allowed to write",
    EROFS: "read-only",
    ENOSPC: "disk full",
    EDQUOT: "quota used up",
    ENOTDIR: "not a folder",
    EEXIST: "not a folder",
  };
  if (code) return words[code] ?? code;
  return error instanceof Error ? error.message : "unknown";
}
