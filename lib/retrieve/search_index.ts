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

export class SearchIndex {
  readonly version: number;
  readonly catalog: Catalog;
  /** Rows of vectors of chunks, and the chunk's id and section for each row. */
  readonly chunkVectors: VectorRows;
  readonly chunkIds: Int32Array;
  readonly chunkSections: Int32Array;
  readonly entries: IndexedEntry[] = [];
  readonly entryVectors: VectorRows;
  /** The entry of each row. */
  readonly entryRows: Int32Array;
  readonly entryWords = new WordIndex();
  /** Headings by the section's place: its title, and its part's and subpart's. */
  readonly titleWords = new WordIndex();
  readonly pathWords = new WordIndex();
  /** Section of a chunk by the chunk's id, -1 for none. */
  readonly sectionOfChunk: Int32Array;
  /** How many chunks and questions a section has. */
  readonly chunkCounts: Int32Array;
  readonly questionCounts: Int32Array;

  constructor(store: Store, dimensions: number) {
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

    const places = store.chunks.places();
    this.sectionOfChunk = new Int32Array((places.at(-1)?.id ?? 0) + 1).fill(-1);
    this.chunkCounts = new Int32Array(sections.length);
    for (const { id, sectionId } of places) {
      const place = this.catalog.placeOfId(sectionId);
      if (place === undefined) continue;
      this.sectionOfChunk[id] = place;
      this.chunkCounts[place]++;
    }
    const vectors = store.chunks.allVectors().filter(({ id }) => this.sectionOfChunk[id] >= 0);
    this.chunkVectors = new VectorRows(vectors.length, dimensions);
    this.chunkIds = new Int32Array(vectors.length);
    this.chunkSections = new Int32Array(vectors.length);
    for (const { id, vector } of vectors) {
      const row = this.chunkVectors.add(vector);
      this.chunkIds[row] = id;
      this.chunkSections[row] = this.sectionOfChunk[id];
    }

    this.questionCounts = new Int32Array(sections.length);
    const entryById = new Map<number, number>();
    for (const { id, kind, collection, number, text } of store.entries.all()) {
      const section = this.catalog.place(collection, number);
      if (section === undefined) continue;
      entryById.set(id, this.entries.length);
      this.entries.push({ id, kind, section });
      this.entryWords.add(text);
      if (kind === "question") this.questionCounts[section]++;
    }
    const entryVectors = store.entries.allVectors().filter(({ id }) => entryById.has(id));
    this.entryVectors = new VectorRows(entryVectors.length, dimensions);
    this.entryRows = new Int32Array(entryVectors.length);
    for (const { id, vector } of entryVectors) {
      this.entryRows[this.entryVectors.add(vector)] = entryById.get(id)!;
    }
  }

  /** How much a question's stem tells: its rarity in our own texts, which abbreviate as people do. */
  rarity(word: string): number {
    return this.entryWords.rarity(word);
  }
}

/** A question's stems, each once. */
export function stems(words: Iterable<string>): string[] {
  return [...new Set([...words].flatMap((word) => tokens(word).map(stem)))];
}
