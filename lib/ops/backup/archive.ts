/** Backups as files: a tar archive, compressed with gzip, the manifest first. */
import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  createWriteStream,
  fsyncSync,
  openSync,
  statSync,
} from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { join } from "node:path";
import { MANIFEST, type Manifest } from "./manifest.ts";
import { TAR_END, tarHeader, tarPadding } from "./tar.ts";

/** The SHA-256 of a file in hexadecimal. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest("hex");
}

/**
 * Writes the manifest and its files, which are in `folder`, to a new file at `path` that only this user may read, and
 * waits until the disk has it. `onShare` hears how much is done, 0 to 1.
 */
export async function writeArchive(
  path: string,
  manifest: Manifest,
  folder: string,
  onShare: (share: number) => void = () => {},
): Promise<void> {
  await pipeline(
    () => tarOf(manifest, folder, onShare),
    createGzip(),
    createWriteStream(path, { flags: "wx", mode: 0o600 }),
  );
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

async function* tarOf(
  manifest: Manifest,
  folder: string,
  onShare: (share: number) => void,
): AsyncGenerator<Uint8Array> {
  const time = Date.parse(manifest.created);
  const text = new TextEncoder().encode(JSON.stringify(manifest, undefined, 2) + "\n");
  yield tarHeader({ name: MANIFEST, bytes: text.length }, time);
  yield text;
  yield new Uint8Array(tarPadding(text.length));
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const { name, bytes } of manifest.files) {
    const path = join(folder, name);
    if (statSync(path).size !== bytes) throw new Error("A file changed while it was backed up");
    yield tarHeader({ name, bytes }, time);
    for await (const piece of createReadStream(path)) {
      yield piece;
      done += piece.length;
      onShare(done / total);
    }
    yield new Uint8Array(tarPadding(bytes));
  }
  yield TAR_END;
}
