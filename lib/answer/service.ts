/** Answers as people ask for them: queued, written apart from the request, stored as they grow, read by many. */
import { Problem } from "../problem.ts";
import type { Collection } from "../regulation/types.ts";
import type { Conversations } from "../store/conversations.ts";
import type { MessageEnd, StoredMessage } from "../store/types.ts";
import { FairQueue, type Ticket } from "./fair_queue.ts";
import { cleanCollections, cleanQuestion } from "./question.ts";
import { type NumberedEvent, RunningAnswer } from "./running_answer.ts";
import { type AnswerRetriever, type Rewriter, search } from "./search.ts";
import {
  failure,
  historyOf,
  orAbort,
  shortId,
  Stopped,
  storedEvents,
  unknownMessage,
  untilAbort,
} from "./service_support.ts";
import type { Answerer, AnswerEvent, AnswerMode } from "./types.ts";
import { type AnswerWatch, UNWATCHED } from "./watch.ts";

export interface AnswerServiceOptions {
  store: { conversations: Conversations; transaction<T>(work: () => T): T };
  retriever: AnswerRetriever;
  /** Claude's where there is a key; looked up for every answer, so that a key stored later counts at once. */
  answerers: { claude?: Answerer; extractive: Answerer };
  /** Makes stand-alone questions of follow-ups before they are searched, where Claude answers. */
  rewriter?: Rewriter;
  /** Answers written at the same time; 8 when absent. */
  atOnce?: number;
  /** Answers that may wait, of all and of one browser; 200 and 5 when absent. */
  mostWaiting?: number;
  mostWaitingOfOne?: number;
  /** Milliseconds that a finished answer's events stay in memory for readers who reconnect; 60,000 when absent. */
  keep?: number;
  /** Is told how answers come about. */
  watch?: AnswerWatch;
}

export interface AskInput {
  browser: string;
  conversation?: string;
  question: string;
  collections?: Collection[];
}

/** Where an answer is written to. */
export interface AskedMessage {
  conversation: string;
  message: number;
}

const RELATED = 4;
const SHUTDOWN_NOTICE =
  "FARchat was shut down while it wrote this answer. Choose Retry to answer the question again.";

/** Writes answers for everybody who asks this process. */
export class AnswerService {
  readonly #options: AnswerServiceOptions;
  readonly #conversations: Conversations;
  readonly #queue: FairQueue;
  readonly #running = new Map<number, RunningAnswer>();
  readonly #tickets = new Map<number, Ticket>();
  /** When finished answers are forgotten, by message. */
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #closing = false;

  constructor(options: AnswerServiceOptions) {
    this.#options = options;
    this.#conversations = options.store.conversations;
    this.#queue = new FairQueue(options.atOnce ?? 8, () => this.#tellPlaces());
  }

  /** Who would answer now. */
  get mode(): AnswerMode {
    return this.#answerer().mode;
  }

