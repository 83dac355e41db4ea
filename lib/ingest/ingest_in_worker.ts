/** Ingestion beside a server: in a worker, so that pages answer while it runs. */
import { Problem } from "../problem.ts";
import type { IngestOptions, IngestReport } from "./types.ts";
import type { FromIngestWorker, StartMessage, ToIngestWorker } from "./worker_messages.ts";

/** As for `ingest`, but with the path of the store in place of the open one. */
export interface IngestInWorkerOptions
  extends Omit<StartMessage, "kind">, Pick<IngestOptions, "signal" | "onProgress"> {}

/**
 * Runs `ingest` in a worker with its own connection to the store and its own model, on all cores but one (at most two).
 * Settles as `ingest` does.
 */
export async function ingestInWorker(options: IngestInWorkerOptions): Promise<IngestReport> {
  const { signal, onProgress, ...start } = options;
  signal?.throwIfAborted();
  const worker = new Worker(new URL("./ingest_worker.ts", import.meta.url), {
    type: "module",
    name: "farchat-ingest",
  });
  const send = (message: ToIngestWorker) => worker.postMessage(message);
  const stop = () => send({ kind: "stop" });
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<FromIngestWorker>) => {
        if (data.kind === "progress") onProgress?.(data.progress);
        else if (data.kind === "done") resolve(data.report);
        else reject(errorOf(data, signal));
      };
      worker.onerror = (event) => {
        // Without this the error would end the server.
        event.preventDefault();
        reject(new Error(`the ingestion worker died: ${event.message}`));
      };
      send({ kind: "start", ...start });
    });
  } finally {
    signal?.removeEventListener("abort", stop);
    worker.terminate();
  }
}

function errorOf(
  answer: Exclude<FromIngestWorker, { kind: "progress" | "done" }>,
  signal?: AbortSignal,
): unknown {
  if (answer.kind === "stopped") return signal?.reason;
  if (answer.kind === "failed") return new Error(answer.message);
  return new Problem(answer.message, { next: answer.next, status: answer.status });
}
