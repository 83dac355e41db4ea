/** Gives chunks their vectors: those made before, and new ones, kept as they are made. */
import type { Embedder } from "../embed/types.ts";
import { EmbedderUnavailable } from "../embed/unavailable.ts";
import type { NewChunk, SectionWithChunks, Store } from "../store/mod.ts";
import { embeddedText } from "./chunk_section.ts";
import type { ProgressTracker } from "./progress.ts";

/** Chunks that are embedded and kept together, two or three seconds' work: a kill loses no more than two of these. */
const SLICE = 128;

/** The vectors of texts by their hash, while documents are being ingested. */
export class ChunkEmbedder {
  readonly #store: Store;
  readonly #embedder: Embedder;
  readonly #vectors = new Map<string, Float32Array>();
  /** Set once the model turned out to be unavailable. */
  unavailable?: EmbedderUnavailable;
  /** Vectors made. */
  embedded = 0;

  constructor(store: Store, embedder: Embedder) {
    this.#store = store;
    this.#embedder = embedder;
  }

  /** Fetches what was made before; returns how many tokens have no vector yet. */
  recall(items: readonly SectionWithChunks[]): number {
    const hashes = new Set(items.flatMap(({ chunks }) => chunks.map((chunk) => chunk.hash)));
    for (const [hash, vector] of this.#store.chunks.vectorsByHash(hashes, this.#embedder.name)) {
      this.#vectors.set(hash, vector);
    }
    return this.#missing(items).reduce((sum, { chunk }) => sum + chunk.tokens, 0);
  }

  /**
   * Sets the vector of every chunk. Chunks stay without when the model is unavailable, see `unavailable`. Rejects
   * with the signal's reason when stopped.
   */
  async fill(
    items: readonly SectionWithChunks[],
    progress: ProgressTracker,
    signal?: AbortSignal,
  ): Promise<void> {
    const { before, slices } = this.#slices(items);
    progress.did(before.sections, before.chunks, 0, 0);
    // One slice ahead, so that the model works on while the last slice is stored.
    let ahead = slices.length > 0 ? this.#embed(slices[0], signal) : undefined;
    for (const [i, slice] of slices.entries()) {
      const current = ahead;
      ahead = i + 1 < slices.length ? this.#embed(slices[i + 1], signal) : undefined;
      ahead?.catch(() => {});
      await current;
      signal?.throwIfAborted();
      const made = this.unavailable ? 0 : slice.chunks.length;
      progress.did(slice.sections, slice.covered, made, slice.tokens);
    }
    for (const { chunks } of items) {
      for (const chunk of chunks) chunk.vector = this.#vectors.get(chunk.hash);
    }
  }

  async #embed(slice: Slice, signal?: AbortSignal): Promise<void> {
    if (this.unavailable) return;
    try {
      const vectors = await this.#embedder.embed(slice.texts, signal);
      const rows = slice.chunks.map(({ hash }, i) => ({ hash, vector: vectors[i] }));
      this.#store.chunks.stage(rows, this.#embedder.name);
      for (const { hash, vector } of rows) this.#vectors.set(hash, vector);
      this.embedded += rows.length;
    } catch (error) {
      if (!(error instanceof EmbedderUnavailable)) throw error;
      this.unavailable = error;
    }
  }

  /** The chunks without a vector, each text once, with the section each is of. */
  #missing(items: readonly SectionWithChunks[]) {
    const seen = new Set<string>();
    return items.flatMap((item, index) =>
      item.chunks
        .filter(({ hash }) => !this.#vectors.has(hash) && !seen.has(hash) && seen.add(hash))
        .map((chunk) => ({ chunk, item, index }))
    );
  }

  /** The missing chunks in slices, and what is done once the slices before are: in the order of the sections. */
  #slices(items: readonly SectionWithChunks[]) {
    const missing = this.#missing(items);
    const chunksBefore = [0];
    for (const { chunks } of items) chunksBefore.push(chunksBefore.at(-1)! + chunks.length);
    const slices: Slice[] = [];
    let sections = missing.length > 0 ? missing[0].index : items.length;
    const before = { sections, chunks: chunksBefore[sections] };
    for (let i = 0; i < missing.length; i += SLICE) {
      const part = missing.slice(i, i + SLICE);
      // Complete are the sections before the one that the next slice starts in.
      const complete = i + SLICE < missing.length ? missing[i + SLICE].index : items.length;
      slices.push({
        chunks: part.map(({ chunk }) => chunk),
        texts: part.map(({ chunk, item }) => embeddedText(item.section, chunk)),
        tokens: part.reduce((sum, { chunk }) => sum + chunk.tokens, 0),
        sections: complete - sections,
        covered: chunksBefore[complete] - chunksBefore[sections],
      });
      sections = complete;
    }
    return { before, slices };
  }
}

interface Slice {
  chunks: NewChunk[];
  texts: string[];
  tokens: number;
  /** Sections and their chunks that are complete with it. */
  sections: number;
  covered: number;
}
