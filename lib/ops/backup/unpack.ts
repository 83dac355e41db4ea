/** Backups taken apart: nothing is written outside the folder, and nothing that the manifest does not vouch for is kept. */
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, statfsSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable, Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { Problem } from "../../problem.ts";
import { SCHEMA_VERSION } from "../../store/mod.ts";
import { ByteReader } from "./byte_reader.ts";
import {
  type BackupFile,
  MANIFEST,
  type Manifest,
  MAX_MANIFEST_BYTES,
  parseManifest,
} from "./manifest.ts";
import { BLOCK, readTarHeader, type TarEntry, tarPadding } from "./tar.ts";

/**
 * Unpacks the backup at `path` into `folder`, which is empty, and returns its manifest. Each file has the size and the
 * SHA-256 of the manifest, and there is no other. Throws a `Problem` for anything else: a file that is no backup, one
 * that was cut short or changed, links, names that lead elsewhere, a newer schema. The caller removes the folder then.
 */
export async function unpack(
  path: string,
  folder: string,
  onShare: (share: number) => void = () => {},
): Promise<Manifest> {
  const file = createReadStream(path);
  const plain = createGunzip();
  file.on("error", (error) => plain.destroy(error));
  file.pipe(plain);
  try {
    return await unpackTar(new ByteReader(plain), folder, onShare);
  } catch (error) {
    throw asDamage(error);
  } finally {
    await Promise.all([closed(file), closed(plain)]);
  }
}

/** Ends a stream wherever it is, and waits until its file is closed. */
function closed(stream: Readable | Transform): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) return resolve();
    stream.once("close", resolve);
    stream.on("error", () => {});
    stream.destroy();
  });
}

async function unpackTar(
  reader: ByteReader,
  folder: string,
  onShare: (share: number) => void,
): Promise<Manifest> {
  const manifest = await readManifest(reader);
  refuseNewer(manifest);
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  refuseFullDisk(folder, total);
  let done = 0;
  for (const file of manifest.files) {
    const entry = await nextEntry(reader);
    if (entry?.name !== file.name || entry.bytes !== file.bytes) {
      throw new Damage("its files are not those of its manifest");
    }
    await extract(reader, file, join(folder, file.name), (bytes) => {
      done += bytes;
      onShare(done / total);
    });
  }
  if (await nextEntry(reader) !== undefined) {
    throw new Damage("it holds more than its manifest says");
  }
  // Reads to the end, where gzip's own checksum of everything is compared.
  for await (const piece of reader.pieces(Infinity)) {
    if (piece.some((byte) => byte !== 0)) throw new Damage("something follows its end");
  }
  return manifest;
}

async function readManifest(reader: ByteReader): Promise<Manifest> {
  const entry = await nextEntry(reader);
  if (entry?.name !== MANIFEST || entry.bytes > MAX_MANIFEST_BYTES) {
    throw new Damage("it does not begin with a manifest");
  }
  const bytes = await reader.take(entry.bytes);
  if (bytes.length < entry.bytes) throw new Damage("it ends early");
  await reader.take(tarPadding(entry.bytes));
  return parseManifest(new TextDecoder().decode(bytes));
}

function refuseNewer({ schema, version }: Manifest): void {
  if (schema <= SCHEMA_VERSION) return;
  throw new Problem(
    `The backup has schema version ${schema}, made by FARchat ${version}; this one knows versions up to ${SCHEMA_VERSION}.`,
    { next: `Install FARchat ${version} or a later one, and use the backup with it.` },
  );
}

function refuseFullDisk(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= bytes) return;
  throw new Problem("The disk has no room for the contents of the backup.", {
    next: `Free ${Math.ceil(bytes / 1e6)} MB: backups are unpacked aside before they are trusted.`,
    status: 507,
  });
}

async function nextEntry(reader: ByteReader): Promise<TarEntry | undefined> {
  const header = await reader.take(BLOCK);
  if (header.length < BLOCK) throw new Damage("it ends early");
  return readTarHeader(header);
}

async function extract(
  reader: ByteReader,
  file: BackupFile,
  path: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const hash = createHash("sha256");
  const handle = await open(path, "wx", 0o600);
  let written = 0;
  try {
    for await (const piece of reader.pieces(file.bytes)) {
      hash.update(piece);
      await writeAll(handle, piece);
      written += piece.length;
      onBytes(piece.length);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (written < file.bytes) throw new Damage("it ends early");
  if (hash.digest("hex") !== file.sha256) throw new Damage("a file in it was changed");
  await reader.take(tarPadding(file.bytes));
}

/** A write may take only a part: a disk that is nearly full does. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
  }
}

/** Something is wrong with the archive itself. */
class Damage extends Error {}

/** What tar.ts and zlib find wrong is damage; what the disk refuses is not. */
function asDamage(error: unknown): unknown {
  if (error instanceof Problem || !(error instanceof Error)) return error;
  const code = "code" in error ? String(error.code) : "";
  if (/^E[A-Z]/.test(code) && !code.startsWith("ERR_") || error.name === "NotCapable") return error;
  const known = error instanceof Damage || code.startsWith("Z_");
  const what = known && error instanceof Damage
    ? error.message
    : "its compression or a header is wrong";
  return new Problem(`The backup is damaged or no backup at all: ${what}.`, {
    next: "Choose another backup; `farchat verify FILE` tells whether one is whole.",
    cause: error,
  });
}
