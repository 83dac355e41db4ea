/** Files into the store: read, chunked, embedded, and each document stored in one transaction. */
import { EmbedderUnavailable } from "../embed/unavailable.ts";
import { Problem } from "../problem.ts";
import type { StoredDocument } from "../store/mod.ts";
import { ChunkEmbedder } from "./embed_chunks.ts";
import { embedderRecord } from "./embedder_record.ts";
import { parseSource, prepare, type PreparedDocument, storedSections } from "./prepare_document.ts";
import { ProgressTracker } from "./progress.ts";
import { readSources } from "./read_sources.ts";
import { duplicateNotices, replacedBy } from "./replacement.ts";
import type { Source } from "./source.ts";
import { estimateTokens, TokenCounter } from "./token_counter.ts";
import type { IngestedDocument, IngestOptions, IngestReport } from "./types.ts";

/**
 * Ingests what `paths` name. A document appears in the store with all its sections, chunks and vectors at once, or not
 * at all. What is stored already, from the same bytes and with vectors of this model, is left as it is. A file that
 * can't be read is reported in `failures` and does not keep the others from being stored.
 *
 * Vectors are kept as they are made: a run after a kill or a stop goes on where the last one ended. When the
 * model is unavailable, documents are stored to be found by words; a later run with the model completes them.
 *
 * Rejects with a Problem when the vectors in the store are of another model or chunking (unless `reembed`), and with
 * the signal's reason when stopped.
 */
export function ingest(options: IngestOptions): Promise<IngestReport> {
  return new Ingestion(options).run();
}

interface Planned extends PreparedDocument {
  status: IngestedDocument["status"];
}

class Ingestion {
  readonly #options: IngestOptions;
  readonly #progress: ProgressTracker;
  readonly #counter: TokenCounter;
  readonly #embedder: ChunkEmbedder;
  readonly #documents: IngestedDocument[] = [];
  readonly #failures: IngestReport["failures"] = [];
  readonly #seen = new Set<string>();
  #embeddingSeconds = 0;

  constructor(options: IngestOptions) {
    this.#options = options;
    this.#progress = new ProgressTracker(options.onProgress);
    this.#embedder = new ChunkEmbedder(options.store, options.embedder);
    this.#counter = new TokenCounter((texts) => this.#countTokens(texts));
  }

  async run(): Promise<IngestReport> {
    const { store, embedder, reembed, signal } = this.#options;
    const start = performance.now();
    checkOptions(this.#options);
    if (!reembed) store.checkEmbedder(embedderRecord(embedder));
    const planned = await this.#plan();
    signal?.throwIfAborted();
    if (reembed || planned.length > 0) {
      if (reembed) await this.#storeTogether(planned);
      else await this.#storeOneByOne(planned);
      store.chunks.clearStaged();
      store.checkpoint();
    }
    return this.#report(start);
  }

  /** Everything that has to be done, parsed and chunked. */
  async #plan(): Promise<Planned[]> {
    const { paths, signal, store, reembed } = this.#options;
    const planned: Planned[] = [];
    for await (const found of readSources(paths)) {
      signal?.throwIfAborted();
      try {
        if ("problem" in found) throw found.problem;
        const document = await this.#planSource(found.source);
        if (document) planned.push(document);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        const name = "problem" in found ? found.name : found.source.name;
        this.#failures.push({ name, message: error.message, next: error.next });
      }
    }
    if (!reembed) return planned;
    for (const stored of store.documents.list()) {
      if (!this.#seen.has(stored.sha256)) planned.push(await this.#planStored(stored));
    }
    return planned;
  }

  async #planSource(source: Source): Promise<Planned | undefined> {
    const { collection, reembed, signal } = this.#options;
    if (this.#seen.has(source.sha256)) return;
    this.#seen.add(source.sha256);
    const stored = this.#stored(source.sha256);
    if (stored && !reembed && await this.#isComplete(stored)) {
      this.#documents.push({ ...facts(stored), status: "unchanged" });
      return;
    }
    const { document, sections, words } = await parseSource(source, collection, signal);
    const prepared = await prepare(document, sections, words, this.#counter, signal);
    this.#progress.found(prepared.items.length, prepared.chunks);
    return { ...prepared, status: !stored ? "added" : reembed ? "re-embedded" : "completed" };
  }

  async #planStored(stored: StoredDocument): Promise<Planned> {
    const { store, signal } = this.#options;
    const { collection, name, sha256, mediaType, bytes, versionDate, notices, words } = stored;
    const sections = storedSections(store, stored.id);
    const document = { collection, name, sha256, mediaType, bytes, versionDate, notices };
    const prepared = await prepare(document, sections, words, this.#counter, signal);
    this.#progress.found(prepared.items.length, prepared.chunks);
    return { ...prepared, status: "re-embedded" };
  }

  /** Each document as soon as its vectors are there. */
  async #storeOneByOne(planned: Planned[]): Promise<void> {
    const { store, embedder, signal } = this.#options;
    this.#progress.embedding(this.#embedder.recall(planned.flatMap(({ items }) => items)));
    for (const document of planned) {
      await this.#embed(document);
      signal?.throwIfAborted();
      this.#progress.storing();
      store.transaction(() => {
        if (hasVectors(document)) store.setEmbedder(embedderRecord(embedder));
        this.#store(document);
      });
    }
  }

  /** All at once: vectors and chunks of two kinds never stand beside each other. */
  async #storeTogether(planned: Planned[]): Promise<void> {
    const { store, embedder, signal } = this.#options;
    this.#progress.embedding(this.#embedder.recall(planned.flatMap(({ items }) => items)));
    for (const document of planned) await this.#embed(document);
    signal?.throwIfAborted();
    if (this.#embedder.unavailable) throw this.#embedder.unavailable;
    this.#progress.storing();
    store.transaction(() => {
      store.setEmbedder(embedderRecord(embedder));
      for (const document of planned) this.#store(document);
    });
  }

  async #embed(document: Planned): Promise<void> {
    const start = performance.now();
    await this.#embedder.fill(document.items, this.#progress, this.#options.signal);
    this.#embeddingSeconds += (performance.now() - start) / 1000;
  }

