/**
 * Learns lib/retrieve/scope_weights.json, by which FARchat declines what the FAR and DFARS don't answer, over a database
 * that holds them:
 *
 *     deno task train-scope --data farchat_data
 *
 * Questions with an answer: bench/retrieval/questions.jsonl and every 20th of the bank's, each without itself in the index.
 * Without one: lib/retrieve/testdata/out_of_scope.txt. Prints what five folds give, each with the threshold that declines
 * one in 1,000 of our own questions that it was learned from.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createEmbedder } from "../lib/embed/embedder.ts";
import { loadAdapter } from "../lib/retrieve/adapter.ts";
import { loadReader } from "../lib/retrieve/reader.ts";
import { parseEval } from "../lib/retrieve/evaluate.ts";
import { SCOPE_FEATURES, scopeRow, scopeScore, type ScopeWeights } from "../lib/retrieve/scope.ts";
import { SearchIndex } from "../lib/retrieve/search_index.ts";
import { chunkHitsOf, signalsOf } from "../lib/retrieve/signals.ts";
import { openStore } from "../lib/store/mod.ts";

const FOLDS = 5;
const PENALTY = 1;
/** Share of our own questions that the threshold declines: what is declined still sees the nearest sections. */
const DECLINED = 0.0012;

const { values } = parseArgs({ options: { data: { type: "string", default: "farchat_data" } } });
const root = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const store = openStore({ path: join(values.data, "farchat.db") });
const embedder = createEmbedder();
const adapter = loadAdapter(embedder.name);
const reader = loadReader(embedder.name);
const index = new SearchIndex(store, embedder.dimensions);

interface Example {
  question: string;
  ours: boolean;
  row: number[];
  answered: boolean;
}
const asked: { question: string; without?: number; answered: boolean }[] = [
  ...parseEval(read("bench/retrieval/questions.jsonl"))
    .map(({ question }) => ({ question, answered: true })),
  ...store.entries.all().filter(({ kind }) => kind === "question").filter((_, i) => i % 20 === 0)
    .map(({ text, id }) => ({ question: text, without: id, answered: true })),
  ...read("lib/retrieve/testdata/out_of_scope.txt").trim().split("\n")
    .map((question) => ({ question, answered: false })),
];
const examples: Example[] = [];
for (const { question, without, answered } of asked) {
  const [vector] = await embedder.embed([question]);
  const chunkHits = chunkHitsOf(index, store, question);
  const signals = signalsOf(index, question, { vector, adapter, reader, chunkHits, without });
  const ours = answered && without === undefined;
  examples.push({ question, ours, row: scopeRow(index, signals), answered });
}
await embedder.close();
store.close();

/** Logistic regression by gradient descent, each class weighing the same. */
function learn(of: readonly Example[]): ScopeWeights {
  const size = SCOPE_FEATURES.length;
  const mean = Array.from({ length: size }, (_, j) => average(of.map(({ row }) => row[j])));
  const spread = mean.map((m, j) =>
    Math.sqrt(average(of.map(({ row }) => (row[j] - m) ** 2))) + 1e-6
  );
  const share = of.filter(({ answered }) => answered).length / of.length;
  const weights = new Array(size).fill(0);
  let bias = 0;
  for (let step = 0; step < 3000; step++) {
    const gradient = weights.map((weight) => PENALTY * weight / of.length);
    let biasGradient = 0;
    for (const { row, answered } of of) {
      const sum = weights.reduce(
        (s, weight, j) => s + weight * (row[j] - mean[j]) / spread[j],
        bias,
      );
      const error = (1 / (1 + Math.exp(-sum)) - (answered ? 1 : 0)) /
        (of.length * 2 * (answered ? share : 1 - share));
      for (let j = 0; j < size; j++) gradient[j] += error * (row[j] - mean[j]) / spread[j];
      biasGradient += error;
    }
    for (let j = 0; j < size; j++) weights[j] -= 0.5 * gradient[j];
    bias -= 0.5 * biasGradient;
  }
  const raw = weights.map((weight, j) => weight / spread[j]);
  const learned: ScopeWeights = {
    weights: Object.fromEntries(SCOPE_FEATURES.map((name, j) => [name, raw[j]])),
    bias: bias - raw.reduce((sum, weight, j) => sum + weight * mean[j], 0),
    threshold: 0,
  };
  const scores = of.filter(({ ours }) => ours).map(({ row }) => scopeScore(row, learned))
    .sort((a, b) => a - b);
  learned.threshold = scores[Math.floor(DECLINED * scores.length)];
  return learned;
}

function average(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

let [rightly, wrongly, unanswerable] = [0, 0, 0];
for (let fold = 0; fold < FOLDS; fold++) {
  const learned = learn(examples.filter((_, i) => i % FOLDS !== fold));
  examples.forEach(({ row, answered, question }, i) => {
    if (i % FOLDS !== fold) return;
    const declined = scopeScore(row, learned) < learned.threshold;
    if (!answered) unanswerable++;
    if (declined && !answered) rightly++;
    if (declined && answered) {
      wrongly++;
      console.log(`wrongly declined: ${question}`);
    }
    if (!declined && !answered) console.log(`not declined: ${question}`);
  });
}
const answerable = examples.length - unanswerable;
console.log(
  `${FOLDS} folds: declined ${rightly} of ${unanswerable} without an answer and ${wrongly} of ${answerable} ` +
    `with one (precision ${(rightly / (rightly + wrongly)).toFixed(3)}, recall ${
      (rightly / unanswerable).toFixed(3)
    })`,
);
const learned = learn(examples);
writeFileSync(
  new URL("lib/retrieve/scope_weights.json", root),
  JSON.stringify(
    learned,
    (_, value) => typeof value === "number" ? Number(value.toPrecision(5)) : value,
    2,
  ) +
    "\n",
);
