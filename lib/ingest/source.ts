/** One file to ingest, in memory: what it is called, its bytes, its text. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Problem } from "../problem.ts";

/** A file bigger than this is none of the regulation's: the complete FAR has 7 MB. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;
/** What a compressed file may unpack to. */
export const MAX_TEXT_BYTES = 1024 * 1024 * 1024;

/** A file of XML, found by `readSources`. */
export interface Source {
  /** What people call it: the file's name, for one in a zip "archive.zip: folder/part.xml". Never a path. */
  name: string;
  mediaType: "application/xml" | "application/gzip";
  bytes: number;
  /** SHA-256 of the file as it is, hex. */
  sha256: string;
  /** Its text in pieces, unpacked. Throws a Problem for a damaged gzip file and for what is not UTF-8 or UTF-16. */
  text(): AsyncIterable<string>;
}

/** A source of these bytes; compressed or not is told from the bytes, not the name. */
export function sourceOf(name: string, data: Uint8Array): Source {
  const gzip = isGzip(data);
  return {
    name,
    mediaType: gzip ? "application/gzip" : "application/xml",
    bytes: data.length,
    sha256: createHash("sha256").update(data).digest("hex"),
    text: () => decoded(name, gzip ? gunzipped(name, data) : whole(data)),
  };
}

/** The two bytes that every gzip file starts with (RFC 1952). */
export function isGzip(data: Uint8Array): boolean {
  return data[0] === 0x1f && data[1] === 0x8b;
}

async function* whole(data: Uint8Array): AsyncIterable<Uint8Array> {
  const step = 1 << 18;
  for (let i = 0; i < data.length; i += step) yield data.subarray(i, i + step);
}

async function* gunzipped(name: string, data: Uint8Array): AsyncIterable<Uint8Array> {
  const input = Readable.from(slices(data));
  const gunzip = input.pipe(createGunzip());
  let bytes = 0;
  try {
    for await (const piece of gunzip as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > MAX_TEXT_BYTES) throw tooMuch(name);
      yield piece;
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw gunzipProblem(name, error);
  } finally {
    input.destroy();
    gunzip.destroy();
  }
}

function* slices(data: Uint8Array): Iterable<Buffer> {
  const step = 1 << 16;
  for (let i = 0; i < data.length; i += step) yield Buffer.from(data.subarray(i, i + step));
}

function gunzipProblem(name: string, cause: unknown): Problem {
  // zlib: Z_BUF_ERROR when the data ends before the stream does, Z_DATA_ERROR for anything that does not add up.
  const cut = (cause as { code?: string }).code === "Z_BUF_ERROR";
  return new Problem(
    cut
      ? `"${name}" was expected to be a whole gzip file, but it ends in the middle.`
      : `"${name}" was expected to be a gzip file, but its data is damaged.`,
    { next: "Download the file again and compare its size with the original.", status: 422, cause },
  );
}

/** For a file that unpacks to more than any regulation has. */
export function tooMuch(name: string): Problem {
  return new Problem(
    `"${name}" unpacks to more than ${MAX_TEXT_BYTES / 1024 ** 3} GB; the complete FAR has 7 MB.`,
    { next: "Check that it is the right file.", status: 413 },
  );
}

async function* decoded(name: string, data: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  let decoder: TextDecoder | undefined;
  try {
    for await (const piece of data) {
      decoder ??= new TextDecoder(encodingOf(piece), { fatal: true });
      yield decoder.decode(piece, { stream: true });
    }
    if (decoder) yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Problem(
      `"${name}" was expected to be text in UTF-8, but it has bytes that are none.`,
      {
        next: "Give the XML as ecfr.gov offers it, or save it as UTF-8.",
        status: 422,
        cause: error,
      },
    );
  }
}

/** By its byte order mark; UTF-8 where it has none. */
function encodingOf(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  return "utf-8";
}
