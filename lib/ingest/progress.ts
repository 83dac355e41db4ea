/** How far an ingestion is, and how long it will take. */
import type { IngestProgress } from "./types.ts";

/** Sums up what is done and tells `onProgress`. */
export class ProgressTracker {
  readonly #onProgress: (progress: IngestProgress) => void;
  readonly #now: () => number;
  #phase: IngestProgress["phase"] = "reading";
  #sectionsDone = 0;
  #sectionsTotal = 0;
  #chunksDone = 0;
  #chunksTotal = 0;
  #embedded = 0;
  #tokensDone = 0;
  #tokensTotal = 0;
  #embeddingSince?: number;

  constructor(
    onProgress: (progress: IngestProgress) => void = () => {},
    now: () => number = () => performance.now(),
  ) {
    this.#onProgress = onProgress;
    this.#now = now;
  }

  /** A document was read. */
  found(sections: number, chunks: number): void {
    this.#sectionsTotal += sections;
    this.#chunksTotal += chunks;
    this.#tell();
  }

  /** Embedding starts: so many tokens have no vector yet. */
  embedding(tokens: number): void {
    this.#phase = "embedding";
    this.#tokensTotal = tokens;
    this.#embeddingSince = this.#now();
    this.#tell();
  }

  /** Chunks, and sections that are complete with them; `embedded` and `tokens` of those that were made now. */
  did(sections: number, chunks: number, embedded: number, tokens: number): void {
    this.#sectionsDone += sections;
    this.#chunksDone += chunks;
    this.#embedded += embedded;
    this.#tokensDone += tokens;
    this.#tell();
  }

  /** A document is being written. */
  storing(): void {
    this.#phase = "storing";
    this.#tell();
    if (this.#tokensDone < this.#tokensTotal) this.#phase = "embedding";
  }

  #tell(): void {
    const seconds = this.#embeddingSince === undefined
      ? 0
      : (this.#now() - this.#embeddingSince) / 1000;
    const tokensLeft = this.#tokensTotal - this.#tokensDone;
    this.#onProgress({
      phase: this.#phase,
      sectionsDone: this.#sectionsDone,
      sectionsTotal: this.#sectionsTotal,
      chunksDone: this.#chunksDone,
      chunksTotal: this.#chunksTotal,
      chunksPerSecond: seconds > 0 ? this.#embedded / seconds : 0,
      // By tokens, for chunks are of very different length.
      secondsLeft: this.#tokensDone > 0 ? seconds * tokensLeft / this.#tokensDone : undefined,
    });
  }
}
