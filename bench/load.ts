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
import { startFarchat } from "../tests/support/running_farchat.ts";
import { LOAD_ENV, memory, people, warm } from "./people.ts";
import { benchSoak } from "./soak.ts";

const SCENARIOS = ["pages", "search", "ask"];

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
  return values.soak === undefined
    ? await load(from, Number(values.connections), Number(values.seconds))
    : await benchSoak(from, Number(values.soak) * 60);
}

async function load(from: string, connections: number, seconds: number): Promise<number> {
  await using farchat = await startFarchat({ from, env: LOAD_ENV });
  await warm(farchat.url);
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
