/** The worker in which a server ingests: its own connection to the store, its own embedder. */
/// <reference lib="deno.worker" />
import { availableParallelism } from "node:os";
import { createEmbedder } from "../embed/embedder.ts";
import { Problem } from "../problem.ts";
import { openStore } from "../store/mod.ts";
import { ingest } from "./ingest.ts";
import type { FromIngestWorker, StartMessage, ToIngestWorker } from "./worker_messages.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
const stop = new AbortController();

scope.onmessage = (event: MessageEvent<ToIngestWorker>) => {
  if (event.data.kind === "stop") stop.abort();
  else run(event.data).then(send);
};

async function run(start: StartMessage): Promise<FromIngestWorker> {
  const { storePath, vectorExtension, modelsDir, paths, collection, reembed } = start;
  // One core stays free for pages and questions.
  const threads = start.threads ?? Math.max(1, Math.min(2, availableParallelism() - 1));
  const embedder = createEmbedder({ modelsDir, threads });
  try {
    // The server writes to the same file: its short transactions are waited for.
    const store = openStore({ path: storePath, vectorExtension, busyTimeoutMs: 30_000 });
    try {
      const report = await ingest({
        store,
        embedder,
        paths,
        collection,
        reembed,
        signal: stop.signal,
        onProgress: (progress) => send({ kind: "progress", progress }),
      });
      return { kind: "done", report };
    } finally {
      store.close();
    }
  } catch (error) {
    return failure(error);
  } finally {
    await embedder.close();
  }
}

function failure(error: unknown): FromIngestWorker {
  if (stop.signal.aborted && error === stop.signal.reason) return { kind: "stopped" };
  if (error instanceof Problem) {
    const { message, next, status } = error;
    return { kind: "problem", message, next, status };
  }
  return {
    kind: "failed",
    message: error instanceof Error ? error.stack ?? error.message : String(error),
  };
}

function send(message: FromIngestWorker): void {
  scope.postMessage(message);
}