  /** Answers being written and waiting, for the health page. */
  get load(): { writing: number; waiting: number } {
    return { writing: this.#queue.running, waiting: this.#queue.waiting };
  }

  /**
   * Ends the answers that a killed process left half written; returns how many. Only the process that serves may
   * call it, once, before it takes questions: another process's answers would be ended too.
   */
  recover(): number {
    return this.#conversations.recover();
  }

  /**
   * Takes a question and starts its answer, apart from this call. Throws a `Problem`: 400 or 413 for the question,
   * 404 for a conversation that is not this browser's, 429 or 503 when too many wait.
   */
  // deno-lint-ignore require-await
  async ask(input: AskInput): Promise<AskedMessage> {
    const question = cleanQuestion(input.question);
    const collections = cleanCollections(input.collections);
    if (input.conversation !== undefined) this.#conversationOf(input.conversation, input.browser);
    this.#room(input.browser);
    return this.#start({ ...input, question, collections });
  }

  /**
   * Answers a message's question again and removes the old answer; the new one stands at the end of the conversation
   * under a new number. Throws a `Problem` (404) when the message is not this browser's.
   */
  async retry(message: number, browser: string): Promise<AskedMessage> {
    const old = this.#messageOf(message, browser);
    this.#room(browser);
    const running = this.#running.get(message);
    if (running && !running.ended) {
      running.controller.abort(new Stopped("reader"));
      await running.done;
    }
    this.#forget(message);
    const { conversation, question, collections } = old;
    return this.#start({ browser, conversation, question, collections, replaces: message });
  }

  /** Ends an answer where it is; false when it is not this browser's or has ended already. */
  stop(message: number, browser: string): boolean {
    const running = this.#running.get(message);
    if (!running || running.browser !== browser || running.ended) return false;
    running.controller.abort(new Stopped("reader"));
    return true;
  }

  /** Deletes a conversation and ends what is being written in it; false when it is not this browser's. */
  deleteConversation(conversation: string, browser: string): boolean {
    const mine = [...this.#running.values()].filter((r) =>
      r.conversation === conversation && r.browser === browser
    );
    const deleted = this.#conversations.delete(conversation, browser);
    if (!deleted) return false;
    for (const running of mine) {
      running.controller.abort(new Stopped("deleted"));
      if (running.ended) this.#forget(running.message);
    }
    return true;
  }

  /**
   * The events of an answer after number `after`, then those to come, until its end. An answer that ended long ago
   * is told anew from the store, starting with `passages`. Throws a `Problem` (404) when it is not this browser's.
   */
  async *events(
    message: number,
    browser: string,
    after = 0,
    signal?: AbortSignal,
  ): AsyncIterable<NumberedEvent> {
    const running = this.#running.get(message);
    if (running) {
      if (running.browser !== browser) throw unknownMessage();
      yield* running.read(after, signal);
      return;
    }
    const stored = this.#messageOf(message, browser);
    let seq = Number.isSafeInteger(after) && after > 0 ? after : 0;
    for (const event of storedEvents(stored)) yield { seq: ++seq, event };
  }

  /** The message once its answer has ended. Throws a `Problem` (404) when there is none. */
  async finished(message: number): Promise<StoredMessage> {
    await this.#running.get(message)?.done;
    const stored = this.#conversations.message(message);
    if (!stored) throw unknownMessage();
    return stored;
  }

  /** An answer that is not stored, for the command line. It has no `done`. */
  async *answerOnce(
    question: string,
    options: { collections?: Collection[]; signal?: AbortSignal } = {},
  ): AsyncIterable<AnswerEvent> {
    const clean = cleanQuestion(question);
    const filters = { collections: cleanCollections(options.collections) };
    const retrieval = await this.#options.retriever.retrieve(clean, [], filters);
    const signal = options.signal ?? new AbortController().signal;
    yield* this.#answerer().answer(clean, [], retrieval, signal);
  }

  /** Takes no more questions, gives running answers `grace` milliseconds, then ends them with a notice. */
  async close(grace = 3000): Promise<void> {
    this.#closing = true;
    const open = [...this.#running.values()].filter((running) => !running.ended);
    for (const running of open) {
      if (this.#tickets.get(running.message)?.ahead()) {
        running.controller.abort(new Stopped("shutdown"));
      }
    }
    const all = Promise.all(open.map(({ done }) => done));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) =>
      timer = setTimeout(resolve, open.length ? grace : 0)
    );
    await Promise.race([all, late]);
    clearTimeout(timer);
    for (const running of open) running.controller.abort(new Stopped("shutdown"));
    await all;
    for (const pending of this.#timers.values()) clearTimeout(pending);
    this.#timers.clear();
    this.#running.clear();
  }

  #answerer(): Answerer {
    return this.#options.answerers.claude ?? this.#options.answerers.extractive;
  }

