/** `farchat serve`: the web server, from its first request to its last. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { getLogger } from "@logtape/logtape";
import type { Handler } from "fresh";
import { createApp, STATIC_DIR } from "../fresh.config.ts";
import { type Farchat, openFarchat } from "../lib/farchat.ts";
import { expectTracker } from "../lib/ops/errors.ts";
import { watchKeyAge } from "../lib/ops/key_age.ts";
import { returnMemory } from "../lib/native/return_memory.ts";
import { configureLogs, endLogs } from "../lib/ops/log.ts";
import { loadSettings, processSources, type Settings } from "../lib/ops/settings.ts";
import { Schedule } from "../lib/ops/schedule.ts";
import { type ProcessWatch, watchProcess } from "../lib/ops/watch_process.ts";
import { Problem } from "../lib/problem.ts";
import { banner } from "../lib/web/banner.ts";

/** The page that is waited for at the start is answered before the search index is read, in milliseconds. */
const WARM_UP_MS = 300;

/** How long answers being written may take to their end at a shutdown, in milliseconds. */
const GRACE_MS = 10_000;

/** After that, what is left of responses is cut off after this, in milliseconds. */
const CUT_OFF_MS = 1000;

/** Serves until SIGINT or SIGTERM; then 0. Throws a `Problem` when the port or the data folder can't be used. */
export async function serveCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { host: { type: "string" }, port: { type: "string" }, data: { type: "string" } },
  });
  const sources = processSources({
    HOST: values.host,
    PORT: values.port,
    FARCHAT_DATA: values.data,
  });
  const settings = loadSettings(sources);
  await configureLogs(settings);
  expectTracker(settings);
  const stop = new AbortController();
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  const onSignal = () => {
    if (stop.signal.aborted) Deno.exit(130); // asked twice: at once
    stop.abort();
  };
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
  try {
    const open = () => openFarchat(settings, { sources, lock: true });
    await serve(settings, stop.signal, (text) => console.error(text), open);
    return 0;
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
    await endLogs();
  }
}

/**
 * Serves until `stop` aborts. It listens before the database is open, so that a port in use is told at once and a
 * probe waits instead of failing; the model warms up behind the first pages.
 */
export async function serve(
  settings: Settings,
  stop: AbortSignal,
  print: (text: string) => void,
  open: () => Promise<Farchat>,
): Promise<void> {
  const log = getLogger(["farchat", "web"]);
  const opened = Promise.withResolvers<Handler>();
  opened.promise.catch(() => {});
  const server = listen(settings, async (req, info) => await (await opened.promise)(req, info));
  let farchat: Farchat;
  try {
    farchat = await open();
  } catch (error) {
    opened.reject(error);
    await server.shutdown();
    throw error;
  }
  try {
    const recovered = farchat.answers.recover();
    if (recovered > 0) log.warn("{recovered} answers were cut off and are kept", { recovered });
    opened.resolve(createApp(farchat).handler());
    const { hostname, port } = server.addr;
    print(banner(farchat, {
      url: `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`,
      islands: existsSync(`${STATIC_DIR}/islands/manifest.json`),
    }));
    const embedderIsWarm = farchat.embedder.warmUp();
    let watch: ProcessWatch | undefined;
    setTimeout(() => {
      warmUp(farchat, stop);
      void embedderIsWarm.then(returnMemory);
      if (!stop.aborted) watch = watchProcess(farchat);
    }, WARM_UP_MS);
    watchKeyAge({
      settings: farchat.settings,
      lastTold: () => farchat.store.settings.get("key_age_told"),
      told: (at) => farchat.store.settings.set("key_age_told", at),
    }, stop);
    const schedule = new Schedule(farchat.settings, farchat.store).start();
    await aborted(stop);
    print("Stopping: answers being written may take up to ten seconds.");
    farchat.metrics.stopping = true; // not ready, while still answering
    await seconds(farchat.settings.DRAIN_SECONDS);
    await schedule.close();
    await shutDown(server, farchat);
    await watch?.close();
  } finally {
    await farchat.close();
  }
}

/** Reads what the first question would wait for; a page that comes meanwhile waits for about half a second. */
function warmUp(farchat: Farchat, stop: AbortSignal): void {
  if (stop.aborted) return;
  try {
    farchat.retriever.warmUp();
  } catch (error) {
    getLogger(["farchat", "web"]).warn("search did not warm up: {error}", { error: String(error) });
  }
}

function listen(settings: Settings, handler: Deno.ServeHandler): Deno.HttpServer<Deno.NetAddr> {
  const { HOST: hostname, PORT: port } = settings;
  try {
    const options = { hostname, port, automaticCompression: true, onListen: () => {} };
    return Deno.serve(options, handler);
  } catch (cause) {
    if (cause instanceof Deno.errors.AddrInUse) {
      throw new Problem(`Port ${port} is in use by another program, perhaps another FARchat.`, {
        next: `Stop that one, or choose another port: farchat serve --port ${port + 1}`,
        cause,
      });
    }
    if (cause instanceof Deno.errors.AddrNotAvailable || cause instanceof TypeError) {
      throw new Problem(`Expected an address of this machine to listen at, found ${hostname}.`, {
        next: "Use --host 127.0.0.1 for this machine alone, or --host 0.0.0.0 for its network.",
        cause,
      });
    }
    if (cause instanceof Deno.errors.PermissionDenied) {
      throw new Problem(`This user may not listen at port ${port}.`, {
        next: "Choose a port above 1023: farchat serve --port 8000",
        cause,
      });
    }
    throw cause;
  }
}

/** Takes no more connections, lets answers end, then closes what is still open. */
async function shutDown(
  server: Deno.HttpServer<Deno.NetAddr>,
  farchat: Farchat,
): Promise<void> {
  const closed = server.shutdown();
  await farchat.answers.close(GRACE_MS);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, CUT_OFF_MS));
  await Promise.race([closed, late]);
  clearTimeout(timer);
  farchat.store.checkpoint();
}

function seconds(count: number): Promise<void> {
  return count === 0
    ? Promise.resolve()
    : new Promise((resolve) => setTimeout(resolve, count * 1000));
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true })
  );
}
