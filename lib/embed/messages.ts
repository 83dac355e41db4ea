/** What the embedder and its worker say to each other. */
import type { ModelFolder } from "./model_folder.ts";

/** First message to the worker. */
export interface LoadMessage {
  kind: "load";
  model: ModelFolder;
  threads: number;
}

/** Work for the worker; it is answered in the order it comes. */
export type WorkMessage = { kind: "embed" | "count"; texts: string[] };

/** Last message: frees the model. */
export interface CloseMessage {
  kind: "close";
}

export type ToWorker = LoadMessage | WorkMessage | CloseMessage;

export type FromWorker =
  | { kind: "ready" }
  /** The vectors one after the other. */
  | { kind: "vectors"; numbers: Float32Array }
  | { kind: "counts"; counts: number[] }
  | { kind: "closed" }
  /** `message` is for the log: it may name paths. */
  | { kind: "failed"; message: string };
