/**
 * Learns the weights of lib/retrieve/ranker_weights.json from questions with known answers, over a database that holds
 * the complete FAR and DFARS:
 *
 *     deno run -A scripts/train_ranker.ts --data farchat_data bench/retrieval/questions.jsonl [MORE.jsonl]
 *
 * Prints what five folds give, each ranked by weights that were learned without it, and writes the weights learned
 * from all. Follow-ups and citations don't take part: rules decide those.
 */
import { Buffer } from "node:buffer";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadAdapter } from "../lib/retrieve/adapter.ts";
import { createEmbedder } from "../lib/embed/embedder.ts";
import { type EvalQuestion, parseEval, scoreAt } from "../lib/retrieve/evaluate.ts";
import { candidatesOf, cuesOf, FEATURES } from "../lib/retrieve/features.ts";
import { scoresOf } from "../lib/retrieve/ranker.ts";
import { SearchIndex } from "../lib/retrieve/search_index.ts";
import { signalsOf } from "../lib/retrieve/signals.ts";
import { matchExpressions } from "../lib/retrieve/words.ts";
import { openStore } from "../lib/store/mod.ts";
import { learn, type RankingTask } from "./listwise.ts";

const FOLDS = 5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: "string", default: "farchat_data" },
    penalty: { type: "string", default: "10" },
    dump: { type: "string" },
    "dry-run": { type: "boolean", default: false },
  },
});

interface Trained extends RankingTask {
  question: EvalQuestion;
  file: string;
  numbers: string[];
  sections: Int32Array;
}

const store = openStore({ path: join(values.data, "farchat.db") });
const embedder = createEmbedder();
const adapter = loadAdapter(embedder.name);
const index = new SearchIndex(store, embedder.dimensions);
const tasks: Trained[] = [];
for (const file of positionals) {
  for (const question of parseEval(Deno.readTextFileSync(file))) {
    if (question.gold.length === 0 || ["followup", "citation"].includes(question.kind)) continue;
    const [vector] = await embedder.embed([question.question]);
    const match = matchExpressions(question.question);
    const chunkHits = match ? store.chunks.searchWords(match.text, 200) : [];
    const signals = signalsOf(index, question.question, { vector, chunkHits, adapter });
    const { sections, rows } = candidatesOf(
      index,
      signals,
      cuesOf(question.question),
      (place) => !index.catalog.sections[place].reserved,
    );
    const numbers = Array.from(sections, (place) => index.catalog.sections[place].number);
    const right = numbers.map((number) => question.gold.includes(number) ? 1 : 0);
    const sum = right.reduce((a: number, b) => a + b, 0);
    tasks.push({
      question,
      file,
      numbers,
      sections,
      rows,
      wanted: Float32Array.from(right, (value) => value / Math.max(1, sum)),
      weight: sum > 0 ? 1 : 0,
    });
  }
}
await embedder.close();
store.close();

if (values.dump) {
  writeFileSync(
    `${values.dump}.json`,
    JSON.stringify({
      names: FEATURES,
      meta: tasks.map(({ question, file, numbers, wanted }) => ({
        id: question.id,
        set: file.includes("dev") ? "dev" : "blind",
        kind: question.kind,
        q: question.question,
        gold: question.gold,
        cand: numbers,
        lab: Array.from(wanted, (value) => value > 0 ? 1 : 0),
      })),
    }),
  );
  const rows = tasks.map(({ rows }) =>
    new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength)
  );
  writeFileSync(`${values.dump}.bin`, Buffer.concat(rows));
}

const penalty = Number(values.penalty);
const results = new Map<string, number[][]>();
for (let fold = 0; fold < FOLDS; fold++) {
  const learned = learn(tasks.filter((_, i) => i % FOLDS !== fold), FEATURES.length, penalty);
  tasks.forEach((task, i) => {
    if (i % FOLDS === fold) note(task.file, task, learned);
  });
}
const weights = learn(tasks, FEATURES.length, penalty);
for (const task of tasks) note(`${task.file} (learned from)`, task, weights);
for (const [name, scores] of results) {
  const mean = (i: number) =>
    (scores.reduce((sum, score) => sum + score[i], 0) / scores.length).toFixed(3);
  console.log(`${name}: n ${scores.length}, recall@1/5/10 ${mean(0)} ${mean(1)} ${mean(2)}`);
}
if (!values["dry-run"]) {
  const byName = Object.fromEntries(
    FEATURES.map((name, i) => [name, Number(weights[i].toPrecision(4))]),
  );
  writeFileSync(
    new URL("../lib/retrieve/ranker_weights.json", import.meta.url),
    JSON.stringify({ weights: byName }, undefined, 2) + "\n",
  );
}

function note(name: string, task: Trained, learned: Float32Array): void {
  const scores = scoresOf(task, learned);
  const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
  const ranked = [...new Set(order.map((i) => task.numbers[i]))];
  const list = results.get(name) ?? [];
  list.push([1, 5, 10].map((k) => scoreAt(task.question, ranked, k)));
  results.set(name, list);
}
