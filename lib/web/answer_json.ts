/** Answers and conversations as the API gives them. */
import type { z } from "zod";
import { withMarks } from "../answer/marks.ts";
import type { Answer, Conversation, Conversations } from "../api/schemas/answers.ts";
import type { Farchat } from "../farchat.ts";
import { Problem } from "../problem.ts";
import type { StoredConversation, StoredMessage } from "../store/types.ts";
import { eventStream } from "./event_stream.ts";
import { noSuchPage } from "./input.ts";

/** One question and its answer. `answer` is the text that citations' `at` counts in, `marked` has the marks in it. */
export type AnswerJson = z.output<typeof Answer>;

export type ConversationJson = z.output<typeof Conversation>;

export type ConversationsJson = z.output<typeof Conversations>;

export function answerJson({ id, ...message }: StoredMessage): AnswerJson {
  return { message: id, ...message, marked: withMarks(message.answer, message.citations) };
}

export function conversationJson({ turns, ...conversation }: StoredConversation): ConversationJson {
  return { ...conversation, turns: turns.map(answerJson) };
}

/** A page of the browser's conversations. Throws a `Problem` (400) for a cursor that no page gave. */
export function conversationsJson(
  { store }: Farchat,
  browser: string,
  { limit, cursor }: { limit: number; cursor?: string },
): ConversationsJson {
  // One more than asked for tells whether there is another page.
  const found = store.conversations.list(browser, limit + 1, cursor ? placeOf(cursor) : undefined);
  const conversations = found.slice(0, limit);
  const { updated, id } = conversations.at(-1) ?? {};
  return { conversations, next: found.length > limit ? `${updated}.${id}` : undefined };
}

function placeOf(cursor: string): { updated: number; id: string } {
  const [, updated, id] = /^(\d{1,15})\.(\w{1,64})$/.exec(cursor) ?? [];
  if (id) return { updated: Number(updated), id };
  throw noSuchPage();
}

/** The answer being written, as it grows or, with `stream` false, as one document when it is done. */
export async function answerOrStream(
  farchat: Farchat,
  browser: string,
  message: number,
  stream: boolean,
): Promise<Response | AnswerJson> {
  if (!stream) return answerJson(await farchat.answers.finished(message));
  return eventStream(message, (signal) => farchat.answers.events(message, browser, 0, signal));
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
