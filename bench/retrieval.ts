/**
 * `deno task bench retrieval [--data farchat_data] [--eval ../shared/eval/dev.jsonl] [--no-seed]`: how often the section that answers
 * is among the first, for the seed's recipe, words, vectors, their plain fusion and ours, and for ours without each of
 * its parts (weights learned anew from our own questions each time). The data folder holds the complete FAR and DFARS.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createEmbedder } from "../lib/embed/embedder.ts";
import type { Embedder } from "../lib/embed/types.ts";
import { loadAdapter } from "../lib/retrieve/adapter.ts";
import { loadReader } from "../lib/retrieve/reader.ts";
import { type EvalQuestion, evaluate, parseEval } from "../lib/retrieve/evaluate.ts";
import { FEATURES } from "../lib/retrieve/features.ts";
import { Retriever } from "../lib/retrieve/retriever.ts";
import { SearchIndex, type Without } from "../lib/retrieve/search_index.ts";
import { seedStarter } from "../lib/retrieve/starter.ts";
import { openStore, type Store } from "../lib/store/mod.ts";
import { learn } from "../scripts/listwise.ts";
import {
  crossValidated,
  decidedByRules,
  means,
  measured,
  measuredRanking,
  questionTasks,
  type TaskSource,
} from "../scripts/ranking_tasks.ts";
import { plainVariants, seedRecipe, type Variant } from "./retrieval/variants.ts";

const OWN = new URL("./retrieval/questions.jsonl", import.meta.url);
const PENALTY = 10;

export async function benchRetrieval(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: "string", default: "farchat_data" },
      eval: { type: "string", default: "../shared/eval/dev.jsonl" },
      "no-seed": { type: "boolean", default: false },
    },
  });
  const path = join(values.data, "farchat.db");
  if (!existsSync(path)) {
    console.error(
      "bench retrieval: expected a data folder with the complete FAR and DFARS, found none.\n" +
        "Run `deno task farchat ingest PATH` first, or name another with --data.",
    );
    return 1;
  }
  const store = openStore({ path });
  const embedder = createEmbedder();
  try {
    seedStarter(store);
    const own = parseEval(Deno.readTextFileSync(OWN));
    const others = existsSync(values.eval) ? parseEval(Deno.readTextFileSync(values.eval)) : own;
    await compare(store, embedder, others, !values["no-seed"]);
    await ablations(store, embedder, own, others);
    await starterOnly(embedder, others);
  } finally {
    await embedder.close();
    store.close();
  }
  return 0;
}

async function compare(
  store: Store,
  embedder: Embedder,
  questions: EvalQuestion[],
  withSeed: boolean,
) {
  const ranked = questions.filter((question) => !decidedByRules(question));
  console.log(
    `\n${ranked.length} questions without citations and follow-ups` +
      `\nrecall@1     @5    @10  MRR@10   p50 ms  p95 ms`,
  );
  const retriever = new Retriever(store, embedder);
  retriever.warmUp();
  const ours: Variant = {
    name: "ours",
    search: async (question) =>
      (await retriever.retrieve(question)).sections.map(({ number }) => number),
  };
  const variants = [
    ...(withSeed ? [await seedRecipe(store, embedder, (text) => console.error(text))] : []),
    ...plainVariants(store, embedder),
    ours,
  ];
  for (const { name, search } of variants) {
    await search("What does the contracting officer do first?");
    const results: number[][] = [];
    const times: number[] = [];
    for (const question of ranked) {
      const started = performance.now();
      const numbers = await search(question.question);
      times.push(performance.now() - started);
      results.push(measuredRanking(question, numbers));
    }
    times.sort((a, b) => a - b);
    const time = (q: number) => times[Math.floor(q * times.length)].toFixed(1).padStart(8);
    console.log(`${row(means(results))} ${time(0.5)}${time(0.95)}  ${name}`);
  }
  const report = await evaluate(questions, retriever);
  console.log(`\nours with citations and follow-ups, ${questions.length} questions`);
  console.log(row([report["recall@1"], report["recall@5"], report["recall@10"], report["mrr@10"]]));
  for (const [kind, of] of Object.entries(report.by_kind)) {
    console.log(
      `${row([of["recall@1"], of["recall@5"], of["recall@10"]])}          ${kind} (${of.n})`,
    );
  }
}

/** Ours without one part each: what is missing, and how that is made. */
const PARTS: [name: string, without: Without & Omit<TaskSource, "store" | "embedder" | "index">][] =
  [
    ["everything", {}],
    ["without our questions", { questions: true }],
    ["without briefs", { briefs: true }],
    ["without questions and briefs", { questions: true, briefs: true }],
    ["without vectors of questions", {
      withoutFeatures: (name) =>
        /^(question|groupQuestion|familyQuestion|linkedQuestion)\w*(Meaning|Adapted)/.test(name),
    }],
    ["without BM25 of questions", {
      withoutFeatures: (name) => /^question(Words|Cover)/.test(name),
    }],
    ["without sections as a whole", {
      withoutFeatures: (name) => /[sS]ection(Meaning|Words|Reading)/.test(name),
    }],
    ["without BM25 of the text", { noChunkWords: true }],
    ["without structure", {
      withoutFeatures: (name) =>
        /^(group|family|linked|prescription|other[PD]|definition|clauseIs|otherIsClause)/.test(
          name,
        ),
    }],
    ["without DoD cues", { withoutFeatures: (name) => /Dfars$|Far$/.test(name) }],
    ["without the text (starter corpus)", { text: true, noChunkWords: true }],
  ];

async function ablations(
  store: Store,
  embedder: Embedder,
  own: EvalQuestion[],
  others: EvalQuestion[],
) {
  console.log(
    `\nParts, weights learned anew from our ${own.length} questions` +
      `\nrecall@1     @5    @10  MRR@10 | five folds of ours`,
  );
  const adapter = loadAdapter(embedder.name);
  const reader = loadReader(embedder.name);
  const variants = [
    ...PARTS.map(([name, without]) => [name, { adapter, reader, ...without }] as const),
    ["without the reader", { adapter }] as const,
    ["without reader and adapter", {}] as const,
  ];
  for (const [name, without] of variants) {
    const index = new SearchIndex(store, embedder.dimensions, without as Without);
    const source: TaskSource = { store, embedder, index, ...without };
    const tasks = await questionTasks(own, source);
    const weights = learn(tasks, FEATURES.length, PENALTY);
    const found = means(
      (await questionTasks(others, source)).map((task) => measured(task, weights)),
    );
    console.log(`${row(found)} | ${row(crossValidated(tasks, PENALTY))}  ${name}`);
  }
}

/** A fresh database with what ships and no official text, searched as people would. */
async function starterOnly(embedder: Embedder, questions: EvalQuestion[]) {
  const folder = Deno.makeTempDirSync({ prefix: "farchat-bench-" });
  const store = openStore({ path: join(folder, "farchat.db") });
  try {
    seedStarter(store);
    const report = await evaluate(questions, new Retriever(store, embedder));
    console.log(`\nStarter corpus only, ${questions.length} questions`);
    console.log(
      row([report["recall@1"], report["recall@5"], report["recall@10"], report["mrr@10"]]),
    );
  } finally {
    store.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

function row(numbers: number[]): string {
  return numbers.map((number) => number.toFixed(3).padStart(7)).join("");
}
