/** Questions with known answers as what the ranking learns from and is measured on. */
import type { Embedder } from "../lib/embed/types.ts";
import type { Adapter } from "../lib/retrieve/adapter.ts";
import type { Reader } from "../lib/retrieve/reader.ts";
import { type EvalQuestion, scoreAt } from "../lib/retrieve/evaluate.ts";
import { candidatesOf, cuesOf, FEATURES } from "../lib/retrieve/features.ts";
import { scoresOf } from "../lib/retrieve/ranker.ts";
import type { SearchIndex } from "../lib/retrieve/search_index.ts";
import { chunkHitsOf, signalsOf } from "../lib/retrieve/signals.ts";
import type { Store } from "../lib/store/mod.ts";
import { learn, type RankingTask } from "./listwise.ts";

/** A question's candidates, their features, and which of them answer. */
export interface QuestionTask extends RankingTask {
  question: EvalQuestion;
  sections: Int32Array;
  /** Their numbers. */
  numbers: string[];
}

/** What the tasks are made with; a part that is missing is measured without. */
export interface TaskSource {
  store: Store;
  embedder: Embedder;
  index: SearchIndex;
  adapter?: Adapter;
  reader?: Reader;
  /** Without searching the text's words. */
  noChunkWords?: boolean;
  /** Features that count nothing. */
  withoutFeatures?: (name: string) => boolean;
}

/** Whether rules decide the question (a citation, a follow-up), or nothing answers it: ranking has no part in it. */
export function decidedByRules({ gold, kind }: EvalQuestion): boolean {
  return gold.length === 0 || kind === "followup" || kind === "citation";
}

export async function questionTasks(
  questions: readonly EvalQuestion[],
  source: TaskSource,
): Promise<QuestionTask[]> {
  const { store, embedder, index, adapter, reader } = source;
  const tasks: QuestionTask[] = [];
  for (const question of questions.filter((question) => !decidedByRules(question))) {
    const [vector] = await embedder.embed([question.question]);
    const chunkHits = source.noChunkWords ? [] : chunkHitsOf(index, store, question.question);
    const signals = signalsOf(index, question.question, {
      vector,
      chunkHits,
      adapter,
      reader,
    });
    const { sections, rows } = candidatesOf(
      index,
      signals,
      cuesOf(question.question),
      (place) => !index.catalog.sections[place].reserved,
    );
    if (source.withoutFeatures) {
      for (let at = 0; at < rows.length; at++) {
        if (source.withoutFeatures(FEATURES[at % FEATURES.length])) rows[at] = 0;
      }
    }
    const numbers = Array.from(sections, (place) => index.catalog.sections[place].number);
    const right: number[] = numbers.map((number) => question.gold.includes(number) ? 1 : 0);
    const sum = right.reduce((a, b) => a + b, 0);
    tasks.push({
      question,
      sections,
      rows,
      numbers,
      wanted: Float32Array.from(right, (value) => value / Math.max(1, sum)),
      weight: sum > 0 ? 1 : 0,
    });
  }
  return tasks;
}

/** Recall@1, @5, @10 of a task ranked by these weights, and its reciprocal rank among the first ten. */
export function measured(task: QuestionTask, weights: Float32Array): number[] {
  const scores = scoresOf(task, weights);
  const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b);
  return measuredRanking(task.question, order.map((i) => task.numbers[i]));
}

/** The same of numbers in their order. */
export function measuredRanking(question: EvalQuestion, numbers: string[]): number[] {
  const ranked = [...new Set(numbers)];
  const first = ranked.slice(0, 10).findIndex((number) => question.gold.includes(number));
  return [
    ...[1, 5, 10].map((k) => scoreAt(question, ranked, k)),
    first < 0 ? 0 : 1 / (first + 1),
  ];
}

export function means(results: readonly number[][]): number[] {
  return results[0].map((_, i) =>
    results.reduce((sum, result) => sum + result[i], 0) / results.length
  );
}

/** Means of what each fold's tasks give, ranked by weights that were learned from the other folds. */
export function crossValidated(
  tasks: readonly QuestionTask[],
  penalty: number,
  folds = 5,
): number[] {
  const results: number[][] = [];
  for (let fold = 0; fold < folds; fold++) {
    const weights = learn(tasks.filter((_, i) => i % folds !== fold), FEATURES.length, penalty);
    tasks.forEach((task, i) => {
      if (i % folds === fold) results.push(measured(task, weights));
    });
  }
  return means(results);
}
