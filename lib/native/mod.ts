/**
 * What an executable unpacks. From its sources FARchat uses the files of its npm packages, and nothing here applies.
 */
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import process from "node:process";
import { cacheFolders } from "./cache_folders.ts";
import { ownPacked, type PackedGroup } from "./packed_files.ts";
import { unpack } from "./unpack.ts";

export { placePreparedDatabase } from "./prepared_database.ts";

const places = new Map<PackedGroup, string>();

/** Whether this is an executable that carries its native files. */
export function isExecutable(): boolean {
  return ownPacked() !== undefined;
}

/** The folder with the group's files, unpacked and checked when first asked for. Only in an executable. */
export function unpacked(group: PackedGroup): string {
  const packed = ownPacked();
  if (!packed) throw new Error(`${group} is only unpacked in an executable`);
  let place = places.get(group);
  if (place === undefined) {
    place = unpack(packed, group, unpackFolders(), process.getuid?.() ?? null);
    places.set(group, place);
  }
  return place;
}

/** The folders that would be tried for unpacking, best first; for `farchat doctor`. */
export function unpackFolders(): string[] {
  return cacheFolders({
    os: Deno.build.os,
    variables: process.env,
    temporary: tmpdir(),
    uid: process.getuid?.() ?? null,
  });
}

/** Lets this process and its workers, which share its environment, unpack where its settings say. */
export function useUnpackSettings(settings: { FARCHAT_DATA: string; FARCHAT_CACHE_DIR?: string }) {
  if (!isExecutable()) return;
  process.env.FARCHAT_DATA = resolve(settings.FARCHAT_DATA);
  if (settings.FARCHAT_CACHE_DIR) process.env.FARCHAT_CACHE_DIR = settings.FARCHAT_CACHE_DIR;
}
