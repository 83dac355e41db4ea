/** The XML files in a zip archive. Nothing is unpacked to disk. */
import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { Problem } from "../problem.ts";
import { MAX_FILE_BYTES, MAX_TEXT_BYTES, type Source, sourceOf, tooMuch } from "./source.ts";

const MAX_ENTRIES = 10_000;

/** The four bytes that a zip archive starts with. */
export function isZip(data: Uint8Array): boolean {
  return data[0] === 0x50 && data[1] === 0x4b && data[2] === 0x03 && data[3] === 0x04;
}

/**
 * The .xml and .xml.gz files of an archive, in its order; other files are left out. Throws a Problem for an archive that
 * is damaged, encrypted, without XML, or unpacks to more than any regulation has.
 */
export async function* zipSources(name: string, data: Uint8Array): AsyncIterable<Source> {
  let found = 0;
  let entries = 0;
  let bytes = 0;
  try {
    const zip = await fromBufferPromise(
      Buffer.from(data.buffer, data.byteOffset, data.length),
      // Checked in `unpacked`: yauzl's own check raises an error that nothing can catch (3.4.0, in Deno).
      { validateEntrySizes: false },
    );
    for await (const entry of zip.eachEntry()) {
      if (++entries > MAX_ENTRIES) throw tooMuch(name);
      if (!/\.xml(\.gz)?$/i.test(entry.fileName) || /(^|\/)(__MACOSX\/|\.)/.test(entry.fileName)) {
        continue;
      }
      // `unpacked` stops when an entry turns out to be longer than it says, so the sizes said can be trusted.
      bytes += entry.uncompressedSize;
      if (entry.uncompressedSize > MAX_FILE_BYTES || bytes > MAX_TEXT_BYTES) throw tooMuch(name);
      found++;
      yield sourceOf(`${name}: ${entry.fileName}`, await unpacked(name, zip, entry));
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw damaged(name, error);
  }
  if (found === 0) {
    throw new Problem(`The archive "${name}" was expected to hold .xml files, but it has none.`, {
      next: "Give an archive of the XML that ecfr.gov or govinfo.gov offers.",
      status: 422,
    });
  }
}

async function unpacked(name: string, zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  if (entry.isEncrypted()) {
    throw new Problem(`The archive "${name}" is encrypted.`, {
      next: "Unpack it and give the files in it.",
      status: 422,
    });
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of await zip.openReadStreamPromise(entry)) {
    bytes += piece.length;
    if (bytes > entry.uncompressedSize) throw damaged(name);
    pieces.push(piece);
  }
  const data = Buffer.concat(pieces);
  if (bytes !== entry.uncompressedSize || crc32(data) !== entry.crc32) throw damaged(name);
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}

function damaged(name: string, cause?: unknown): Problem {
  return new Problem(`"${name}" was expected to be a zip archive, but it is damaged or cut off.`, {
    next: "Download the file again and compare its size with the original.",
    status: 422,
    cause,
  });
}
