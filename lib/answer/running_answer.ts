/** One answer being written: its numbered events, and any number of readers of them. */
import type { AnswerEvent } from "./types.ts";
import type { WatchedAnswer } from "./watch.ts";

/** An event with its number in the answer, from 1. `queue` has the number of the event before it. */
export interface NumberedEvent {
  seq: number;
  event: AnswerEvent;
}

/** Events in memory while the answer is written and for a while after, so that a reload misses none. */
export class RunningAnswer {
  readonly message: number;
  readonly conversation: string;
  readonly browser: string;
  readonly watched: WatchedAnswer;
  readonly controller = new AbortController();
  /** Resolves when the last event was added. */
  readonly done: Promise<void>;
  readonly #events: NumberedEvent[] = [];
  readonly #waiters = new Set<() => void>();
  #ended = false;
  #resolveDone!: () => void;
  #ahead?: number;

  constructor(message: number, conversation: string, browser: string, watched: WatchedAnswer) {
    this.message = message;
    this.conversation = conversation;
    this.browser = browser;
    this.watched = watched;
    this.done = new Promise((resolve) => this.#resolveDone = resolve);
  }

  get ended(): boolean {
    return this.#ended;
  }

  get seq(): number {
    return this.#events.length;
  }

  /** Adds an event and wakes the readers; returns its number. Ignored after the end. */
  add(event: AnswerEvent): number {
    if (this.#ended) return this.#events.length;
    this.watched.event(event);
    this.#events.push({ seq: this.#events.length + 1, event });
    if (event.type === "done" || event.type === "error") {
      this.#ended = true;
      this.#resolveDone();
    }
    this.#wake();
    return this.#events.length;
  }

  /** Says how many answers come first; undefined once it is this one's turn. */
  waits(ahead: number | undefined): void {
    if (ahead === this.#ahead) return;
    this.#ahead = ahead;
    this.#wake();
  }

  /** The events after number `after`, then those to come, until the end or until the signal aborts. */
  async *read(after: number, signal?: AbortSignal): AsyncIterable<NumberedEvent> {
    // A number beyond the last belongs to no event of this answer: everything is sent anew.
    let next = after > this.#events.length ? 0 : Math.max(0, Math.trunc(after) || 0);
    let told: number | undefined;
    while (!signal?.aborted) {
      while (next < this.#events.length) {
        if (signal?.aborted) return;
        yield this.#events[next++];
      }
      if (this.#ended) return;
      if (this.#ahead !== undefined && this.#ahead !== told) {
        told = this.#ahead;
        yield { seq: next, event: { type: "queue", ahead: told } };
        continue;
      }
      await this.#change(signal);
    }
  }

  #change(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiters.delete(wake);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiters.add(wake);
      signal?.addEventListener("abort", wake, { once: true });
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiters]) wake();
  }
}
