/**
 * Learns the weights of lib/retrieve/ranker_weights.json from our own questions with known answers, over a database that
 * holds the complete FAR and DFARS:
 *
 *     deno task train-ranker --data farchat_data [--check OTHER.jsonl]
 *
 * Prints what five folds give, each ranked by weights that were learned without it, and what a file that was not learned
 * from gives (`--check`). Follow-ups and citations don't take part: rules decide those.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createEmbedder } from "../lib/embed/embedder.ts";
import { loadAdapter } from "../lib/retrieve/adapter.ts";
import { parseEval } from "../lib/retrieve/evaluate.ts";
import { loadReader } from "../lib/retrieve/reader.ts";
import { FEATURES } from "../lib/retrieve/features.ts";
import { SearchIndex } from "../lib/retrieve/search_index.ts";
import { openStore } from "../lib/store/mod.ts";
import { learn } from "./listwise.ts";
import { crossValidated, means, measured, questionTasks } from "./ranking_tasks.ts";

/** How strongly weights are held towards 0: of 3, 10 and 40 the folds like this one best. */
export const PENALTY = 10;

const QUESTIONS = new URL("../bench/retrieval/questions.jsonl", import.meta.url);

if (import.meta.main) {
  const { values } = parseArgs({
    options: { data: { type: "string", default: "farchat_data" }, check: { type: "string" } },
  });
  const store = openStore({ path: join(values.data, "farchat.db") });
  const embedder = createEmbedder();
  const index = new SearchIndex(store, embedder.dimensions);
  const source = {
    store,
    embedder,
    index,
    adapter: loadAdapter(embedder.name),
    reader: loadReader(embedder.name),
  };
  const tasks = await questionTasks(parseEval(Deno.readTextFileSync(QUESTIONS)), source);
  const shown = (numbers: number[]) => numbers.map((number) => number.toFixed(3)).join(" ");
  console.log(`recall@1/5/10 and MRR@10, ${tasks.length} own questions`);
  console.log(`five folds:       ${shown(crossValidated(tasks, PENALTY))}`);
  const weights = learn(tasks, FEATURES.length, PENALTY);
  console.log(`learned from all: ${shown(means(tasks.map((task) => measured(task, weights))))}`);
  if (values.check) {
    const others = await questionTasks(parseEval(Deno.readTextFileSync(values.check)), source);
    console.log(
      `${others.length} others:       ${
        shown(means(others.map((task) => measured(task, weights))))
      }`,
    );
  }
  await embedder.close();
  store.close();
  writeFileSync(
    new URL("../lib/retrieve/ranker_weights.json", import.meta.url),
    JSON.stringify(
      {
        weights: Object.fromEntries(
          FEATURES.map((name, i) => [name, Number(weights[i].toPrecision(4))]),
        ),
      },
      undefined,
      2,
    ) + "\n",
  );
}
