/** From rows to messages and conversations. */
import type { AnswerCitation, AnswerEvent, AnswerMode } from "../answer/types.ts";
import type { Row } from "./database.ts";
import type { FoldedAnswer } from "./fold_events.ts";
import type { Collection, ConversationSummary, MessageStatus, StoredMessage } from "./types.ts";

/** Joins consecutive text deltas into one event, numbered as the last of them. */
export function coalesced(
  events: { seq: number; event: AnswerEvent }[],
): { seq: number; event: AnswerEvent }[] {
  const joined: { seq: number; event: AnswerEvent }[] = [];
  for (const { seq, event } of events) {
    const last = joined.at(-1);
    if (last?.event.type === "text" && event.type === "text") {
      joined[joined.length - 1] = {
        seq,
        event: { type: "text", delta: last.event.delta + event.delta },
      };
    } else {
      joined.push({ seq, event });
    }
  }
  return joined;
}

export function conversationOf(row: Row): ConversationSummary {
  return {
    id: String(row.id),
    title: String(row.title),
    created: Number(row.created),
    updated: Number(row.updated),
    messages: Number(row.messages),
  };
}

export function messageOf(row: Row): StoredMessage {
  return {
    id: Number(row.id),
    conversation: String(row.conversation),
    question: String(row.question),
    collections: row.collections ? JSON.parse(String(row.collections)) : undefined,
    answer: String(row.answer),
    status: row.status as MessageStatus,
    mode: row.mode as AnswerMode,
    usage: row.usage ? JSON.parse(String(row.usage)) : undefined,
    query: String(row.query),
    passages: JSON.parse(String(row.passages)),
    citations: [],
    notices: JSON.parse(String(row.notices)),
    related: JSON.parse(String(row.related)),
    error: row.error_id
      ? { id: String(row.error_id), message: String(row.error_message ?? "") }
      : undefined,
    created: Number(row.created),
    finished: row.finished === null ? undefined : Number(row.finished),
  };
}

export function citationOf(row: Row): AnswerCitation {
  return {
    index: Number(row.number),
    regulation: row.regulation as Collection,
    section: String(row.section),
    title: String(row.title),
    paragraph: String(row.paragraph),
    anchor: String(row.anchor),
    quote: String(row.quote),
    start: Number(row.quote_start),
    end: Number(row.quote_end),
    kind: row.kind as AnswerCitation["kind"],
    at: Number(row.at),
  };
}

/** Without the keys that are undefined, so that spreading keeps what the row says. */
export function defined(folded: FoldedAnswer): FoldedAnswer {
  return Object.fromEntries(
    Object.entries(folded).filter(([, value]) => value !== undefined),
  ) as unknown as FoldedAnswer;
}
