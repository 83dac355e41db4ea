/** What `ingestInWorker` and its worker say to each other. */
import type { Collection } from "../regulation/types.ts";
import type { IngestProgress, IngestReport } from "./types.ts";

export interface StartMessage {
  kind: "start";
  storePath: string;
  vectorExtension?: string;
  paths: string[];
  collection?: Collection;
  reembed?: boolean;
  modelsDir?: string;
  threads?: number;
}

export type ToIngestWorker = StartMessage | { kind: "stop" };

export type FromIngestWorker =
  | { kind: "progress"; progress: IngestProgress }
  | { kind: "done"; report: IngestReport }
  | { kind: "problem"; message: string; next: string; status: number }
  | { kind: "stopped" }
  /** A mistake in the program; `message` is for the log. */
  | { kind: "failed"; message: string };
