/**
 * A FARchat server for the bench (arguments: data folder, file of the DFARS): prints its port as the first line of
 * standard output and answers each line on standard input with one. "ingest" ingests the DFARS again in a worker, as an
 * administrator's ingestion would.
 */
import { createApp } from "../fresh.config.ts";
import { databasePath, openFarchat } from "../lib/farchat.ts";
import { ingestInWorker } from "../lib/ingest/ingest_in_worker.ts";
import type { IngestProgress } from "../lib/ingest/types.ts";
import { loadSettings } from "../lib/ops/settings.ts";

const settings = loadSettings({
  flags: {
    FARCHAT_DATA: Deno.args[0],
    RATE_LIMIT_PER_MINUTE: "100000",
    ASK_LIMIT_PER_MINUTE: "100000",
  },
});
const farchat = await openFarchat(settings);
let latest: IngestProgress | undefined;
let ended = "under way";
const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) },
  createApp(farchat).handler(),
);

for await (const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  if (line.includes("warm")) {
    await farchat.embedder.warmUp();
    console.log("warm");
  } else if (line.includes("ingest")) {
    // The DFARS goes out and comes in again: a real ingestion of some 4,700 chunks, each embedded anew.
    for (const { id } of farchat.store.documents.list("dfars")) farchat.store.documents.remove(id);
    ingestInWorker({
      storePath: databasePath(settings),
      paths: [Deno.args[1]],
      threads: 1,
      onProgress: (progress) => latest = progress,
    }).then(() => ended = "done", () => ended = "failed");
    console.log("ingesting");
  } else if (line.includes("progress")) {
    const { chunksDone = 0, chunksPerSecond = 0 } = latest ?? {};
    console.log(`${ended}, ${chunksDone} chunks, ${chunksPerSecond.toFixed(0)} a second`);
  } else if (line.includes("memory")) {
    console.log(String(Deno.memoryUsage().rss));
  } else if (line.includes("quit")) {
    break;
  }
}
await server.shutdown();
await farchat.close();
Deno.exit(0);
