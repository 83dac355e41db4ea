/**
 * A FARchat server for the bench: prints its port as the first line of standard output; a line "ingest" on standard
 * input embeds everything again in a worker, as an administrator's ingestion would, and "done" is printed at the end.
 */
import { createApp } from "../fresh.config.ts";
import { databasePath, openFarchat } from "../lib/farchat.ts";
import { ingestInWorker } from "../lib/ingest/ingest_in_worker.ts";
import { loadSettings } from "../lib/ops/settings.ts";

const settings = loadSettings({
  flags: {
    FARCHAT_DATA: Deno.args[0],
    RATE_LIMIT_PER_MINUTE: "100000",
    ASK_LIMIT_PER_MINUTE: "100000",
  },
});
const farchat = await openFarchat(settings);
const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) },
  createApp(farchat).handler(),
);

for await (const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  if (line.includes("warm")) {
    await farchat.embedder.warmUp();
    console.log("warm");
  } else if (line.includes("ingest")) {
    const stop = new AbortController();
    ingestInWorker({
      storePath: databasePath(settings),
      paths: [],
      reembed: true,
      threads: 1,
      signal: stop.signal,
    }).then(() => console.log("done"), () => console.log("stopped"));
    console.log("ingesting");
  } else if (line.includes("memory")) {
    console.log(String(Deno.memoryUsage().rss));
  } else if (line.includes("quit")) {
    break;
  }
}
await server.shutdown();
await farchat.close();
Deno.exit(0);
