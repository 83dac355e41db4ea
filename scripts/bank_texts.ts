/** The bank and the official text as training needs them: vectors by kind and section, read from a database. */
import { join } from "node:path";
import { openStore } from "../lib/store/mod.ts";
import { toUnitRows } from "./matrix.ts";

/** Vectors of the texts of one kind. */
export interface Texts {
  vectors: Float32Array[];
  /** Place of each one's section. */
  sections: number[];
  /** What was embedded; only of questions and briefs. */
  texts: string[];
  /** Texts of a section. */
  of: Map<number, number[]>;
}

export interface BankTexts {
  dimensions: number;
  /** Places of sections go from 0 to here. */
  sections: number;
  questions: Texts;
  briefs: Texts;
  chunks: Texts;
}

function texts(rows: { vector: Float32Array; section: number; text?: string }[]): Texts {
  const of = new Map<number, number[]>();
  rows.forEach(({ section }, i) => {
    const list = of.get(section);
    if (list) list.push(i);
    else of.set(section, [i]);
  });
  return {
    vectors: rows.map(({ vector }) => vector),
    sections: rows.map(({ section }) => section),
    texts: rows.map(({ text }) => text ?? ""),
    of,
  };
}

/** Reads `farchat.db` of a data folder that holds the complete FAR and DFARS and the bank with its vectors. */
export function bankTexts(folder: string): BankTexts {
  const store = openStore({ path: join(folder, "farchat.db") });
  const places = new Map<string, number>();
  const placeOf = (collection: string, number: string) => {
    const key = `${collection} ${number}`;
    const place = places.get(key) ?? places.size;
    places.set(key, place);
    return place;
  };
  const entryVectors = new Map(store.entries.allVectors().map(({ id, vector }) => [id, vector]));
  const entries = store.entries.all().filter(({ id }) => entryVectors.has(id)).map((entry) => ({
    kind: entry.kind,
    section: placeOf(entry.collection, entry.number),
    text: entry.text,
    vector: Float32Array.from(entryVectors.get(entry.id)!, (value) => value / 127),
  }));
  const sectionIds = new Map<number, number>();
  for (const collection of ["far", "dfars"] as const) {
    for (const { id, number } of store.outline.sections(collection)) {
      sectionIds.set(id, placeOf(collection, number));
    }
  }
  const chunkPlaces = new Map(store.chunks.places().map(({ id, sectionId }) => [id, sectionId]));
  const chunks = texts(
    store.chunks.allVectors().sort((a, b) => a.id - b.id).flatMap(({ id, vector }) => {
      const section = sectionIds.get(chunkPlaces.get(id) ?? -1);
      return section === undefined ? [] : [{ vector, section }];
    }),
  );
  store.close();
  const questions = texts(entries.filter(({ kind }) => kind === "question"));
  return {
    dimensions: questions.vectors[0].length,
    sections: places.size,
    questions,
    briefs: texts(entries.filter(({ kind }) => kind === "brief")),
    chunks,
  };
}

/** The mean direction of a section's texts of one kind, without one of them; undefined when there are none. */
export function direction(of: Texts, section: number, without = -1): Float32Array | undefined {
  const list = of.of.get(section)?.filter((i) => i !== without) ?? [];
  return list.length === 0 ? undefined : meanDirection(list.map((i) => of.vectors[i]));
}

/**
 * A section as a whole, as the search index makes it: the mean of the directions of its kinds of texts. Without one
 * question or brief where `without` says so.
 */
export function whole(
  { questions, briefs, chunks }: BankTexts,
  section: number,
  without: { question?: number; brief?: number } = {},
): Float32Array | undefined {
  const parts = [
    direction(questions, section, without.question),
    direction(briefs, section, without.brief),
    direction(chunks, section),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : meanDirection(parts);
}

function meanDirection(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0].length);
  for (const vector of vectors) for (let j = 0; j < sum.length; j++) sum[j] += vector[j];
  toUnitRows(sum, sum.length);
  return sum;
}
