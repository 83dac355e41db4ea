/**
 * One corpus of the scale bench, in a process of its own so that its memory is its own:
 * `deno run --v8-flags=--expose-gc scale_child.ts DATABASE EVAL SEARCHES...`. Prints one JSON document.
 */
import { createEmbedder } from "../lib/embed/embedder.ts";
import { loadAdapter } from "../lib/retrieve/adapter.ts";
import { loadReader } from "../lib/retrieve/reader.ts";
import { type EvalQuestion, evaluate, parseEval } from "../lib/retrieve/evaluate.ts";
import { candidatesOf, cuesOf } from "../lib/retrieve/features.ts";
import { Retriever } from "../lib/retrieve/retriever.ts";
import { SearchIndex } from "../lib/retrieve/search_index.ts";
import { chunkHitsOf, signalsOf } from "../lib/retrieve/signals.ts";
import type { Retrieval } from "../lib/retrieve/types.ts";
import { openStore, type Store } from "../lib/store/mod.ts";
import { decidedByRules, means, measuredRanking } from "../scripts/ranking_tasks.ts";
import { plainVariants } from "./retrieval/variants.ts";

const AT_ONCE = 10;
/** Comparisons of ten at once with ten in sequence. */
const COMPARISONS = 10;
/** Neighbours asked of both vector searches, and how many of the first are compared. */
const NEIGHBOURS = 200;
const COMPARED = 10;

/** Milliseconds. */
export interface Latency {
  p50: number;
  p95: number;
}

export interface Measured {
  sections: number;
  chunks: number;
  /** Bytes of the database file, as the others. */
  file: number;
  /** From opening the database to the index in memory, milliseconds. */
  start: number;
  /** RSS with the model, and what the index adds to it; the vectors are a part of that. */
  model: number;
  index: number;
  vectors: number;
  /** Of the searches that `memory` counts. */
  latency: Record<"total" | "embed" | "search", Latency>;
  /** Of the search. */
  parts: Record<"words" | "signals" | "candidates", Latency>;
  /** Ten at once and ten in sequence: medians in milliseconds, and of their ratios. */
  concurrent: { sequence: number; together: number; ratio: number };
  /** After so many searches, garbage collected: RSS and JavaScript's objects. */
  memory: { searches: number; rss: number; objects: number }[];
  /** Recall at 1, 5 and 10: ours on all questions; words and vectors of the text alone without citations and follow-ups. */
  recall: Record<"ours" | "words" | "vectors", number[]>;
  /** The nearest 200 chunks by sqlite-vec (float) and in memory (int8), and how many of the first ten are the same. */
  nearest: { sqlite: Latency; memory: Latency; agreement: number };
}

function latencyOf(times: readonly number[]): Latency {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  return { p50: at(0.5), p95: at(0.95) };
}

const median = (values: readonly number[]) => latencyOf(values).p50;

function collected(): { rss: number; objects: number } {
  (globalThis as { gc?: () => void }).gc?.();
  const { rss, heapUsed } = Deno.memoryUsage();
  return { rss, objects: heapUsed };
}

async function measure(
  path: string,
  questions: EvalQuestion[],
  searches: number[],
): Promise<Measured> {
  const embedder = createEmbedder();
  await embedder.embed(["What does the contracting officer do first?"]);
  const model = collected().rss;
  const opened = performance.now();
  const store = openStore({ path });
  const retriever = new Retriever(store, embedder);
  retriever.warmUp();
  const start = performance.now() - opened;
  const index = collected().rss - model;
  try {
    const ask = ({ question, history }: EvalQuestion) => retriever.retrieve(question, history);
    const report = await evaluate(questions, retriever); // and warms
    const timings: Retrieval["timings"][] = [];
    const memory = [];
    for (const until of searches) {
      while (timings.length < until) {
        timings.push((await ask(questions[timings.length % questions.length])).timings);
      }
      memory.push({ searches: until, ...collected() });
    }
    const { sections, chunks, vectors, bytes } = store.counts();
    return {
      sections: sections.far + sections.dfars,
      chunks,
      file: bytes,
      start,
      model,
      index,
      vectors: vectors * embedder.dimensions,
      latency: {
        total: latencyOf(timings.map(({ total }) => total)),
        embed: latencyOf(timings.map(({ embed }) => embed)),
        search: latencyOf(timings.map(({ search }) => search)),
      },
      concurrent: await atOnce(questions.slice(0, AT_ONCE), ask),
      memory,
      ...await ofParts(store, embedder, questions),
      recall: {
        ours: [report["recall@1"], report["recall@5"], report["recall@10"]],
        ...await ofText(store, embedder, questions),
      },
    };
  } finally {
    store.close();
    await embedder.close();
  }
}

