/** What the embedder and its worker say to each other. */
import type { ModelFolder } from "./model_folder.ts";

/** First message to the worker. */
export interface LoadMessage {
  kind: "load";
  /** Without its root it is the model in the executable: the worker unpacks it, which may take a second. */
  model: Partial<ModelFolder> & Pick<ModelFolder, "id">;
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
  /** `message` is for the log: it may name paths. `problem` is in words for an administrator. */
  | { kind: "failed"; message: string; problem?: { message: string; next: string } };
