/**
 * Conversations in the database: what was asked, what was answered, and the events of answers being written.
 *
 * An answer in the making is a growing list of events (`message_events`); when it ends, the events are folded
 * into the message row and its citations in one transaction and removed. A process that dies in between leaves
 * the events, and `recover` folds them at the next start.
 */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type {
  AnswerCitation,
  AnswerEvent,
  AnswerMode,
  AnswerUsage,
  PassageView,
} from "../answer/types.ts";
import type { Collection } from "../regulation/types.ts";
import { type FoldedAnswer, foldEvents } from "./fold_events.ts";

/** `stopped` is by the reader, by a shutdown or by a crash: the message's notices say which. */
export type MessageStatus = "streaming" | "done" | "stopped" | "failed";

/** A conversation without its messages, as lists show it. Times are milliseconds since 1970. */
export interface ConversationSummary {
  id: string;
  title: string;
  created: number;
  updated: number;
  messages: number;
}

/** One question and its answer, as far as it was written. `answer` has no citation marks in it. */
export interface StoredMessage {
  id: number;
  conversation: string;
  question: string;
  /** The collections the question was limited to; absent when it was not. */
  collections?: Collection[];
  answer: string;
  status: MessageStatus;
  mode: AnswerMode;
  usage?: AnswerUsage;
  query: string;
  passages: PassageView[];
  citations: AnswerCitation[];
  notices: string[];
  related: string[];
  error?: { id: string; message: string };
  created: number;
  finished?: number;
}

/** A conversation with its messages, oldest first. */
export interface StoredConversation extends ConversationSummary {
  turns: StoredMessage[];
}

/** How an answer ended. */
export interface MessageEnd {
  status: Exclude<MessageStatus, "streaming">;
  related?: string[];
  error?: { id: string; message: string };
  /** Said in addition to the notices of the events. */
  notices?: string[];
}

/** Text waits at most this long before it is written, in milliseconds: ten writes a second. */
export const WRITE_INTERVAL_MS = 100;

/** What an answer says of itself when the process died while it was written. */
export const INTERRUPTED_NOTICE =
  "FARchat was interrupted while it wrote this answer, so it may end early. Choose Retry to answer the question again.";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID_LENGTH = 22;

/** A new conversation id: 22 random base62 characters (130 bits), not to be guessed. */
export function newConversationId(): string {
  let id = "";
  while (id.length < ID_LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      // 248 is the largest multiple of 62 in a byte; above it some letters would be likelier.
      if (byte < 248 && id.length < ID_LENGTH) id += ALPHABET[byte % 62];
    }
  }
  return id;
}

/** A title from the first question: its first line, cut at a word, at most 80 characters. */
export function titleOf(question: string): string {
  const line = question.replace(/\s+/g, " ").trim();
  if (line.length <= 80) return line;
  const cut = line.slice(0, 79);
  const space = cut.lastIndexOf(" ");
  return (space > 40 ? cut.slice(0, space) : cut).replace(
    /[\s,;:.\uD800-\uDBFF]+$/,
    "",
  ) + "…";
}

type Row = Record<string, unknown>;