async function atOnce(
  questions: EvalQuestion[],
  ask: (question: EvalQuestion) => Promise<unknown>,
): Promise<Measured["concurrent"]> {
  const runs = { sequence: [] as number[], together: [] as number[], ratio: [] as number[] };
  for (let i = 0; i < COMPARISONS; i++) {
    const started = performance.now();
    for (const question of questions) await ask(question);
    const between = performance.now();
    await Promise.all(questions.map(ask));
    const ended = performance.now();
    runs.sequence.push(between - started);
    runs.together.push(ended - between);
    runs.ratio.push((ended - between) / (between - started));
  }
  return {
    sequence: median(runs.sequence),
    together: median(runs.together),
    ratio: median(runs.ratio),
  };
}

/** The steps of a search one by one, as the retriever takes them, and its vector search beside the database's own. */
async function ofParts(
  store: Store,
  embedder: ReturnType<typeof createEmbedder>,
  questions: EvalQuestion[],
): Promise<Pick<Measured, "parts" | "nearest">> {
  const index = new SearchIndex(store, embedder.dimensions);
  const adapter = loadAdapter(embedder.name);
  const reader = loadReader(embedder.name);
  const times: Record<"words" | "signals" | "candidates" | "sqlite" | "memory", number[]> = {
    words: [],
    signals: [],
    candidates: [],
    sqlite: [],
    memory: [],
  };
  const timed = <T>(part: keyof typeof times, work: () => T): T => {
    const started = performance.now();
    const result = work();
    times[part].push(performance.now() - started);
    return result;
  };
  let same = 0;
  for (const { question } of questions) {
    const [vector] = await embedder.embed([question]);
    const chunkHits = timed("words", () => chunkHitsOf(index, store, question));
    const options = { vector, chunkHits, adapter, reader };
    const signals = timed("signals", () => signalsOf(index, question, options));
    timed("candidates", () => candidatesOf(index, signals, cuesOf(question)));
    const exact = timed("sqlite", () => store.chunks.searchVectors(vector, NEIGHBOURS));
    const rows = timed("memory", () => nearestRows(index.chunkVectors.cosines(vector)));
    const first = new Set(exact.slice(0, COMPARED).map(({ id }) => id));
    same += rows.slice(0, COMPARED).filter((row) => first.has(index.chunkIds[row])).length;
  }
  const { words, signals, candidates, sqlite, memory } = times;
  return {
    parts: {
      words: latencyOf(words),
      signals: latencyOf(signals),
      candidates: latencyOf(candidates),
    },
    nearest: {
      sqlite: latencyOf(sqlite),
      memory: latencyOf(memory),
      agreement: same / (COMPARED * questions.length),
    },
  };
}

/** The rows with the highest cosines, best first: found by the native sort of plain numbers, as the ranking does. */
function nearestRows(cosines: Float32Array): number[] {
  const least = cosines.toSorted().at(-NEIGHBOURS) ?? -1;
  const rows: number[] = [];
  for (let row = 0; row < cosines.length; row++) if (cosines[row] >= least) rows.push(row);
  return rows.sort((a, b) => cosines[b] - cosines[a]).slice(0, NEIGHBOURS);
}

async function ofText(
  store: Store,
  embedder: ReturnType<typeof createEmbedder>,
  questions: EvalQuestion[],
): Promise<Record<"words" | "vectors", number[]>> {
  const ranked = questions.filter((question) => !decidedByRules(question));
  const [words, vectors] = plainVariants(store, embedder);
  const recall = async ({ search }: typeof words) => {
    const results = [];
    for (const question of ranked) {
      results.push(measuredRanking(question, await search(question.question)));
    }
    return means(results).slice(0, 3);
  };
  return { words: await recall(words), vectors: await recall(vectors) };
}

if (import.meta.main) {
  const [path, evaluation, ...searches] = Deno.args;
  const questions = parseEval(Deno.readTextFileSync(evaluation));
  console.log(JSON.stringify(await measure(path, questions, searches.map(Number))));
}
