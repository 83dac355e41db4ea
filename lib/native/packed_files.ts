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
export type PackedGroup = "vectors" | "onnxruntime" | "model" | "database";

/** One file as it is unpacked. */
export interface PackedFile {
  /** Below the group's folder, with slashes. */
  path: string;
  bytes: number;
  /** SHA-256 (hex) of the unpacked file. */
  sha256: string;
  /** The lengths in bytes of its gzipped blocks, in order. */
  blocks: number[];
}

/** `manifest.json` of the packed folder. */
export interface PackedManifest {
  /** FARchat's version and the start of a hash over all files: the name of the folder they are unpacked in. */
  id: string;
  groups: Partial<Record<PackedGroup, PackedFile[]>>;
}

/** A packed folder with its manifest. */
export interface Packed {
  folder: string;
  manifest: PackedManifest;
}

/** The name of the manifest in a packed folder. */
export const MANIFEST_FILE = "manifest.json";

/** Read and written at once, in bytes. */
const PIECE = 1 << 20;

// Beside lib/ in the executable's own file system; on a machine with the sources there is none.
const PACKED_FOLDER = join(import.meta.dirname!, "..", "..", "packed");

let own: Packed | null | undefined;

/** What this executable carries; undefined when FARchat runs from its sources. */
export function ownPacked(): Packed | undefined {
  own ??= existsSync(join(PACKED_FOLDER, MANIFEST_FILE)) ? readPacked(PACKED_FOLDER) : null;
  return own ?? undefined;
}

/** Reads the manifest of a packed folder. */
export function readPacked(folder: string): Packed {
  return { folder, manifest: JSON.parse(readFileSync(join(folder, MANIFEST_FILE), "utf8")) };
}

/** The name under which a file's blocks lie in the packed folder: files that are equal are there once. */
export function packedName(file: PackedFile): string {
  return `${file.sha256}.gz`;
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
export function extract(packed: Packed, file: PackedFile, path: string): void {
  const source = openSync(join(packed.folder, packedName(file)), "r");
  try {
    const target = openSync(path, "wx", 0o600);
    try {
      const hash = createHash("sha256");
      for (const block of file.blocks) {
        const piece = gunzip(readExactly(source, block));
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

function readExactly(descriptor: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const read = readSync(descriptor, bytes, done, length - done, null);
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
    "The FARchat executable is damaged: a file inside it is not as it was built.",
    {
      next: "Get the executable again and compare its SHA-256 with the one published beside it.",
      status: 500,
      cause,
    },
  );
}
