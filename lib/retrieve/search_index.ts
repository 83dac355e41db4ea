/** Everything retrieval keeps in memory, read from the store once for a version of its data. */
import type { Store } from "../store/mod.ts";
import { Catalog } from "./catalog.ts";
import { stem, tokens } from "./words.ts";
import { VectorRows } from "./vector_rows.ts";
import { WordIndex } from "./word_index.ts";

/** A question or brief of ours, by its place in `SearchIndex.entries`. */
export interface IndexedEntry {
  id: number;
  kind: "question" | "brief";
  /** Place of its section in the catalog. */
  section: number;
}

export interface Without {
  text?: boolean;
  questions?: boolean;
  briefs?: boolean;
}

/** Vectors of entries of one kind. */
export interface EntryVectors {
  rows: VectorRows;
  entries: Int32Array;
}

export class SearchIndex {
  readonly version: number;
  readonly catalog: Catalog;
  /** Rows of vectors of chunks, and the chunk's id and section for each row. */
  readonly chunkVectors: VectorRows;
  readonly chunkIds: Int32Array;
  readonly chunkSections: Int32Array;
  readonly entries: IndexedEntry[] = [];
  /** Vectors of questions, of briefs, and the entry of each row. */
  readonly questions: EntryVectors;
  readonly briefs: EntryVectors;
  /** A vector for each section as a whole, its row the section's place; zeros for one that has none. */
  readonly sectionVectors: VectorRows;
  readonly entryWords = new WordIndex();
  /** Our words about a section together, by its place: headings, brief and questions. */
  readonly sectionWords = new WordIndex();
  /** Headings by the section's place: its title, and its part's and subpart's. */
  readonly titleWords = new WordIndex();
  readonly pathWords = new WordIndex();
  /** Section of a chunk by the chunk's id, -1 for none. */
  readonly sectionOfChunk: Int32Array;
  /** Ids of a section's chunks, in order, by its place. */
  readonly chunksOf: number[][];
  /** How many chunks and questions a section has. */
  readonly chunkCounts: Int32Array;
  readonly questionCounts: Int32Array;

  /** `without` leaves a kind of text out, to measure what it brings. */
  constructor(store: Store, dimensions: number, without: Without = {}) {
    this.version = store.dataVersion();
    this.catalog = new Catalog(store);
    const { sections } = this.catalog;
    for (const section of sections) {
      this.titleWords.add(section.title);
      this.pathWords.add(
        section.path.filter(({ type }) => type !== "subchapter").map(({ title }) => title).join(
          " ",
        ),
      );
    }

    const places = without.text ? [] : store.chunks.places();
    this.sectionOfChunk = new Int32Array((places.at(-1)?.id ?? 0) + 1).fill(-1);
    this.chunkCounts = new Int32Array(sections.length);
    this.chunksOf = sections.map(() => []);
    for (const { id, sectionId } of places) {
      const place = this.catalog.placeOfId(sectionId);
      if (place === undefined) continue;
      this.sectionOfChunk[id] = place;
      this.chunkCounts[place]++;
      this.chunksOf[place].push(id);
    }
    this.chunkVectors = new VectorRows(places.length, dimensions);
    this.chunkIds = new Int32Array(places.length);
    this.chunkSections = new Int32Array(places.length);
    for (const { id, vector } of store.chunks.eachVector()) {
      if ((this.sectionOfChunk[id] ?? -1) < 0) continue;
      const row = this.chunkVectors.add(vector);
      this.chunkIds[row] = id;
      this.chunkSections[row] = this.sectionOfChunk[id];
    }

    this.questionCounts = new Int32Array(sections.length);
    const entryById = new Map<number, number>();
    const together = sections.map(({ title }) => [title]);
    for (const { id, kind, collection, number, text } of store.entries.all()) {
      const section = this.catalog.place(collection, number);
      if (section === undefined || (kind === "question" ? without.questions : without.briefs)) {
        continue;
      }
      entryById.set(id, this.entries.length);
      this.entries.push({ id, kind, section });
      this.entryWords.add(text);
      together[section].push(text);
      if (kind === "question") this.questionCounts[section]++;
    }
    for (const texts of together) this.sectionWords.add(texts.join("\n"));
    const ofKind = (kind: IndexedEntry["kind"]) => {
      const count = this.entries.filter((entry) => entry.kind === kind).length;
      return { rows: new VectorRows(count, dimensions), entries: new Int32Array(count) };
    };
    this.questions = ofKind("question");
    this.briefs = ofKind("brief");
    for (const { id, vector } of store.entries.eachVector()) {
      const entry = entryById.get(id);
      if (entry === undefined) continue;
      const { rows, entries } = this.entries[entry].kind === "question"
        ? this.questions
        : this.briefs;
      entries[rows.add(vector)] = entry;
    }
    this.sectionVectors = wholes(sections.length, dimensions, [
      {
        rows: this.questions.rows,
        sectionOf: (row) => this.entries[this.questions.entries[row]].section,
      },
      {
        rows: this.briefs.rows,
        sectionOf: (row) => this.entries[this.briefs.entries[row]].section,
      },
      { rows: this.chunkVectors, sectionOf: (row) => this.chunkSections[row] },
    ]);
  }

  /** How much a question's stem tells: its rarity in our own texts, which abbreviate as people do. */
  rarity(word: string): number {
    return this.entryWords.rarity(stem(word));
  }
}

/** A question's stems, each once. */
export function stems(words: Iterable<string>): string[] {
  return [...new Set([...words].flatMap((word) => tokens(word).map(stem)))];
}

/**
 * A vector for each section: the mean of the directions of its kinds of texts (questions, brief, chunks), each kind
 * itself a mean, so that a section with many questions or chunks is not all of one kind.
 */
function wholes(
  sections: number,
  dimensions: number,
  kinds: readonly { rows: VectorRows; sectionOf: (row: number) => number }[],
): VectorRows {
  const sums = new Float32Array(sections * dimensions);
  const ofKind = new Float32Array(sections * dimensions);
  for (const { rows, sectionOf } of kinds) {
    ofKind.fill(0);
    for (let row = 0; row < rows.count; row++) {
      rows.addTo(ofKind, sectionOf(row) * dimensions, row);
    }
    for (let at = 0; at < ofKind.length; at += dimensions) {
      addDirection(sums, ofKind, at, dimensions);
    }
  }
  const vectors = new VectorRows(sections, dimensions);
  const unit = new Float32Array(dimensions);
  for (let at = 0; at < sums.length; at += dimensions) {
    unit.fill(0);
    addDirection(unit, sums.subarray(at, at + dimensions), 0, dimensions);
    vectors.add(unit);
  }
  return vectors;
}

/** Adds the unit vector in the direction of `from[at..]` to `to[at..]`; nothing for zeros. */
function addDirection(to: Float32Array, from: Float32Array, at: number, dimensions: number): void {
  let squares = 0;
  for (let i = at; i < at + dimensions; i++) squares += from[i] * from[i];
  if (squares === 0) return;
  const length = Math.sqrt(squares);
  for (let i = at; i < at + dimensions; i++) to[i] += from[i] / length;
}
