/**
 * Load: pages, searches and questions of 100 people at once on the complete FAR and DFARS, against `farchat serve` as
 * people run it, on this machine's loopback alone.
 *
 *     deno task bench load [--seconds 60] [--connections 100] [--data FOLDER]
 *     deno task bench load --soak 20       mixed load for so many minutes, and whether memory grows
 *
 * The people are another process, so with two cores they take part of what the server could have.
 */
import { parseArgs } from "node:util";
import { fullCorpus } from "../tests/support/full_corpus.ts";
import { type RunningFarchat, startFarchat } from "../tests/support/running_farchat.ts";
import { repositoryPath } from "../tests/support/shared.ts";

const SCENARIOS = ["pages", "search", "ask"];
/** Milliseconds between two looks at the memory. */
const LOOK_MS = 5000;
/** After so long without a request V8 collects, in milliseconds. */
const QUIET_MS = 25_000;
/** People of the mixed load: as many as keep both cores busy, without a queue that hides growth. */
const SOAK_CONNECTIONS = 20;

/** Every connection is another client behind a proxy, each with limits of its own. */
const ENV = { TRUSTED_PROXIES: "127.0.0.1", LOG_LEVEL: "WARNING" };

interface Load {
  scenario: string;
  requests: number;
  perSecond: number;
  /** Milliseconds, as the others. */
  p50: number;
  p95: number;
  p99: number;
  worst: number;
  failed: number;
  statuses: Record<string, number>;
}

/** Runs the bench and prints a table; 1 where a request failed or the official text is missing. */
export async function benchLoad(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: "string", default: "60" },
      connections: { type: "string", default: "100" },
      data: { type: "string" },
      soak: { type: "string" },
    },
  });
  const from = values.data ?? await fullCorpus();
  if (!from) {
    console.error("The bench needs the official text in ../shared/corpus/ecfr, found none.");
    return 1;
  }
  await using farchat = await startFarchat({ from, env: ENV });
  await warm(farchat.url);
  return values.soak === undefined
    ? await load(farchat, Number(values.connections), Number(values.seconds))
    : await soak(farchat, Number(values.soak) * 60);
}

async function load(farchat: RunningFarchat, connections: number, seconds: number) {
  console.log(`${connections} people at once, ${seconds} s each; milliseconds; memory in MB\n`);
  console.log("| what | requests/s | p50 | p95 | p99 | worst | failed | memory before | after |");
  console.log("|---|---|---|---|---|---|---|---|---|");
  let failed = 0;
  for (const scenario of SCENARIOS) {
    const before = await memory(farchat.url);
    const found = await people(farchat.url, scenario, connections, seconds);
    const after = await memory(farchat.url);
    failed += found.failed;
    const times = [found.p50, found.p95, found.p99, found.worst].map((ms) => ms.toFixed(0));
    const row = [scenario, found.perSecond.toFixed(0), ...times, found.failed, before, after];
    console.log(`| ${row.join(" | ")} |`);
    if (found.failed > 0) console.log(JSON.stringify(found.statuses));
  }
  return failed > 0 ? 1 : 0;
}

async function soak(farchat: RunningFarchat, seconds: number): Promise<number> {
  const before = await quiet(farchat.url);
  const looks: number[] = [];
  const timer = setInterval(() => {
    memory(farchat.url).then((mb) => looks.push(mb), () => {});
  }, LOOK_MS);
  const found = await people(farchat.url, "mixed", SOAK_CONNECTIONS, seconds);
  clearInterval(timer);
  console.log(
    `${found.requests} requests in ${seconds} s, ${found.perSecond.toFixed(0)} a second; p50 ${
      found.p50.toFixed(0)
    } ms, p95 ${found.p95.toFixed(0)} ms, p99 ${found.p99.toFixed(0)} ms; ${found.failed} failed`,
  );
  const sixth = Math.max(1, Math.floor(looks.length / 6));
  const median = (part: number[]) => part.toSorted((a, b) => a - b)[Math.floor(part.length / 2)];
  const parts = Array.from(
    { length: 6 },
    (_, i) => median(looks.slice(i * sixth, (i + 1) * sixth)),
  );
  console.log(`memory in MB, median of each sixth of the time: ${parts.join(", ")}`);
  // While there is memory, V8 lets garbage lie: what counts is what is left when it has time to collect.
  console.log(`in quiet: ${before} before, ${await quiet(farchat.url)} after`);
  return found.failed > 0 ? 1 : 0;
}

/** Waits until the server has had time to collect its garbage; memory and JavaScript objects in MB. */
async function quiet(url: string): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  const { memory } = await (await fetch(`${url}/health`)).json();
  return `${Math.round(memory.rss / 1e6)} MB (objects ${Math.round(memory.heap_used / 1e6)} MB)`;
}

async function people(
  url: string,
  scenario: string,
  connections: number,
  seconds: number,
): Promise<Load> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--quiet", "--no-prompt", "--allow-net=127.0.0.1", "--allow-env"]
      .concat("--allow-read", "--allow-sys", repositoryPath("bench/load_child.ts"))
      .concat(url, scenario, String(connections), String(seconds)),
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Waits for the model, and until everything that comes only once has come. */
async function warm(url: string): Promise<void> {
  for (let i = 0; i < 10; i++) {
    const response = await fetch(`${url}/api/v1/search?q=when+are+cost+or+pricing+data+required`);
    await response.arrayBuffer();
  }
}

/** The server's memory (RSS) in MB. */
async function memory(url: string): Promise<number> {
  const health = await (await fetch(`${url}/health`)).json();
  return Math.round(health.memory.rss / 1e6);
}
