/** Answers and conversations as the API gives them. */
import { withMarks } from "../answer/marks.ts";
import type { Farchat } from "../farchat.ts";
import { Problem } from "../problem.ts";
import type { StoredConversation, StoredMessage } from "../store/types.ts";
import { eventStream } from "./event_stream.ts";

/** One question and its answer. */
export type AnswerJson = Omit<StoredMessage, "id"> & {
  message: number;
  /** The answer with its marks: "... is required. [1]". `answer` is the text that citations' `at` counts in. */
  marked: string;
};

export type ConversationJson = Omit<StoredConversation, "turns"> & { turns: AnswerJson[] };

export function answerJson({ id, ...message }: StoredMessage): AnswerJson {
  return { message: id, ...message, marked: withMarks(message.answer, message.citations) };
}

export function conversationJson({ turns, ...conversation }: StoredConversation): ConversationJson {
  return { ...conversation, turns: turns.map(answerJson) };
}

/** The answer being written, as it grows or, with `stream` false, as one document when it is done. */
export async function answerResponse(
  farchat: Farchat,
  browser: string,
  message: number,
  stream: boolean,
): Promise<Response> {
  if (stream) {
    return eventStream(message, (signal) => farchat.answers.events(message, browser, 0, signal));
  }
  return Response.json(answerJson(await farchat.answers.finished(message)), {
    headers: { "Cache-Control": "no-store" },
  });
}

/** The number in an address such as /api/v1/chat/12/stop, of a message that is this browser's. Throws a 404. */
export function ownMessage(farchat: Farchat, browser: string, text: string): number {
  const id = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (id > 0 && farchat.store.conversations.messageOf(id, browser)) return id;
  throw new Problem("There is no such answer in this browser.", {
    next: "Ask the question again; answers belong to the browser they were asked in.",
    status: 404,
  });
}

/** The 404 for a conversation that does not exist or is another browser's: which of the two is not told. */
export function noConversation(): Problem {
  return new Problem("There is no such conversation in this browser; perhaps it was deleted.", {
    next: "Start a new one; conversations belong to the browser they were begun in.",
    status: 404,
  });
}