/** The conversations of one database file. Text deltas are written together, see `appendEvent`. */
export class Conversations {
  readonly #db: DatabaseSync;
  /** Events not yet written, by message. */
  readonly #pending = new Map<number, { seq: number; event: AnswerEvent }[]>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Starts a conversation of this browser, titled after its first question. */
  create(browser: string, question: string, now = Date.now()): string {
    const id = newConversationId();
    this.#run(
      "INSERT INTO conversations (id, browser, title, created, updated) VALUES (?, ?, ?, ?, ?)",
      id,
      browser,
      titleOf(question),
      now,
      now,
    );
    return id;
  }

  /** The browser's conversations, the one used last first. */
  list(browser: string, limit = 50): ConversationSummary[] {
    const rows = this.#all(
      `SELECT id, title, created, updated,
         (SELECT count(*) FROM messages WHERE conversation = conversations.id) AS messages
       FROM conversations WHERE browser = ? ORDER BY updated DESC, rowid DESC LIMIT ?`,
      browser,
      limit,
    );
    return rows.map(summaryOf);
  }

  /** One conversation with its messages and their citations; undefined when it is not this browser's. */
  get(id: string, browser: string): StoredConversation | undefined {
    const row = this.#all(
      "SELECT id, title, created, updated, 0 AS messages FROM conversations WHERE id = ? AND browser = ?",
      id,
      browser,
    )[0];
    if (!row) return undefined;
    const turns = this.#all(
      "SELECT * FROM messages WHERE conversation = ? ORDER BY id",
      id,
    )
      .map((message) => this.#message(message));
    return { ...summaryOf(row), messages: turns.length, turns };
  }

  /** One message as far as it is written, unwritten text included; undefined when there is none. */
  message(id: number): StoredMessage | undefined {
    const row = this.#all("SELECT * FROM messages WHERE id = ?", id)[0];
    return row && this.#message(row);
  }

  /** The message only if it belongs to this browser. */
  messageOf(id: number, browser: string): StoredMessage | undefined {
    const row = this.#all(
      `SELECT messages.* FROM messages JOIN conversations ON conversations.id = messages.conversation
       WHERE messages.id = ? AND conversations.browser = ?`,
      id,
      browser,
    )[0];
    return row && this.#message(row);
  }

  /** Gives it another title; false when it is not this browser's. */
  rename(id: string, browser: string, title: string): boolean {
    return this.#run(
      "UPDATE conversations SET title = ? WHERE id = ? AND browser = ?",
      titleOf(title),
      id,
      browser,
    ) > 0;
  }

  /** Removes it with all its messages, overwriting the freed pages; false when it is not this browser's. */
  delete(id: string, browser: string): boolean {
    const messages = this.#all(
      `SELECT messages.id FROM messages JOIN conversations ON conversations.id = messages.conversation
       WHERE conversations.id = ? AND conversations.browser = ?`,
      id,
      browser,
    ).map((row) => Number(row.id));
    const deleted = this.#erasing(() =>
      this.#transaction(() => {
        for (const message of messages) this.#deleteMessage(message);
        return this.#run(
          "DELETE FROM conversations WHERE id = ? AND browser = ?",
          id,
          browser,
        );
      })
    );
    return deleted > 0;
  }

  /** Removes one message, as a retry does with the answer it replaces. */
  deleteMessage(id: number): void {
    this.#erasing(() => this.#transaction(() => this.#deleteMessage(id)));
  }

  /** Adds a question whose answer is about to be written, and returns the message's id. */
  startMessage(
    input: {
      conversation: string;
      question: string;
      mode: AnswerMode;
      collections?: Collection[];
    },
    now = Date.now(),
  ): number {
    return this.#transaction(() => {
      const { lastInsertRowid } = this.#db.prepare(
        "INSERT INTO messages (conversation, question, collections, status, mode, created) VALUES (?, ?, ?, 'streaming', ?, ?)",
      ).run(
        input.conversation,
        input.question,
        input.collections ? JSON.stringify(input.collections) : null,
        input.mode,
        now,
      );
      this.#run(
        "UPDATE conversations SET updated = ? WHERE id = ?",
        now,
        input.conversation,
      );
      return Number(lastInsertRowid);
    });
  }

  /**
   * Keeps an event of an answer being written. It reaches the file within `WRITE_INTERVAL_MS`, together with
   * its neighbours; consecutive text deltas become one row, filed under the last one's number.
   */
  appendEvent(message: number, seq: number, event: AnswerEvent): void {
    const events = this.#pending.get(message) ?? [];
    events.push({ seq, event });
    this.#pending.set(message, events);
    this.#timer ??= setTimeout(() => this.#flushLater(), WRITE_INTERVAL_MS);
  }

  /** Writes what `appendEvent` still holds. Throws what SQLite throws; nothing is lost then. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.size === 0) return;
    this.#transaction(() => {
      for (const [message, events] of this.#pending) {
        this.#write(message, events);
      }
    });
    this.#pending.clear();
  }

  /** Ends an answer: folds its events into the message and its citations, and removes them. */
  finish(message: number, end: MessageEnd, now = Date.now()): void {
    this.#transaction(() => {
      this.#write(message, this.#pending.get(message) ?? []);
      const folded = foldEvents(this.#events(message));
      const row = this.#all("SELECT conversation FROM messages WHERE id = ?", message)[0];
      if (!row) return; // deleted while it was written
      this.#run(
        `UPDATE messages SET answer = ?, status = ?, mode = coalesce(?, mode), model = ?, usage = ?, query = ?,
           passages = ?, notices = ?, related = ?, error_id = ?, error_message = ?, finished = ? WHERE id = ?`,
        folded.answer,
        end.status,
        folded.mode ?? null,
        folded.usage?.model ?? null,
        folded.usage ? JSON.stringify(folded.usage) : null,
        folded.query,
        JSON.stringify(folded.passages),
        JSON.stringify([...folded.notices, ...(end.notices ?? [])]),
        JSON.stringify(end.related ?? []),
        end.error?.id ?? null,
        end.error?.message ?? null,
        now,
        message,
      );
      folded.citations.forEach((citation, position) =>
        this.#addCitation(message, position, citation)
      );
      this.#run("DELETE FROM message_events WHERE message = ?", message);
      this.#run(
        "UPDATE conversations SET updated = ? WHERE id = ?",
        now,
        String(row.conversation),
      );
    });
    this.#pending.delete(message);
  }

  /**
   * Ends the answers that a process left half written when it died, as `stopped` with a notice; returns how
   * many. Only the one process that serves may call it, at its start.
   */
  recover(now = Date.now()): number {
    const rows = this.#all(
      "SELECT id FROM messages WHERE status = 'streaming'",
    );
    for (const row of rows) {
      this.finish(Number(row.id), {
        status: "stopped",
        notices: [INTERRUPTED_NOTICE],
      }, now);
    }
    return rows.length;
  }

  /** Writes what is left; the object is not to be used after it. */
  close(): void {
    this.flush();
  }

  #flushLater(): void {
    try {
      this.flush();
    } catch {
      // Busy or full: the events are still here, and `finish` reports what does not go away.
      this.#timer ??= setTimeout(
        () => this.#flushLater(),
        2 * WRITE_INTERVAL_MS,
      );
    }
  }

  #write(message: number, events: { seq: number; event: AnswerEvent }[]): void {
    // A message deleted meanwhile takes no more events.
    const insert = this.#db.prepare(
      `INSERT OR REPLACE INTO message_events (message, seq, type, data)
       SELECT ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM messages WHERE id = ?)`,
    );
    for (const { seq, event } of coalesced(events)) {
      insert.run(message, seq, event.type, JSON.stringify(event), message);
    }
  }

  #events(message: number): AnswerEvent[] {
    return this.#all(
      "SELECT data FROM message_events WHERE message = ? ORDER BY seq",
      message,
    )
      .map((row) => JSON.parse(String(row.data)) as AnswerEvent);
  }

  #message(row: Row): StoredMessage {
    const id = Number(row.id);
    const message = messageOf(row);
    if (message.status === "streaming") {
      const unwritten = (this.#pending.get(id) ?? []).map(({ event }) => event);
      return {
        ...message,
        ...defined(foldEvents([...this.#events(id), ...unwritten])),
      };
    }
    message.citations = this.#all(
      "SELECT * FROM citations WHERE message = ? ORDER BY position",
      id,
    )
      .map(citationOf);
    return message;
  }

  #addCitation(
    message: number,
    position: number,
    citation: AnswerCitation,
  ): void {
    this.#run(
      `INSERT INTO citations (message, position, number, regulation, section, title, paragraph, anchor, quote,
         quote_start, quote_end, kind, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      message,
      position,
      citation.index,
      citation.regulation,
      citation.section,
      citation.title,
      citation.paragraph,
      citation.anchor,
      citation.quote,
      citation.start,
      citation.end,
      citation.kind,
      citation.at,
    );
  }

  #deleteMessage(id: number): void {
    this.#pending.delete(id);
    this.#run("DELETE FROM citations WHERE message = ?", id);
    this.#run("DELETE FROM message_events WHERE message = ?", id);
    this.#run("DELETE FROM messages WHERE id = ?", id);
  }

  /** Runs `work` with SQLite overwriting what is deleted: a deleted question is not left readable in the file. */
  #erasing<T>(work: () => T): T {
    this.#db.exec("PRAGMA secure_delete = ON");
    try {
      return work();
    } finally {
      this.#db.exec("PRAGMA secure_delete = OFF");
    }
  }

  #transaction<T>(work: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#db.prepare(sql).all(...values) as Row[];
  }

  #run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#db.prepare(sql).run(...values).changes);
  }
}

/** Joins consecutive text deltas into one event, numbered as the last of them. */
function coalesced(
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

function summaryOf(row: Row): ConversationSummary {
  return {
    id: String(row.id),
    title: String(row.title),
    created: Number(row.created),
    updated: Number(row.updated),
    messages: Number(row.messages),
  };
}

function messageOf(row: Row): StoredMessage {
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

function citationOf(row: Row): AnswerCitation {
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
function defined(folded: FoldedAnswer): FoldedAnswer {
  return Object.fromEntries(
    Object.entries(folded).filter(([, value]) => value !== undefined),
  ) as unknown as FoldedAnswer;
}
