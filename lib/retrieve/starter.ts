/** The corpus that ships with FARchat: the outline, and our own questions and briefs. No regulation text. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Embedder } from "../embed/types.ts";
import { Problem } from "../problem.ts";
import type { Store } from "../store/mod.ts";
import { toInt8 } from "../store/mod.ts";
import type { NewEntry, Regulation } from "../store/types.ts";
import { type OutlineFile, unpackOutline } from "./outline_file.ts";

// Relative to this file, so that it is found in a compiled executable too.
const CORPUS = join(import.meta.dirname!, "..", "..", "corpus");

/** `corpus/bank/vectors.json`: what `corpus/bank/vectors.bin` holds. */
export interface VectorsHeader {
  /** Name of the embedder that made them. */
  embedder: string;
  dimensions: number;
  count: number;
  /** SHA-256 (hex) of the texts, each followed by a line feed: vectors of other texts are not used. */
  textsSha256: string;
}

/** What a seeding did. */
export interface Seeded {
  /** False when the store had this version already. */
  changed: boolean;
  entries: number;
  /** Entries that came with a vector. */
  vectors: number;
}

/** The bank's questions, then the briefs, in the order of the files: the order of the vectors. */
export function bankEntries(folder = CORPUS): NewEntry[] {
  const questions = lines<{ section: string; questions: string[] }>(folder, "questions.jsonl")
    .flatMap(({ section, questions }) =>
      questions.map((text): NewEntry => ({ kind: "question", ...sectionOf(section), text }))
    );
  const briefs = lines<{ section: string; brief: string; textSha256?: string }>(
    folder,
    "briefs.jsonl",
  ).map(({ section, brief, textSha256 }): NewEntry => ({
    kind: "brief",
    ...sectionOf(section),
    text: brief,
    textSha256,
  }));
  return [...questions, ...briefs];
}

/** SHA-256 (hex) that ties vectors to the texts they were made of. */
export function textsSha256(entries: readonly { text: string }[]): string {
  const hash = createHash("sha256");
  for (const { text } of entries) hash.update(text).update("\n");
  return hash.digest("hex");
}

/** The sections a clause says it is prescribed at, by the clause's number; from `corpus/clauses.json`. */
export function clausePrescriptions(folder = CORPUS): Record<string, string[]> {
  return JSON.parse(read(folder, "clauses.json").toString("utf8"));
}

export interface SeedOptions {
  /** Name of the model in use. */
  embedder?: string;
  folder?: string;
  /** Vectors by text, where `vectors.bin` is not beside the texts: an executable has them in its database alone. */
  vectorsOf?: () => Map<string, Int8Array> | undefined;
}

/**
 * Puts the starter corpus into the store, in one transaction, unless this version is there already. `embedder` is
 * the name of the model in use: vectors that another one made are left out, and searching goes by words until
 * `completeVectors` has made them. Throws a Problem when the corpus that ships is damaged.
 */
export function seedStarter(
  store: Store,
  options: SeedOptions = {},
): Seeded {
  const folder = options.folder ?? CORPUS;
  const header = readHeader(folder);
  const usable = header &&
    [options.embedder ?? header.embedder, store.embedder()?.name ?? header.embedder]
      .every((name) => name === header.embedder);
  const hash = createHash("sha256");
  for (const name of ["outline.json", "bank/questions.jsonl", "bank/briefs.jsonl"]) {
    hash.update(read(folder, name)).update("\0");
  }
  hash.update(usable ? JSON.stringify(header) : "");
  const version = hash.digest("hex");
  if (store.entries.version() === version && store.outline.version() === version) {
    return { changed: false, entries: 0, vectors: 0 };
  }
  const entries = bankEntries(folder);
  if (usable) addVectors(folder, header, entries, options.vectorsOf);
  const outline = unpackOutline(
    JSON.parse(read(folder, "outline.json").toString("utf8")) as OutlineFile,
  );
  store.transaction(() => {
    store.outline.replaceAll(version, outline);
    store.entries.replaceAll(version, entries);
  });
  const vectors = entries.filter(({ vector }) => vector).length;
  return { changed: true, entries: entries.length, vectors };
}

const BATCH = 256;

/** Makes the vectors that entries lack, with the model in use; returns how many. Rejects as the embedder does. */
export async function completeVectors(
  store: Store,
  embedder: Embedder,
  signal?: AbortSignal,
): Promise<number> {
  let made = 0;
  for (;;) {
    signal?.throwIfAborted();
    const entries = store.entries.withoutVector(BATCH);
    if (entries.length === 0) return made;
    const vectors = await embedder.embed(entries.map(({ text }) => text), signal);
    store.entries.setVectors(entries.map(({ id }, i) => ({ id, vector: toInt8(vectors[i]) })));
    made += entries.length;
  }
}

function readHeader(folder: string): VectorsHeader | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "bank", "vectors.json"), "utf8"));
  } catch {
    // A clone without vectors works by words; completeVectors can make them.
    return undefined;
  }
}

/** Gives each entry its vector, from the file beside the texts or else by its text. */
function addVectors(
  folder: string,
  header: VectorsHeader,
  entries: NewEntry[],
  vectorsOf: SeedOptions["vectorsOf"],
): void {
  const { count, dimensions } = header;
  if (count !== entries.length || header.textsSha256 !== textsSha256(entries)) return;
  if (vectorsOf && !existsSync(join(folder, "bank", "vectors.bin"))) {
    const vectors = vectorsOf();
    for (const entry of entries) entry.vector = vectors?.get(entry.text);
    return;
  }
  const bytes = read(folder, "bank/vectors.bin");
  if (bytes.length !== count * dimensions) return;
  const numbers = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  entries.forEach((entry, i) => {
    entry.vector = numbers.subarray(i * dimensions, (i + 1) * dimensions);
  });
}

/** The vectors of a database's questions and briefs by their texts, for `SeedOptions.vectorsOf`. */
export function vectorsByText(store: Store): Map<string, Int8Array> {
  const texts = new Map(store.entries.all().map(({ id, text }) => [id, text]));
  return new Map(
    store.entries.allVectors().flatMap(({ id, vector }) => {
      const text = texts.get(id);
      return text === undefined ? [] : [[text, vector] as const];
    }),
  );
}

function read(folder: string, name: string) {
  try {
    return readFileSync(join(folder, name));
  } catch (cause) {
    throw new Problem(`The starter corpus that ships with FARchat has no ${name}.`, {
      next: "Install FARchat again.",
      status: 500,
      cause,
    });
  }
}

function lines<T>(folder: string, name: string): T[] {
  return read(folder, `bank/${name}`).toString("utf8").trim().split("\n")
    .map((line) => JSON.parse(line) as T);
}

/** "FAR 15.506" as a collection and a number. */
function sectionOf(label: string): { collection: Regulation; number: string } {
  const [name, number] = label.split(" ");
  return { collection: name === "DFARS" ? "dfars" : "far", number };
}
