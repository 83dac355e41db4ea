/** The files that paths name: single files, all of a folder, and what is in archives. */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Problem } from "../problem.ts";
import { isGzip, MAX_FILE_BYTES, type Source, sourceOf } from "./source.ts";
import { isZip, zipSources } from "./zip_sources.ts";

/** What can be read, by the end of its name. */
const READABLE = /\.(xml|xml\.gz|zip)$/i;
/** What FARchat will read as uploads, but not here. */
const DOCUMENT = /\.(pdf|docx?|html?|dita|txt|md)$/i;

const OFFERED = "Give .xml or .xml.gz files of the eCFR, a .zip with them, or a folder.";

/** A source, or why a file of a folder is none: one bad file does not keep the others from being read. */
export type Found = { source: Source } | { name: string; problem: Problem };

/**
 * The sources that `paths` name, in the order given, a folder's by name with its subfolders; each is read when it is
 * asked for. Files of a folder that are none of the regulation's are left out.
 *
 * Yields a Problem for a missing path, an empty folder, a file of another kind, one that is not what its name says.
 */
export async function* readSources(paths: readonly string[]): AsyncIterable<Found> {
  for (const path of paths) {
    try {
      if (!(await statOf(path)).isDirectory()) yield* readFileSources(path);
      else yield* readFolder(path);
    } catch (error) {
      yield { name: basename(path), problem: asProblem(basename(path), error) };
    }
  }
}

async function* readFolder(folder: string): AsyncIterable<Found> {
  const names = await readdir(folder, { recursive: true });
  const readable = names.filter((name) => READABLE.test(name) && !/(^|[/\\])\./.test(name)).sort();
  if (readable.length === 0) {
    throw new Problem(
      `The folder "${
        basename(folder)
      }" was expected to hold .xml, .xml.gz or .zip files, but it has ${
        names.length === 0 ? "nothing in it" : "none"
      }.`,
      { next: OFFERED },
    );
  }
  for (const name of readable) {
    try {
      yield* readFileSources(join(folder, name));
    } catch (error) {
      yield { name: basename(name), problem: asProblem(basename(name), error) };
    }
  }
}

async function* readFileSources(path: string): AsyncIterable<Found> {
  const name = basename(path);
  if (DOCUMENT.test(name)) {
    throw new Problem(
      `"${name}" is a document; only the XML of the FAR and the DFARS can be ingested yet.`,
      {
        next: `${OFFERED} Uploads of PDF, Word and HTML files come in a later version.`,
        status: 415,
      },
    );
  }
  const { size } = await statOf(path);
  if (size > MAX_FILE_BYTES) {
    throw new Problem(
      `"${name}" has ${Math.round(size / 1e6)} MB, more than the ${
        Math.round(MAX_FILE_BYTES / 1e6)
      } MB a file may have; the complete FAR has 7 MB.`,
      { next: "Check that it is the right file.", status: 413 },
    );
  }
  const data: Uint8Array = await readFile(path);
  if (data.length === 0) {
    throw new Problem(`"${name}" is empty.`, { next: "Download the file again.", status: 422 });
  }
  if (isZip(data)) {
    for await (const source of zipSources(name, data)) yield { source };
    return;
  }
  if (/\.zip$/i.test(name)) throw notWhatItSays(name, "a zip archive");
  if (/\.gz$/i.test(name) && !isGzip(data)) throw notWhatItSays(name, "a gzip file");
  yield { source: sourceOf(name, data) };
}

function notWhatItSays(name: string, expected: string): Problem {
  return new Problem(
    `"${name}" was expected to be ${expected}, but its first bytes say otherwise.`,
    {
      next: "Download the file again; an error page may have been saved in its place.",
      status: 422,
    },
  );
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw asProblem(basename(path), error);
  }
}

/** What the file system says, in words. */
function asProblem(name: string, error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = (error as { code?: string }).code;
  if (code === "ENOENT") {
    return new Problem(`There is no file or folder "${name}" at the path given.`, {
      next: "Check the path; relative ones start from the folder the command runs in.",
      status: 404,
    });
  }
  return new Problem(`"${name}" could not be read${code ? ` (${code})` : ""}.`, {
    next: "Check that this user may read it.",
    cause: error,
  });
}
