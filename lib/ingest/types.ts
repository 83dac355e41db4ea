/** What an ingestion is asked and what it tells. */
import type { Collection } from "../regulation/types.ts";
import type { Embedder } from "../embed/types.ts";
import type { Store } from "../store/mod.ts";

export interface IngestOptions {
  store: Store;
  embedder: Embedder;
  /** Files and folders; may be empty with `reembed`. */
  paths: string[];
  /** What the files are expected to be; whatever they say they are when absent. */
  collection?: Collection;
  /** Stops between two batches; what was embedded by then is kept for the next run. */
  signal?: AbortSignal;
  /** Chunks and embeds also what is stored already, from the stored text. */
  reembed?: boolean;
  onProgress?(progress: IngestProgress): void;
}

/** How far an ingestion is; the totals grow while files are read. */
export interface IngestProgress {
  phase: "reading" | "embedding" | "storing";
  sectionsDone: number;
  sectionsTotal: number;
  chunksDone: number;
  chunksTotal: number;
  /** Of those embedded in this run; 0 until some are. */
  chunksPerSecond: number;
  /** Undefined until it can be told. */
  secondsLeft?: number;
}

/** What became of one file. */
export interface IngestedDocument {
  name: string;
  collection: Collection;
  /** "completed": stored by words only before, now with vectors. */
  status: "added" | "replaced" | "unchanged" | "completed" | "re-embedded";
  sections: number;
  words: number;
  chunks: number;
  notices: string[];
}

export interface IngestReport {
  documents: IngestedDocument[];
  /** Files that could not be read; nothing of them is stored. */
  failures: { name: string; message: string; next: string }[];
  /** Sums over the documents. */
  sections: number;
  words: number;
  chunks: number;
  /** Chunks whose vector was made in this run; the others had one already. */
  embedded: number;
  /** Seconds in all, and of those spent on embedding. */
  seconds: number;
  embeddingSeconds: number;
  /** Set when chunks were stored without vectors: why, and what to do. */
  wordsOnly?: string;
}
