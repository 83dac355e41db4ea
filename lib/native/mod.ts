/**
 * What an executable unpacks. From its sources FARchat uses the files of its npm packages, and nothing here applies.
 */
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { cacheFolders } from "./cache_folders.ts";
import { lacksStandardLibrary, loadLibrary } from "./load_library.ts";
import { ownPacked, type Packed, type PackedGroup } from "./packed_files.ts";
import { unpack } from "./unpack.ts";

export { placePreparedDatabase, withPreparedDatabase } from "./prepared_database.ts";

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
    place = unpack(
      packed,
      group,
      unpackFolders(),
      process.getuid?.() ?? null,
      loader(packed, group),
    );
    places.set(group, place);
  }
  return place;
}

/** What loads the group's library as a trial, where it has one. */
function loader(packed: Packed, group: PackedGroup): ((folder: string) => void) | undefined {
  const library = packed.manifest.groups[group]
    ?.find(({ path }) => /^(vec0|libonnxruntime|onnxruntime)\.(so|dll|dylib|1)/.test(path));
  if (!library) return undefined;
  return (folder) => {
    try {
      loadLibrary(join(folder, library.path));
    } catch (error) {
      if (!lacksStandardLibrary(error) || !packed.manifest.groups.libstdcxx) throw error;
      // It stays loaded, and the system's loader takes it for the one that it did not find.
      loadLibrary(join(unpacked("libstdcxx"), "libstdc++.so.6"));
      loadLibrary(join(folder, library.path));
    }
  };
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
