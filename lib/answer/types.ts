import type { Collection } from "../regulation/types.ts";
import type { Passage, Retrieval, Turn } from "../retrieve/types.ts";

/** Who wrote the answer's words. */
export type AnswerMode = "claude" | "extractive";

/** A pointer from the answer to the stored text, checked against it before it is shown. */
export interface AnswerCitation {
  /** 1, 2, 3 ... as printed in the text: "[1]". */
  index: number;
  regulation: Collection;
  section: string;
  title: string;
  /** "(c)(1)(i)", or "" for a whole section. */
  paragraph: string;
  /** Anchor of that paragraph: `/far/15.403-4#c-1`. */
  anchor: string;
  /** The cited words, exactly as stored. */
  quote: string;
  /** Half-open offsets of the quote in the stored section text. */
  start: number;
  end: number;
  /** Whether the quote is official text or FARchat's brief. */
  kind: "regulation" | "brief";
  /** Offset in the answer's text after which the mark stands. */
  at: number;
}

/** What a passage looks like to a client: no scores of ours beyond what explains it. */
export interface PassageView {
  regulation: Collection;
  section: string;
  title: string;
  path: string;
  anchor: string;
  text: string;
  start: number;
  end: number;
  kind: Passage["kind"];
  why: string[];
}

/** What one answer took from the Messages API. Tokens of the question, the passages and the history are input. */
export interface AnswerUsage {
  model: string;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  /** In US dollars; absent unless the administrator set the model's prices. */
  costUsd?: number;
}

/**
 * The events of one answer, in order; `passages` first, `done` or `error` last.
 *
 * `passages` starts the answer: when a second one comes (Claude failed half way and the extractive answer takes
 * over, or somebody resumes long after the end), the reader drops the text, citations and notices it has.
 * `queue` is told to those who wait for their turn; it is not stored and does not advance the event number.
 */
export type AnswerEvent =
  | {
    type: "passages";
    mode: AnswerMode;
    passages: PassageView[];
    query: string;
    notices: string[];
  }
  | { type: "queue"; ahead: number }
  | { type: "text"; delta: string }
  | { type: "citation"; citation: AnswerCitation }
  /** Something the reader should know that was not known at the start. */
  | { type: "notice"; message: string }
  | ({ type: "usage" } & AnswerUsage)
  | {
    type: "done";
    conversation: string;
    message: number;
    mode: AnswerMode;
    stopped: boolean;
    related: string[];
  }
  | { type: "error"; id: string; message: string };

/**
 * Writes an answer from what was retrieved. Implementations: Claude and extractive. It yields `passages`, `text`,
 * `citation`, `notice` and `usage`; `done` and `error` are the caller's. The text is paragraphs separated by an
 * empty line, a single line break within one, "- " lists and **bold**; it has no citation marks in it
 * (`withMarks` puts them in).
 */
export interface Answerer {
  readonly mode: AnswerMode;
  answer(
    question: string,
    history: Turn[],
    retrieval: Retrieval,
    signal: AbortSignal,
  ): AsyncIterable<AnswerEvent>;
}
