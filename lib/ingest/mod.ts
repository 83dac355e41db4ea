/** Files into the store: see ingest.ts. */
export { ingest } from "./ingest.ts";
export { ingestInWorker, type IngestInWorkerOptions } from "./ingest_in_worker.ts";
export { embedderRecord } from "./embedder_record.ts";
export type { IngestedDocument, IngestOptions, IngestProgress, IngestReport } from "./types.ts";
