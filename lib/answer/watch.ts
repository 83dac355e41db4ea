/** Who is told how answers come about: metrics, traces and logs. Nothing of it changes an answer. */
import type { AnswerEvent, AnswerMode, AnswerUsage } from "./types.ts";

/** The parts of answering that are timed: all of it, the wait for one's turn, making a follow-up stand alone, the writing. */
export type AnswerPart = "question" | "wait" | "rewrite" | "answer";

/** One answer from being asked for to its end. No method throws. */
export interface WatchedAnswer {
  /** Runs a part of it and gives what it gives. */
  during<T>(part: AnswerPart, work: () => Promise<T>): Promise<T>;
  /** An event the readers are told too. */
  event(event: AnswerEvent): void;
  /** What was taken from the Messages API besides the answer: it is no event. */
  spent(usage: AnswerUsage): void;
  /** An error that nobody foresaw, with the id that the reader is shown. */
  failed(error: unknown, id: string): void;
  end(status: "done" | "stopped" | "failed"): void;
}

export interface AnswerWatch {
  /** Called when a question is taken, before it waits for its turn. */
  begin(asked: { question: string; mode: AnswerMode }): WatchedAnswer;
}

/** Watches nothing. */
export const UNWATCHED: AnswerWatch = {
  begin: () => ({
    during: (_, work) => work(),
    event: () => {},
    spent: () => {},
    failed: () => {},
    end: () => {},
  }),
};
