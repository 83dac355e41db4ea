/**
 * Latency of pages and searches with the complete FAR and DFARS, idle and while the DFARS is ingested again in the
 * same process, and the server's memory. Requests come one at a time from another process, as a reader's would.
 */
import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fullCorpus } from "../tests/support/full_corpus.ts";
import { startFarchat } from "../tests/support/running_farchat.ts";
import { repositoryPath, sharedDir } from "../tests/support/shared.ts";

const REQUESTS = 200;
const QUESTIONS = [
  "when do I need certified cost or pricing data?",
  "can we get paid before the parts are delivered",
  "who approves a justification for other than full and open competition",
  "how long do I have to protest to GAO",
  "does DFARS 252.204-7012 flow down to subcontractors",
  "FAR 15.404-1(c)",
  "late proposal acceptance",
  "what is a commercial service",
];
const PATHS: Record<string, (i: number) => string> = {
  "/": () => "/",
  "/far/15.403-4": () => "/far/15.403-4",
  "/far/52.212-4 (long)": () => "/far/52.212-4",
  "/far/15 (part)": () => "/far/15",
  "/healthz": () => "/healthz",
  "/api/v1/search": (i) =>
    `/api/v1/search?q=${encodeURIComponent(QUESTIONS[i % QUESTIONS.length])}`,
  "/search (page)": (i) => `/search?q=${encodeURIComponent(QUESTIONS[i % QUESTIONS.length])}`,
};

interface Latency {
  p50: number;
  p95: number;
  worst: number;
}

/** Runs the bench and prints one table; exit code 1 where the official text is missing. */
export async function benchServing(): Promise<number> {
  const corpus = await fullCorpus();
  if (!corpus) {
    console.error("The bench needs the official text in ../shared/corpus/ecfr, found none.");
    return 1;
  }
  console.log(`start to first page, complete text: ${(await startTimes(corpus)).join(", ")} ms`);
  const data = mkdtempSync(join(tmpdir(), "farchat-bench-"));
  const server = await startServer(corpus, data);
  try {
    const started = performance.now();
    const first = await timed(`${server.url}/`);
    console.log(`first page ${first.toFixed(0)} ms after the server listens`);
    await server.say("warm");
    console.log(`model ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    console.log(`memory before a question ${await memory(server)} MB`);
    const idle = await measure(server.url);
    console.log(
      `memory after ${REQUESTS * Object.keys(PATHS).length} requests ${await memory(server)} MB`,
    );
    await server.say("ingest");
    await delay(8000); // reading is over and the model is busy
    const busy = await measure(server.url);
    console.log(`the ingestion meanwhile: ${await server.say("progress")}`);
    console.log(`memory while ingesting ${await memory(server)} MB`);
    printTable(idle, busy);
    return 0;
  } finally {
    await server.stop();
    Deno.removeSync(data, { recursive: true });
  }
}

/** Milliseconds from the command to the first page, of five starts of `farchat serve`. */
async function startTimes(from: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    await using farchat = await startFarchat({ from });
    times.push(Math.round(farchat.startedMs + await timed(`${farchat.url}/`)));
  }
  return times;
}

async function measure(url: string): Promise<Record<string, Latency>> {
  const found: Record<string, Latency> = {};
  for (const [name, path] of Object.entries(PATHS)) {
    const times: number[] = [];
    for (let i = 0; i < REQUESTS; i++) times.push(await timed(url + path(i)));
    times.sort((a, b) => a - b);
    found[name] = {
      p50: times[REQUESTS / 2],
      p95: times[REQUESTS * 0.95],
      worst: times[REQUESTS - 1],
    };
  }
  return found;
}

async function timed(url: string): Promise<number> {
  const started = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return performance.now() - started;
}

function printTable(idle: Record<string, Latency>, busy: Record<string, Latency>): void {
  const shown = (l: Latency) => `${l.p50.toFixed(1)} / ${l.p95.toFixed(1)} / ${l.worst.toFixed(0)}`;
  console.log(`\nmilliseconds, p50 / p95 / worst of ${REQUESTS}\n`);
  console.log(`| request | idle | during an ingestion | ratio of p50 |`);
  console.log(`|---|---|---|---|`);
  for (const name of Object.keys(idle)) {
    const ratio = (busy[name].p50 / idle[name].p50).toFixed(1);
    console.log(`| ${name} | ${shown(idle[name])} | ${shown(busy[name])} | ${ratio} |`);
  }
}

interface BenchServer {
  url: string;
  /** Sends a line and returns the answer's line. */
  say(line: string): Promise<string>;
  stop(): Promise<void>;
}

async function startServer(corpus: string, data: string): Promise<BenchServer> {
  cpSync(corpus, data, { recursive: true });
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-net", "--allow-read", "--allow-write", "--allow-env"]
      .concat("--allow-ffi", "--allow-sys", repositoryPath("bench", "serving_child.ts"), data)
      .concat(join(sharedDir()!, "corpus", "ecfr", "title-48-chapter-2.xml.gz")),
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = lineReader(child.stdout);
  const input = child.stdin.getWriter();
  const port = await lines();
  const say = async (line: string) => {
    await input.write(new TextEncoder().encode(line + "\n"));
    return await lines();
  };
  const stop = async () => {
    child.kill("SIGKILL"); // an ingestion may be under way: nothing of it is wanted
    await input.close().catch(() => {});
    await child.status;
  };
  return { url: `http://127.0.0.1:${port}`, say, stop };
}

function lineReader(stream: ReadableStream<Uint8Array>): () => Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let buffered = "";
  return async () => {
    while (!buffered.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) throw new Error("the bench's server ended early");
      buffered += decoder.decode(value, { stream: true });
    }
    const end = buffered.indexOf("\n");
    const line = buffered.slice(0, end);
    buffered = buffered.slice(end + 1);
    return line;
  };
}

async function memory(server: BenchServer): Promise<number> {
  return Math.round(Number(await server.say("memory")) / 1e6);
}

const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