  #store({ document, items, status }: Planned): void {
    const { store } = this.#options;
    const replaces = replacedBy(store, document, items.map(({ section }) => section.number));
    const notices = [
      ...document.notices,
      ...duplicateNotices(store, document.collection, items, replaces),
    ];
    const stored = store.documents.replace({ ...document, notices }, items, { replaces });
    const replaced = status === "added" && replaces.length > 0;
    this.#documents.push({ ...facts(stored), status: replaced ? "replaced" : status });
  }

  #stored(sha256: string): StoredDocument | undefined {
    const { store } = this.#options;
    return store.documents.findBySha256("far", sha256) ??
      store.documents.findBySha256("dfars", sha256);
  }

  /** Whether nothing can be added to a stored document: it has all its vectors, or there is no model to make them. */
  async #isComplete({ id }: StoredDocument): Promise<boolean> {
    const { store } = this.#options;
    const { chunks, vectors } = store.counts();
    if (chunks === vectors) return true;
    const missing = store.sections.ofDocument(id).some((section) => {
      const ids = store.chunks.ofSection(section.id).map((chunk) => chunk.id);
      return store.chunks.vectorsOf(ids).size < ids.length;
    });
    if (!missing) return true;
    await this.#countTokens([""]);
    return this.#embedder.unavailable !== undefined;
  }

  async #countTokens(texts: string[]): Promise<number[]> {
    if (this.#embedder.unavailable) return await estimateTokens(texts);
    try {
      return await this.#options.embedder.countTokens(texts);
    } catch (error) {
      if (!(error instanceof EmbedderUnavailable)) throw error;
      this.#embedder.unavailable = error;
      return await estimateTokens(texts);
    }
  }

  #report(start: number): IngestReport {
    const sum = (pick: (document: IngestedDocument) => number) =>
      this.#documents.reduce((total, document) => total + pick(document), 0);
    const { unavailable, embedded } = this.#embedder;
    return {
      documents: this.#documents,
      failures: this.#failures,
      sections: sum(({ sections }) => sections),
      words: sum(({ words }) => words),
      chunks: sum(({ chunks }) => chunks),
      embedded,
      seconds: (performance.now() - start) / 1000,
      embeddingSeconds: this.#embeddingSeconds,
      wordsOnly: unavailable &&
        `${unavailable.message} The text can be searched by words only. ${unavailable.next} ` +
          "Then run `farchat ingest` again: it adds what is missing.",
    };
  }
}

function checkOptions({ paths, collection, reembed }: IngestOptions): void {
  if (paths.length === 0 && !reembed) {
    throw new Problem("At least one file or folder was expected, none was given.", {
      next: "Give the XML of the FAR or the DFARS: `farchat ingest PATH...`.",
    });
  }
  if (collection === "uploads") {
    throw new Problem("Only the FAR and the DFARS can be ingested yet, not uploads.", {
      next: "Give --collection far or dfars, or leave it out.",
    });
  }
}

function hasVectors({ items }: PreparedDocument): boolean {
  return items.some(({ chunks }) => chunks.some(({ vector }) => vector !== undefined));
}

function facts(stored: StoredDocument): Omit<IngestedDocument, "status"> {
  const { name, collection, sections, words, chunks, notices } = stored;
  return { name, collection, sections, words, chunks, notices };
}
