/** Packs files for lib/native: gzipped in blocks, under the SHA-256 of what they unpack to. */
import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  MANIFEST_FILE,
  type PackedFile,
  type PackedGroup,
  type PackedManifest,
  packedName,
} from "../../lib/native/packed_files.ts";
import type { Sources } from "./target.ts";

/** Unpacked bytes of a block: what unpacking has in memory at once. */
const BLOCK = 4 << 20;

/**
 * Packs the groups into `folder` and returns the manifest, which is written last. `version` begins its id; the rest
 * of the id is of the files, so that another build of the same version with other files unpacks beside it.
 */
export function pack(
  folder: string,
  version: string,
  groups: Partial<Record<PackedGroup, Sources>>,
): PackedManifest {
  mkdirSync(folder, { recursive: true });
  const manifest: PackedManifest = { id: "", groups: {} };
  for (const [group, sources] of Object.entries(groups)) {
    manifest.groups[group as PackedGroup] = Object.entries(sources)
      .map(([path, source]) => packFile(folder, path, source));
  }
  // The database is not unpacked into the cache folder: native files are the same with another one.
  const { database: _, ...cached } = manifest.groups;
  const hash = createHash("sha256").update(JSON.stringify(cached)).digest("hex");
  manifest.id = `${version}-${hash.slice(0, 12)}`;
  Deno.writeTextFileSync(join(folder, MANIFEST_FILE), JSON.stringify(manifest));
  return manifest;
}

function packFile(folder: string, path: string, source: string): PackedFile {
  const input = openSync(source, "r");
  try {
    const bytes = statSync(source).size;
    const sha256 = sha256Of(input);
    const file: PackedFile = { path, bytes, sha256, blocks: [] };
    const target = join(folder, packedName(file));
    const known = existsSync(target);
    const output = known ? undefined : openSync(target, "w");
    try {
      for (let position = 0; position < bytes; position += BLOCK) {
        const block = new Uint8Array(Math.min(BLOCK, bytes - position));
        if (readSync(input, block, 0, block.length, position) !== block.length) {
          throw new Error(`${source} changed while it was read`);
        }
        const gzipped = gzipSync(block, { level: 9 });
        file.blocks.push(gzipped.length);
        if (output !== undefined) writeSync(output, gzipped);
      }
    } finally {
      if (output !== undefined) closeSync(output);
    }
    return file;
  } finally {
    closeSync(input);
  }
}

function sha256Of(descriptor: number): string {
  const hash = createHash("sha256");
  const piece = new Uint8Array(1 << 20);
  for (
    let position = 0, read;
    (read = readSync(descriptor, piece, 0, piece.length, position)) > 0;
  ) {
    hash.update(piece.subarray(0, read));
    position += read;
  }
  return hash.digest("hex");
}
