/** One answer of Claude's answerer against the double of the Messages API, with sections of our own words. */
import type { AnswerCitation, AnswerEvent } from "../../lib/answer/types.ts";
import { ClaudeAnswerer, type ClaudeOptions } from "../../lib/answer/claude.ts";
import { ExtractiveAnswerer } from "../../lib/answer/extractive.ts";
import type { Retrieval, Turn } from "../../lib/retrieve/types.ts";
import type { Store } from "../../lib/store/mod.ts";
import { anthropicDouble, type Script } from "./anthropic_double.ts";
import { passageOf, retrievalOf, ROPES, storeWith, TENTS } from "./answer_sections.ts";

export const QUESTION = "Who approves buying tents?";
export const KEY = "sk-test-not-a-real-key";

/** What an answer came to. */
export interface Run {
  events: AnswerEvent[];
  requests: ReturnType<typeof anthropicDouble>["requests"];
  text: string;
  citations: AnswerCitation[];
  notices: string[];
  modes: string[];
}

/** Runs one answer against the double; text, citations and notices are those after the last `passages`. */
export async function run(
  scripts: Script[],
  options: Partial<ClaudeOptions> & {
    retrieval?: (store: Store) => Retrieval;
    history?: Turn[];
    onEvent?: (event: AnswerEvent, double: ReturnType<typeof anthropicDouble>) => void;
    signal?: AbortSignal;
  } = {},
): Promise<Run> {
  const { retrieval, history, onEvent, signal, ...claude } = options;
  const double = anthropicDouble(scripts);
  const { store, close } = storeWith([TENTS, ROPES]);
  const events: AnswerEvent[] = [];
  try {
    const answerer = new ClaudeAnswerer(
      { apiKey: KEY, baseURL: double.url, longestWait: 100, ...claude },
      store,
      new ExtractiveAnswerer(store),
    );
    const found = retrieval?.(store) ??
      retrievalOf(QUESTION, [passageOf(store, "far", "97.201"), passageOf(store, "far", "97.305")]);
    for await (
      const event of answerer.answer(
        QUESTION,
        history ?? [],
        found,
        signal ?? new AbortController().signal,
      )
    ) {
      events.push(event);
      onEvent?.(event, double);
    }
    return { events, requests: double.requests, ...folded(events) };
  } finally {
    await double.close();
    close();
  }
}

function folded(events: AnswerEvent[]) {
  const last = events.findLastIndex(({ type }) => type === "passages");
  const own = events.slice(last);
  return {
    text: own.map((event) => event.type === "text" ? event.delta : "").join(""),
    citations: own.flatMap((event) => event.type === "citation" ? [event.citation] : []),
    notices: own.flatMap((event) =>
      event.type === "notice" ? [event.message] : event.type === "passages" ? event.notices : []
    ),
    modes: events.flatMap((event) => event.type === "passages" ? [event.mode] : []),
  };
}

/** An answer that thinks first and cites both sections. */
export const GOOD: Script = {
  kind: "answer",
  thinking: "Let me see.",
  blocks: [
    { deltas: ["The tent officer ", "approves it"], citations: [{ result: 0, from: 0, to: 1 }] },
    { deltas: [".\n\nIt takes "] },
    {
      deltas: ["12 working days.\n\n"],
      citations: [{ result: 0, from: 5, to: 6 }, { result: 1, from: 0, to: 1 }],
    },
  ],
};
