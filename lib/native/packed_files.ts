/**
 * The files that an executable carries for code that can only open real files: native libraries, the model, a
 * prepared database. `scripts/build/pack.ts` writes them, gzipped in blocks so that they are unpacked in little memory.
 */
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Problem } from "../problem.ts";

/** Files that are unpacked together; each is a folder of its own. */
export type PackedGroup = "vectors" | "onnxruntime" | "libstdcxx" | "model" | "database";

/** One file as it is unpacked. */
export interface PackedFile {
  /** Below the group's folder, with slashes. */
  path: string;
  bytes: number;
  /** SHA-256 (hex) of the unpacked file. */
  sha256: string;
  /** Where its blocks begin. Files that are equal have the same. */
  offset: number;
  /** The lengths in bytes of its gzipped blocks, one after the other. */
  blocks: number[];
}

/** What there is and where: `packed/manifest.json` in the executable's own file system. */
export interface PackedManifest {
  /** FARchat's version and the start of a hash over all files: the name of the folder they are unpacked in. */
  id: string;
  groups: Partial<Record<PackedGroup, PackedFile[]>>;
}

/** The blocks and what they hold. */
export interface Packed {
  manifest: PackedManifest;
  /** The file with the blocks, and where in it offset 0 is. */
  blocks: { path: string; start: number };
}

/** The names in the folder `packed`. */
export const MANIFEST_FILE = "manifest.json";
export const BLOCKS_FILE = "blocks.bin";

/** Stands before blocks that were put into an ELF executable, behind its image. */
export const BLOCKS_MARK = "FARchat blocks 1";

/** Read and written at once, in bytes. */
const PIECE = 1 << 20;

// Beside lib/ in the executable's own file system; on a machine with the sources there is none.
const PACKED_FOLDER = join(import.meta.dirname!, "..", "..", "packed");

let own: Packed | null | undefined;

/** What this executable carries; undefined when FARchat runs from its sources. */
export function ownPacked(): Packed | undefined {
  own ??= existsSync(join(PACKED_FOLDER, MANIFEST_FILE)) ? readPacked() : null;
  return own ?? undefined;
}

/**
 * Everything in an executable's own file system is read into memory at its start. So where the format allows it the
 * blocks lie outside of that, behind the program's image, and are read from the executable as a file.
 */
function readPacked(): Packed {
  const manifest = JSON.parse(readFileSync(join(PACKED_FOLDER, MANIFEST_FILE), "utf8"));
  const inside = join(PACKED_FOLDER, BLOCKS_FILE);
  if (existsSync(inside)) return { manifest, blocks: { path: inside, start: 0 } };
  const path = Deno.execPath();
  return { manifest, blocks: { path, start: elfImageEnd(path) + BLOCKS_MARK.length } };
}

/**
 * The length in bytes of a 64-bit ELF file's image, whose last part is the table of sections
 * (https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html: e_shoff, e_shentsize, e_shnum).
 */
export function elfImageEnd(path: string): number {
  const descriptor = openSync(path, "r");
  try {
    const header = new DataView(readExactly(descriptor, 64, 0).buffer);
    if (header.getUint32(0) !== 0x7f454c46 || header.getUint8(4) !== 2) {
      throw new Error("not a 64-bit ELF file");
    }
    return Number(header.getBigUint64(0x28, true)) +
      header.getUint16(0x3a, true) * header.getUint16(0x3c, true);
  } finally {
    closeSync(descriptor);
  }
}

/** Whether `path` is that file, byte for byte. False as well when it can't be read. */
export function isWhole(path: string, file: PackedFile): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch {
    return false;
  }
  try {
    const hash = createHash("sha256");
    const piece = new Uint8Array(Math.min(PIECE, file.bytes + 1));
    let bytes = 0;
    for (let read; (read = readSync(descriptor, piece)) > 0;) {
      bytes += read;
      if (bytes > file.bytes) return false;
      hash.update(piece.subarray(0, read));
    }
    return bytes === file.bytes && hash.digest("hex") === file.sha256;
  } catch {
    return false;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Writes the file to `path`, which must not exist yet. Throws a Problem when what the executable carries is damaged,
 * and the system's error when it can't be written.
 */
export function extract({ blocks }: Packed, file: PackedFile, path: string): void {
  const source = openSync(blocks.path, "r");
  try {
    const target = openSync(path, "wx", 0o600);
    try {
      const hash = createHash("sha256");
      let position = blocks.start + file.offset;
      for (const length of file.blocks) {
        const piece = gunzip(readExactly(source, length, position));
        position += length;
        hash.update(piece);
        for (let written = 0; written < piece.length;) {
          written += writeSync(target, piece, written);
        }
      }
      if (hash.digest("hex") !== file.sha256) throw damaged();
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

function readExactly(descriptor: number, length: number, position: number) {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const read = readSync(descriptor, bytes, done, length - done, position + done);
    if (read === 0) throw damaged();
    done += read;
  }
  return bytes;
}

function gunzip(block: Uint8Array): Uint8Array {
  try {
    return gunzipSync(block);
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause?: unknown): Problem {
  return new Problem(
    "A file inside the FARchat executable is not as it was built: the executable is damaged, or another was put in " +
      "its place while this one runs.",
    {
      next:
        "Start FARchat again; if that does not help, get the executable again and compare its SHA-256 with the published one.",
      status: 500,
      cause,
    },
  );
}
