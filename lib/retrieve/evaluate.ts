/** Measures retrieval on questions with known answers: the contract of `farchat eval`. */
import { Problem } from "../problem.ts";
import type { Retrieval, Turn } from "./types.ts";

/** A line of an evaluation file. */
export interface EvalQuestion {
  id: string;
  question: string;
  /** Numbers of the sections that answer it; empty for a question that nothing answers. */
  gold: string[];
  kind: string;
  history: Turn[];
}

export interface EvalItem {
  id: string;
  gold: string[];
  /** Numbers of the sections found, best first, each once. */
  ranked: string[];
  /** Position of the first gold section, counted from 1; 0 when none is among the first k. */
  hit: number;
  abstained: boolean;
}

export interface EvalReport {
  n: number;
  "recall@1": number;
  "recall@5": number;
  "recall@10": number;
  "mrr@10": number;
  /** Of the questions it declined to answer, the share that nothing answers (1 when it declined none). */
  abstain_precision: number;
  /** Of the questions that nothing answers, the share it declined. */
  abstain_recall: number;
  by_kind: Record<
    string,
    { n: number; "recall@1": number; "recall@5": number; "recall@10": number }
  >;
  latency_ms: { p50: number; p95: number };
  items: EvalItem[];
}

/** What evaluates: the retriever, or a variant of it. */
export interface EvalRetriever {
  retrieve(
    question: string,
    history: readonly Turn[],
    filters: { k: number },
  ): Promise<Pick<Retrieval, "sections" | "abstain">>;
}

/** Reads an evaluation file: one JSON object a line. Throws a Problem that names the line that is wrong. */
export function parseEval(text: string): EvalQuestion[] {
  const questions: EvalQuestion[] = [];
  text.split("\n").forEach((line, i) => {
    if (line.trim() === "") return;
    const wrong = (found: string, cause?: unknown) =>
      new Problem(
        `Line ${i + 1}: expected a question with id, question, gold and kind, found ${found}.`,
        {
          next: "Correct the line, or give a file with one JSON object a line.",
          cause,
        },
      );
    let value: Record<string, unknown>;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw wrong("something that is not JSON", cause);
    }
    const { id, question, gold, kind, history = [] } = value;
    if (typeof question !== "string" || question.trim() === "") throw wrong("no question");
    if (!Array.isArray(gold) || !gold.every((number) => typeof number === "string")) {
      throw wrong("no list of sections in gold");
    }
    questions.push({
      id: typeof id === "string" ? id : String(i + 1),
      question,
      gold,
      kind: typeof kind === "string" ? kind : "",
      history: history as Turn[],
    });
  });
  if (questions.length === 0) {
    throw new Problem("Expected a file with a question a line, found an empty one.", {
      next: "Give an evaluation file such as ../shared/eval/dev.jsonl.",
    });
  }
  return questions;
}

/** Kinds that need all their gold sections: they score the share found. */
const SHARED = new Set(["multi", "prescription"]);

/** What an item scores when the first `k` sections count: 0 to 1. */
export function scoreAt(question: EvalQuestion, ranked: readonly string[], k: number): number {
  const first = new Set(ranked.slice(0, k));
  const found = question.gold.filter((number) => first.has(number)).length;
  if (SHARED.has(question.kind)) return found / question.gold.length;
  return found > 0 ? 1 : 0;
}

/** Asks every question, one after the other, and measures; at least the first 10 sections are looked at. */
export async function evaluate(
  questions: readonly EvalQuestion[],
  retriever: EvalRetriever,
  k = 10,
): Promise<EvalReport> {
  const depth = Math.max(k, 10);
  const items: EvalItem[] = [];
  const times: number[] = [];
  for (const { id, question, gold, history } of questions) {
    const started = performance.now();
    const { sections, abstain } = await retriever.retrieve(question, history, { k: depth });
    times.push(performance.now() - started);
    const ranked = [...new Set(sections.map(({ number }) => number))].slice(0, depth);
    const hit = ranked.findIndex((number) => gold.includes(number)) + 1;
    items.push({ id, gold, ranked, hit: hit > k ? 0 : hit, abstained: abstain !== undefined });
  }
  const answerable = questions.flatMap((question, i) =>
    question.gold.length > 0 ? [{ question, item: items[i] }] : []
  );
  const mean = (values: number[]) =>
    values.length === 0 ? 0 : round(values.reduce((sum, value) => sum + value, 0) / values.length);
  const recall = (of: typeof answerable, k: number) =>
    mean(of.map(({ question, item }) => scoreAt(question, item.ranked, k)));
  const byKind: EvalReport["by_kind"] = {};
  for (const kind of [...new Set(answerable.map(({ question }) => question.kind))].sort()) {
    const of = answerable.filter(({ question }) => question.kind === kind);
    byKind[kind] = {
      n: of.length,
      "recall@1": recall(of, 1),
      "recall@5": recall(of, 5),
      "recall@10": recall(of, 10),
    };
  }
  const declined = items.filter(({ abstained }) => abstained);
  const unanswerable = items.filter(({ gold }) => gold.length === 0);
  const both = unanswerable.filter(({ abstained }) => abstained).length;
  times.sort((a, b) => a - b);
  const quantile = (q: number) =>
    round(times[Math.min(times.length - 1, Math.floor(q * times.length))] ?? 0);
  return {
    n: questions.length,
    "recall@1": recall(answerable, 1),
    "recall@5": recall(answerable, 5),
    "recall@10": recall(answerable, 10),
    "mrr@10": mean(answerable.map(({ item }) => {
      const first = item.ranked.slice(0, 10).findIndex((number) => item.gold.includes(number));
      return first < 0 ? 0 : 1 / (first + 1);
    })),
    abstain_precision: declined.length === 0 ? 1 : round(both / declined.length),
    abstain_recall: unanswerable.length === 0 ? 1 : round(both / unanswerable.length),
    by_kind: byKind,
    latency_ms: { p50: quantile(0.5), p95: quantile(0.95) },
    items,
  };
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
