/** An answer service over a real store, with an answerer that types when it is told to. */
import { ExtractiveAnswerer } from "../../lib/answer/extractive.ts";
import type { NumberedEvent } from "../../lib/answer/running_answer.ts";
import { AnswerService, type AnswerServiceOptions } from "../../lib/answer/service.ts";
import type { Answerer, AnswerEvent } from "../../lib/answer/types.ts";
import { Problem } from "../../lib/problem.ts";
import type { Retrieval, Turn } from "../../lib/retrieve/types.ts";
import { passageOf, retrievalOf, ROPES, storeWith, TENTS } from "./answer_sections.ts";

export const ANNA = "browser-anna";
export const BEN = "browser-ben";
export const QUESTION = "Who approves buying tents?";

/** An answerer that writes numbered words, waiting for `go` before each when a gate is given. */
export function typist(
  words: number,
  gate?: () => Promise<void>,
): Answerer & { seen: { question: string; history: Turn[] }[] } {
  const seen: { question: string; history: Turn[] }[] = [];
  return {
    mode: "extractive",
    seen,
    async *answer(question, history): AsyncIterable<AnswerEvent> {
      seen.push({ question, history });
      yield { type: "passages", mode: "extractive", passages: [], query: question, notices: [] };
      for (let word = 1; word <= words; word++) {
        await gate?.();
        yield { type: "text", delta: `word${word} ` };
      }
    },
  };
}

/** A gate that lets through as many words as it is told to. */
export function gate() {
  let open = 0;
  const waiting: (() => void)[] = [];
  return {
    pass: (): Promise<void> => {
      if (open > 0) {
        open--;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    let: (count: number) => {
      for (let i = 0; i < count; i++) {
        const next = waiting.shift();
        if (next) next();
        else open++;
      }
    },
  };
}

export async function withService(
  options: Partial<AnswerServiceOptions> & { answerer?: Answerer },
  work: (service: AnswerService, store: ReturnType<typeof storeWith>) => Promise<void>,
): Promise<void> {
  const opened = storeWith([TENTS, ROPES]);
  const retriever = {
    retrieve: (question: string): Promise<Retrieval> =>
      Promise.resolve(retrievalOf(question, [passageOf(opened.store, "far", "97.201")])),
    related: () => ["And for ropes?"],
  };
  const service = new AnswerService({
    store: opened.store,
    retriever,
    answerers: { extractive: options.answerer ?? new ExtractiveAnswerer(opened.store) },
    ...options,
  });
  try {
    await work(service, opened);
  } finally {
    await service.close(0);
    opened.close();
  }
}

export async function collect(
  events: AsyncIterable<NumberedEvent>,
  most = Infinity,
): Promise<NumberedEvent[]> {
  const all: NumberedEvent[] = [];
  if (most <= 0) return all;
  for await (const event of events) {
    all.push(event);
    if (all.length >= most) break;
  }
  return all;
}

export function textOf(events: NumberedEvent[]): string {
  return events.map(({ event }) => event.type === "text" ? event.delta : "").join("");
}

export function problem(status: number, message?: RegExp) {
  return (error: unknown) =>
    error instanceof Problem && error.status === status && (message?.test(error.message) ?? true) &&
    error.next !== "";
}
