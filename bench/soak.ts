/**
 * Whether memory grows: mixed load in rounds, and after each what the server still holds once it was made to collect.
 * Without that the numbers say nothing: while the machine has memory V8 leaves garbage where it is, in a quiet server
 * too, so that its heap is larger after any load.
 */
import { collectGarbage, inspected, INSPECTOR_LINE } from "../tests/support/inspector.ts";
import { type RunningFarchat, startFarchat } from "../tests/support/running_farchat.ts";
import { LOAD_ENV, memory, people, warm } from "./people.ts";

/** The first brings in everything that is remembered; the others should add nothing. */
const ROUNDS = 4;
/** As many as keep both cores busy, without a queue that hides growth. */
const CONNECTIONS = 20;
/** Milliseconds between two looks at the memory under load. */
const LOOK_MS = 5000;
/** An answer's events stay in memory for a minute after its end, for readers who reconnect; in milliseconds. */
const FORGOTTEN_MS = 65_000;

/** Bytes. */
interface Held {
  rss: number;
  objects: number;
}

/** Prints a table with a row for each round; 1 where a request failed. `from` is a data folder. */
export async function benchSoak(from: string, seconds: number): Promise<number> {
  await using farchat = await startFarchat({ from, env: LOAD_ENV, wrap: inspected });
  await warm(farchat.url);
  const each = Math.round(seconds / ROUNDS);
  console.log(
    `${CONNECTIONS} people at once, ${ROUNDS} rounds of ${each} s; milliseconds; memory in MB: under load the median, ` +
      "held a minute after it, when garbage was collected\n",
  );
  console.log(
    "| round | requests | failed | p50 | p95 | p99 | under load | held | held by objects |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|");
  const start = await held(farchat);
  console.log(`| start | | | | | | | ${mb(start.rss)} | ${mb(start.objects)} |`);
  let failed = 0;
  let requests = 0;
  let first = start;
  let last = start;
  for (let round = 1; round <= ROUNDS; round++) {
    const looks: number[] = [];
    const timer = setInterval(() => {
      memory(farchat.url).then((mb) => looks.push(mb), () => {});
    }, LOOK_MS);
    const found = await people(farchat.url, "mixed", CONNECTIONS, each);
    clearInterval(timer);
    const median = looks.toSorted((a, b) => a - b)[Math.floor(looks.length / 2)];
    await new Promise((resolve) => setTimeout(resolve, FORGOTTEN_MS));
    last = await held(farchat);
    const times = [found.p50, found.p95, found.p99].map((ms) => ms.toFixed(0));
    const row = [round, found.requests, found.failed, ...times, median ?? ""];
    console.log(`| ${row.join(" | ")} | ${mb(last.rss)} | ${mb(last.objects)} |`);
    failed += found.failed;
    if (round === 1) first = last;
    else requests += found.requests;
  }
  const rest = Math.round((last.objects - first.objects) / requests);
  console.log(`\nobjects left by each of the ${requests} requests after round 1: ${rest} bytes`);
  return failed > 0 ? 1 : 0;
}

/** What is left when everything that nobody holds is collected. */
async function held(farchat: RunningFarchat): Promise<Held> {
  const objects = await collectGarbage(await farchat.line(INSPECTOR_LINE));
  const { memory } = await (await fetch(`${farchat.url}/health`)).json();
  return { rss: memory.rss, objects };
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