  #start(asked: AskInput & { replaces?: number }): AskedMessage {
    const { browser, question, collections } = asked;
    const answerer = this.#answerer();
    // All or nothing: no conversation without its question, no old answer gone without its new one.
    const { conversation, message } = this.#options.store.transaction(() => {
      if (asked.replaces !== undefined) this.#conversations.deleteMessage(asked.replaces);
      const conversation = asked.conversation ?? this.#conversations.create(browser, question);
      const mode = answerer.mode;
      return {
        conversation,
        message: this.#conversations.startMessage({ conversation, question, mode, collections }),
      };
    });
    const watched = (this.#options.watch ?? UNWATCHED).begin({ question, mode: answerer.mode });
    const running = new RunningAnswer(message, conversation, browser, watched);
    this.#running.set(message, running);
    const ticket = this.#queue.enter(browser, running.controller.signal);
    this.#tickets.set(message, ticket);
    this.#tellPlaces();
    void watched.during(
      "question",
      () => this.#write(running, ticket, answerer, question, collections),
    );
    return { conversation, message };
  }

  /** Writes one answer from its place in the queue to its last event. Never rejects. */
  async #write(
    running: RunningAnswer,
    ticket: Ticket,
    answerer: Answerer,
    question: string,
    collections?: Collection[],
  ): Promise<void> {
    const { controller: { signal }, watched } = running;
    let related: string[] = [];
    let look = Date.now() + 1000;
    try {
      await watched.during("wait", () => ticket.turn);
      running.waits(undefined);
      const history = historyOf(this.#conversations, running);
      const { retriever, rewriter } = this.#options;
      const retrieval = await search(
        { retriever, rewriter: answerer.mode === "claude" ? rewriter : undefined },
        { question, history, collections },
        running,
      );
      await watched.during("answer", async () => {
        const events = answerer.answer(question, history, retrieval, signal);
        for await (const event of untilAbort(events, signal)) {
          this.#conversations.appendEvent(running.message, running.seq + 1, event);
          running.add(event);
          if (Date.now() > look) { // deleted by somebody else: another tab's process, a retention job
            if (!this.#conversations.message(running.message)) throw new Stopped("deleted");
            look = Date.now() + 1000;
          }
        }
      });
      related = await orAbort(
        Promise.resolve(retriever.related(retrieval, RELATED)),
        signal,
      );
      this.#end(running, { status: "done", related });
    } catch (error) {
      this.#endEarly(running, error);
    } finally {
      ticket.leave();
      this.#tickets.delete(running.message);
      this.#keepAWhile(running);
    }
  }

  #endEarly(running: RunningAnswer, error: unknown): void {
    const stopped = error instanceof Stopped ? error : running.controller.signal.reason;
    if (stopped instanceof Stopped) {
      if (stopped.why === "deleted") {
        running.add({ type: "error", id: shortId(), message: "This conversation was deleted." });
        running.watched.end("stopped");
        return;
      }
      const notices = stopped.why === "shutdown" ? [SHUTDOWN_NOTICE] : [];
      for (const message of notices) running.add({ type: "notice", message });
      this.#end(running, { status: "stopped", notices });
      return;
    }
    const safe = error instanceof Problem
      ? `${error.message} ${error.next}`
      : "Something went wrong while FARchat wrote this answer. Choose Retry to answer the question again.";
    const id = error instanceof Problem ? shortId() : failure(running, error);
    this.#end(running, { status: "failed", error: { id, message: safe } });
  }

  /** Stores the end first, then tells the readers. */
  #end(running: RunningAnswer, end: MessageEnd): void {
    const { message, conversation, watched } = running;
    watched.end(end.status);
    try {
      this.#conversations.finish(message, end);
    } catch (error) { // disk full, file locked for long: the answer is shown, the store keeps its events
      const id = failure(running, error);
      running.add({
        type: "error",
        id,
        message: "The answer could not be stored. Copy it now if you need it.",
      });
      return;
    }
    if (end.error) {
      running.add({ type: "error", ...end.error });
      return;
    }
    const stored = this.#conversations.message(message);
    running.add({
      type: "done",
      conversation,
      message,
      mode: stored?.mode ?? this.#answerer().mode,
      stopped: end.status === "stopped",
      related: end.related ?? [],
    });
  }

  /** The timer knows the number alone: it must not hold an answer that is deleted meanwhile. */
  #keepAWhile({ message }: RunningAnswer): void {
    if (this.#closing) return;
    const timer = setTimeout(() => this.#forget(message), this.#options.keep ?? 60_000);
    Deno.unrefTimer(timer as unknown as number);
    this.#timers.set(message, timer);
  }

  #forget(message: number): void {
    clearTimeout(this.#timers.get(message));
    this.#timers.delete(message);
    this.#running.delete(message);
  }

  #tellPlaces(): void {
    for (const [message, ticket] of this.#tickets) {
      const ahead = ticket.ahead();
      const running = this.#running.get(message);
      if (running && this.#queue.waiting > 0 && !running.seq) running.waits(ahead);
    }
  }

  #conversationOf(conversation: string, browser: string): void {
    if (typeof conversation === "string" && this.#conversations.get(conversation, browser)) return;
    throw new Problem("There is no such conversation in this browser.", {
      next: "Start a new conversation; conversations belong to the browser they were begun in.",
      status: 404,
    });
  }

  #messageOf(message: number, browser: string): StoredMessage {
    const stored = Number.isSafeInteger(message)
      ? this.#conversations.messageOf(message, browser)
      : undefined;
    if (!stored) throw unknownMessage();
    return stored;
  }

  #room(browser: string): void {
    if (this.#closing) {
      throw new Problem("FARchat is shutting down and takes no more questions.", {
        next: "Ask again in a minute.",
        status: 503,
      });
    }
    if (this.#queue.waitingOf(browser) >= (this.#options.mostWaitingOfOne ?? 5)) {
      throw new Problem(
        `${this.#queue.waitingOf(browser)} of your questions wait for their turn already.`,
        {
          next: "Wait for one of them, or stop it.",
          status: 429,
        },
      );
    }
    if (this.#queue.waiting >= (this.#options.mostWaiting ?? 200)) {
      throw new Problem(`${this.#queue.waiting} questions wait for an answer already.`, {
        next: "Ask again in a minute.",
        status: 503,
      });
    }
  }
}
