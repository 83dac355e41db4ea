/** What the answer service is built with: ending early, telling a stored answer again, failures without words. */
import { getLogger } from "@logtape/logtape";
import { Problem } from "../problem.ts";
import type { Turn } from "../retrieve/types.ts";
import type { Conversations } from "../store/conversations.ts";
import type { StoredMessage } from "../store/types.ts";
import type { AnswerEvent } from "./types.ts";
import type { WatchedAnswer } from "./watch.ts";

const MAX_HISTORY = 8;
const log = getLogger(["farchat", "answer"]);

/** Why an answer was ended from outside. */
export class Stopped extends Error {
  readonly why: "reader" | "shutdown" | "deleted";
  constructor(why: "reader" | "shutdown" | "deleted") {
    super(why);
    this.why = why;
  }
}

/** Earlier exchanges of the conversation that have an answer, oldest first. */
export function historyOf(
  conversations: Conversations,
  asked: { message: number; conversation: string; browser: string },
): Turn[] {
  return (conversations.get(asked.conversation, asked.browser)?.turns ?? [])
    .filter((turn) =>
      turn.id < asked.message && turn.status !== "streaming" && turn.answer.trim() !== ""
    )
    .slice(-MAX_HISTORY)
    .map(({ question, answer }) => ({ question, answer }));
}

/** A finished answer as events, citations in the order of the text. */
export function* storedEvents(stored: StoredMessage): Iterable<AnswerEvent> {
  const { mode, passages, query, notices, answer, citations, usage, error, related } = stored;
  yield { type: "passages", mode, passages, query, notices };
  if (answer) yield { type: "text", delta: answer };
  for (const citation of citations) yield { type: "citation", citation };
  if (usage) yield { type: "usage", ...usage };
  if (error) yield { type: "error", ...error };
  else {
    yield {
      type: "done",
      conversation: stored.conversation,
      message: stored.id,
      mode,
      stopped: stored.status === "stopped",
      related,
    };
  }
}

/** What is said of a message that is not there or not the asker's: the same, so that nobody learns which. */
export function unknownMessage(): Problem {
  return new Problem("There is no such answer in this browser.", {
    next: "Ask the question again.",
    status: 404,
  });
}

/** Eight characters by which a reader's report and the log are matched. */
export function shortId(): string {
  return crypto.randomUUID().slice(0, 8);
}

/**
 * Logs an error that nobody foresaw and returns the id that the reader is shown. Name and place of the error, never
 * its message: that may repeat words of a question.
 */
export function failure({ watched }: { watched: WatchedAnswer }, error: unknown): string {
  const id = shortId();
  const name = error instanceof Error ? error.name : typeof error;
  const frames = error instanceof Error
    ? (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)).slice(0, 6)
    : [];
  log.error("Answer failed with {name} ({id})", { id, name, frames });
  watched.failed(error, id);
  return id;
}

/** The promise, or a rejection with the signal's reason as soon as it aborts. */
export async function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => {}); // when the abort wins, nobody hears of it
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** The events until the signal aborts, even from an answerer that does not look at it. */
export async function* untilAbort(
  events: AsyncIterable<AnswerEvent>,
  signal: AbortSignal,
): AsyncIterable<AnswerEvent> {
  const iterator = events[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await orAbort(iterator.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    iterator.return?.(undefined).catch(() => {});
  }
}
