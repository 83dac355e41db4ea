/**
 * Conversations in the database: what was asked, what was answered, and the events of answers being written.
 *
 * An answer in the making is a growing list of events (`message_events`); when it ends, the events are folded
 * into the message row and its citations in one transaction and removed. A process that dies in between leaves
 * the events, and `recover` folds them at the next start.
 */
import type { AnswerCitation, AnswerEvent, AnswerMode } from "../answer/types.ts";
import { newConversationId, titleOf } from "./conversation_ids.ts";
import { citationOf, coalesced, conversationOf, defined, messageOf } from "./conversation_rows.ts";
import type { Database, Row } from "./database.ts";
import { foldEvents } from "./fold_events.ts";
import type {
  Collection,
  ConversationSummary,
  MessageEnd,
  StoredConversation,
  StoredMessage,
} from "./types.ts";

/** Text waits at most this long before it is written, in milliseconds: ten writes a second. */
export const WRITE_INTERVAL_MS = 100;

/** What an answer says of itself when the process died while it was written. */
export const INTERRUPTED_NOTICE =
  "FARchat was interrupted while it wrote this answer, so it may end early. Choose Retry to answer the question again.";

/** The conversations of one database file. Text deltas are written together, see `appendEvent`. */
export class Conversations {
  readonly #db: Database;
  /** Events not yet written, by message. */
  readonly #pending = new Map<number, { seq: number; event: AnswerEvent }[]>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Starts a conversation of this browser, titled after its first question. */
  create(browser: string, question: string, now = Date.now()): string {
    const id = newConversationId();
    this.#db.run(
      "INSERT INTO conversations (id, browser, title, created, updated) VALUES (?, ?, ?, ?, ?)",
      id,
      browser,
      titleOf(question),
      now,
      now,
    );
    return id;
  }

  /**
   * The browser's conversations, the one used last first; with `after`, those that come after that place of the
   * list, whether or not its conversation is still there.
   */
  list(
    browser: string,
    limit = 50,
    after?: Pick<ConversationSummary, "updated" | "id">,
  ): ConversationSummary[] {
    const rows = this.#db.all(
      `SELECT id, title, created, updated,
         (SELECT count(*) FROM messages WHERE conversation = conversations.id) AS messages
       FROM conversations WHERE browser = ?1 AND updated <= ?2
         AND (updated < ?2 OR coalesce(rowid < (SELECT rowid FROM conversations WHERE id = ?3), TRUE))
       ORDER BY updated DESC, rowid DESC LIMIT ?4`,
      browser,
      after?.updated ?? Number.MAX_SAFE_INTEGER,
      after?.id ?? "",
      limit,
    );
    return rows.map(conversationOf);
  }

  /** One conversation with its messages and their citations; undefined when it is not this browser's. */
  get(id: string, browser: string): StoredConversation | undefined {
    const row = this.#db.all(
      "SELECT id, title, created, updated, 0 AS messages FROM conversations WHERE id = ? AND browser = ?",
      id,
      browser,
    )[0];
    if (!row) return undefined;
    const turns = this.#db.all(
      "SELECT * FROM messages WHERE conversation = ? ORDER BY id",
      id,
    )
      .map((message) => this.#message(message));
    return { ...conversationOf(row), messages: turns.length, turns };
  }

  /** One message as far as it is written, unwritten text included; undefined when there is none. */
  message(id: number): StoredMessage | undefined {
    const row = this.#db.all("SELECT * FROM messages WHERE id = ?", id)[0];
    return row && this.#message(row);
  }

  /** The message only if it belongs to this browser. */
  messageOf(id: number, browser: string): StoredMessage | undefined {
    const row = this.#db.all(
      `SELECT messages.* FROM messages JOIN conversations ON conversations.id = messages.conversation
       WHERE messages.id = ? AND conversations.browser = ?`,
      id,
      browser,
    )[0];
    return row && this.#message(row);
  }

  /** Gives it another title; false when it is not this browser's. */
  rename(id: string, browser: string, title: string): boolean {
    return this.#db.run(
      "UPDATE conversations SET title = ? WHERE id = ? AND browser = ?",
      titleOf(title),
      id,
      browser,
    ).changes > 0;
  }

  /** Removes it with all its messages, and overwrites them in the file; false when it is not this browser's. */
  delete(id: string, browser: string): boolean {
    const messages = this.#db.all(
      `SELECT messages.id FROM messages JOIN conversations ON conversations.id = messages.conversation
       WHERE conversations.id = ? AND conversations.browser = ?`,
      id,
      browser,
    ).map((row) => Number(row.id));
    const { changes } = this.#db.transaction(() => {
      for (const message of messages) this.#deleteMessage(message);
      return this.#db.run("DELETE FROM conversations WHERE id = ? AND browser = ?", id, browser);
    });
    this.#emptyLog();
    return changes > 0;
  }

  /** Removes every browser's, as for a copy that others get. */
  deleteAll(): void {
    for (const { id, browser } of this.#db.all("SELECT id, browser FROM conversations")) {
      this.delete(String(id), String(browser));
    }
  }

  /** Removes one message, as a retry does with the answer it replaces. */
  deleteMessage(id: number): void {
    this.#db.transaction(() => this.#deleteMessage(id));
    this.#emptyLog();
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
    return this.#db.transaction(() => {
      const { lastId } = this.#db.run(
        `INSERT INTO messages (conversation, question, collections, status, mode, created)
         VALUES (?, ?, ?, 'streaming', ?, ?)`,
        input.conversation,
        input.question,
        input.collections ? JSON.stringify(input.collections) : null,
        input.mode,
        now,
      );
      this.#db.run(
        "UPDATE conversations SET updated = ? WHERE id = ?",
        now,
        input.conversation,
      );
      return lastId;
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
    this.#db.transaction(() => {
      for (const [message, events] of this.#pending) {
        this.#write(message, events);
      }
    });
    this.#pending.clear();
  }

  /** Ends an answer: folds its events into the message and its citations, and removes them. */
  finish(message: number, end: MessageEnd, now = Date.now()): void {
    this.#db.transaction(() => {
      this.#write(message, this.#pending.get(message) ?? []);
      const folded = foldEvents(this.#events(message));
      const row = this.#db.all("SELECT conversation FROM messages WHERE id = ?", message)[0];
      if (!row) return; // deleted while it was written
      this.#db.run(
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
      this.#db.run("DELETE FROM message_events WHERE message = ?", message);
      this.#db.run(
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
    const rows = this.#db.all(
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
      // Not the usual wait for another writer: the server stands still meanwhile, and this can be done later.
      this.#db.withBusyTimeout(20, () => this.flush());
    } catch {
      // Busy or full: the events are still here, and `finish` reports what does not go away.
      this.#timer ??= setTimeout(
        () => this.#flushLater(),
        2 * WRITE_INTERVAL_MS,
      );
    }
  }

  #write(message: number, events: { seq: number; event: AnswerEvent }[]): void {
    // A message that ended or was deleted meanwhile takes no more events.
    for (const { seq, event } of coalesced(events)) {
      this.#db.run(
        `INSERT OR REPLACE INTO message_events (message, seq, type, data)
         SELECT ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM messages WHERE id = ? AND status = 'streaming')`,
        message,
        seq,
        event.type,
        JSON.stringify(event),
        message,
      );
    }
  }

  #events(message: number): AnswerEvent[] {
    return this.#db.all(
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
    message.citations = this.#db.all(
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
    this.#db.run(
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
    this.#db.run("DELETE FROM citations WHERE message = ?", id);
    this.#db.run("DELETE FROM message_events WHERE message = ?", id);
    this.#db.run("DELETE FROM messages WHERE id = ?", id);
  }

  /**
   * Empties the write-ahead log after a deletion: SQLite overwrites what is deleted in the file (secure_delete),
   * but the log has older pages. While somebody else reads or writes, it keeps them until the next time.
   */
  #emptyLog(): void {
    this.#db.withBusyTimeout(20, () => this.#db.checkpoint());
  }
}
