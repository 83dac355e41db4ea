/** Where an executable may unpack its files, and which of these folders can be trusted with native code. */
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

/** What the choice depends on. */
export interface CacheEnvironment {
  os: typeof Deno.build.os;
  variables: Record<string, string | undefined>;
  temporary: string;
  /** The user's number; null on Windows. */
  uid: number | null;
}

/**
 * The folders to try, best first: FARCHAT_CACHE_DIR alone when it is set; else the user's cache, the data folder
 * (FARCHAT_DATA) and a folder of this user's below the temporary one. A service often has no home, and a container
 * only its data folder to write in.
 */
export function cacheFolders(environment: CacheEnvironment): string[] {
  const { os, variables, temporary, uid } = environment;
  const set = (name: string) => variables[name]?.trim() || undefined;
  const chosen = set("FARCHAT_CACHE_DIR");
  if (chosen) return [resolve(chosen)];
  const home = set("HOME");
  const data = set("FARCHAT_DATA");
  const user = os === "windows"
    ? set("LOCALAPPDATA")
    : set("XDG_CACHE_HOME") ?? (home && join(home, os === "darwin" ? "Library/Caches" : ".cache"));
  return [
    user && join(user, "farchat"),
    data && join(data, "cache"),
    join(temporary, uid === null ? "farchat" : `farchat-${uid}`),
  ].filter((folder) => folder !== undefined).map((folder) => resolve(folder));
}

/**
 * Makes the folder `name` in the cache folder where they are missing and returns its path. Throws an Error that says
 * why when others could replace its files between the check of their hash and their use.
 */
export function openCacheFolder(
  cache: string,
  name: string,
  uid: number | null,
): string {
  makePrivate(cache, uid);
  const folder = join(cache, name);
  makePrivate(folder, uid);
  if (uid === null) return folder;
  checkOwner(cache, uid, (mode, owner) => owner === 0 || (mode & 0o002) === 0);
  checkOwner(folder, uid, (mode) => (mode & 0o022) === 0);
  return folder;
}

function makePrivate(folder: string, uid: number | null): void {
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined && uid !== null) chmodSync(folder, 0o700);
}

function checkOwner(
  folder: string,
  uid: number,
  isPrivate: (mode: number, owner: number) => boolean,
): void {
  // lstat: a link in a shared temporary folder may be somebody else's trap.
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw new Error("not a folder");
  if (found.uid !== uid && found.uid !== 0) throw new Error("another user's folder");
  if (!isPrivate(found.mode, found.uid)) throw new Error("others may write in it");
}
