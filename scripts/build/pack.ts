/** Packs files for lib/native: gzipped in blocks, with their SHA-256. */
import { createHash } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  BLOCKS_FILE,
  MANIFEST_FILE,
  type PackedFile,
  type PackedGroup,
  type PackedManifest,
} from "../../lib/native/packed_files.ts";
import type { Sources } from "./target.ts";

/** Unpacked bytes of a block: what unpacking has in memory at once. */
const BLOCK = 4 << 20;

/**
 * Packs the groups into `folder`: the blocks in one file, and the manifest, which it returns. `version` begins its id;
 * the rest of the id is of the files, so that another build of the same version with other files unpacks beside it.
 */
export function pack(
  folder: string,
  version: string,
  groups: Partial<Record<PackedGroup, Sources>>,
): PackedManifest {
  mkdirSync(folder, { recursive: true });
  const manifest: PackedManifest = { id: "", groups: {} };
  const output = openSync(join(folder, BLOCKS_FILE), "w");
  try {
    const known = new Map<string, PackedFile>();
    let offset = 0;
    for (const [group, sources] of Object.entries(groups)) {
      manifest.groups[group as PackedGroup] = Object.entries(sources).map(([path, source]) => {
        const sha256 = sha256Of(source);
        const file = known.get(sha256) ?? packFile(source, sha256, output, offset);
        if (!known.has(sha256)) offset += file.blocks.reduce((sum, length) => sum + length, 0);
        known.set(sha256, file);
        return { ...file, path };
      });
    }
  } finally {
    closeSync(output);
  }
  // The database is not unpacked into the cache folder: native files are the same with another one.
  const hash = createHash("sha256");
  for (const [group, files] of Object.entries(manifest.groups)) {
    if (group === "database") continue;
    for (const { path, sha256 } of files) hash.update(`${group}/${path} ${sha256}\n`);
  }
  manifest.id = `${version}-${hash.digest("hex").slice(0, 12)}`;
  Deno.writeTextFileSync(join(folder, MANIFEST_FILE), JSON.stringify(manifest));
  return manifest;
}

function packFile(source: string, sha256: string, output: number, offset: number): PackedFile {
  const bytes = statSync(source).size;
  const file: PackedFile = { path: "", bytes, sha256, offset, blocks: [] };
  const input = openSync(source, "r");
  try {
    for (let position = 0; position < bytes; position += BLOCK) {
      const block = new Uint8Array(Math.min(BLOCK, bytes - position));
      if (readSync(input, block, 0, block.length, position) !== block.length) {
        throw new Error(`${source} changed while it was read`);
      }
      const gzipped = gzipSync(block, { level: 9 });
      file.blocks.push(gzipped.length);
      if (writeSync(output, gzipped) !== gzipped.length) throw new Error("the disk is full");
    }
  } finally {
    closeSync(input);
  }
  return file;
}

function sha256Of(source: string): string {
  return createHash("sha256").update(readFileSync(source)).digest("hex");
}
