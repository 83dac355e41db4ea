/** `farchat ingest PATH...`: loads the official text of the FAR and the DFARS. */
import { parseArgs } from "node:util";
import { createEmbedder } from "../lib/embed/embedder.ts";
import { databasePath } from "../lib/farchat.ts";
import { ingest, type IngestReport } from "../lib/ingest/mod.ts";
import { configureLogs } from "../lib/ops/log.ts";
import { loadSettings, processSources } from "../lib/ops/settings.ts";
import type { Collection } from "../lib/regulation/types.ts";
import { openStore } from "../lib/store/mod.ts";
import { count, duration, ProgressPrinter } from "./ingest_progress.ts";

const COLLECTIONS = ["far", "dfars", "uploads"];

/** The ingest command; see lib/ingest. Returns 0 when every file is stored, 1 when one is not, 2 for wrong usage. */
export async function ingestCommand(args: string[]): Promise<number> {
  const { values, positionals: paths } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      collection: { type: "string" },
      data: { type: "string" },
      json: { type: "boolean", default: false },
      "re-embed": { type: "boolean", default: false },
    },
  });
  const { json, "re-embed": reembed } = values;
  if (paths.length === 0 && !reembed) return wrongUsage("expected a file or a folder, found none");
  if (values.collection !== undefined && !COLLECTIONS.includes(values.collection)) {
    return wrongUsage(`expected --collection far or dfars, found "${values.collection}"`);
  }
  const settings = loadSettings(processSources({ FARCHAT_DATA: values.data }));
  await configureLogs(settings);

  const stop = new AbortController();
  const stopping = () => {
    // A second Ctrl-C ends the process at once, which is as safe.
    if (stop.signal.aborted) Deno.exit(130);
    stop.abort(new Stopped());
  };
  const memory = new PeakMemory();
  const progress = new ProgressPrinter();
  const embedder = createEmbedder({ modelsDir: settings.FARCHAT_MODELS_DIR });
  let store: ReturnType<typeof openStore> | undefined;
  Deno.addSignalListener("SIGINT", stopping);
  try {
    store = openStore({ path: databasePath(settings), busyTimeoutMs: 30_000 });
    const report = await ingest({
      store,
      embedder,
      paths,
      collection: values.collection as Collection | undefined,
      reembed,
      signal: stop.signal,
      onProgress: (now) => {
        memory.look();
        progress.show(now);
      },
    });
    progress.end();
    const peakBytes = memory.end();
    if (json) console.log(JSON.stringify({ ...report, peakMemoryBytes: peakBytes }));
    printReport(report, peakBytes);
    return report.failures.length > 0 ? 1 : 0;
  } catch (error) {
    progress.end();
    if (!(error instanceof Stopped)) throw error;
    console.error(
      "Stopped. Documents are stored whole or not at all; run the same command again and it goes on from here.",
    );
    return 1;
  } finally {
    Deno.removeSignalListener("SIGINT", stopping);
    memory.end();
    await embedder.close();
    store?.close();
  }
}

class Stopped extends Error {}

function wrongUsage(message: string): number {
  console.error(`farchat ingest: ${message}.`);
  console.error(
    "Usage: farchat ingest PATH... [--collection far|dfars] [--data FOLDER] [--re-embed] [--json]",
  );
  return 2;
}

/** Standard error, so that --json leaves one document on standard output. */
function printReport(report: IngestReport, peakBytes: number): void {
  for (const document of report.documents) {
    const { name, collection, status, sections, words, chunks, notices } = document;
    console.error(
      `${name} (${collection.toUpperCase()}): ${status}; ${count(sections)} sections, ${
        count(words)
      } words, ${count(chunks)} chunks`,
    );
    for (const notice of notices) console.error(`  ${notice}`);
  }
  for (const { message, next } of report.failures) console.error(`${message}\n  ${next}`);
  if (report.wordsOnly) console.error(report.wordsOnly);
  const { sections, words, chunks, embedded, seconds, embeddingSeconds } = report;
  const parts = [
    `${count(sections)} sections, ${count(words)} words, ${count(chunks)} chunks`,
    duration(seconds),
  ];
  if (embedded > 0) {
    const rate = Math.round(embedded / embeddingSeconds);
    parts.push(`${count(embedded)} chunks embedded, ${rate} a second`);
  }
  parts.push(`${Math.round(peakBytes / 1e6)} MB of memory at most`);
  console.error(parts.join("; "));
}

/** The most memory the process had, looked at a few times a second. */
class PeakMemory {
  #peak = 0;
  readonly #timer = setInterval(() => this.look(), 250);

  look(): void {
    this.#peak = Math.max(this.#peak, Deno.memoryUsage().rss);
  }

  /** Stops looking; the peak in bytes. */
  end(): number {
    clearInterval(this.#timer);
    this.look();
    return this.#peak;
  }
}
