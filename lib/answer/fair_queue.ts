/** Who may write an answer next: a few at once, and every browser its turn before any has a second one. */

/** A place in the queue. */
export interface Ticket {
  readonly owner: string;
  /** Answers that will start before this one; 0 for the next and for one that has started. */
  ahead(): number;
  /** Resolves when it is this one's turn; rejects with the signal's reason when that aborts first. */
  readonly turn: Promise<void>;
  /** Gives the place up: after the answer, or instead of it. May be called more than once. */
  leave(): void;
}

interface Waiting {
  owner: string;
  start(): void;
}

/** A queue in which owners take turns. `onMove` is called whenever somebody's place may have changed. */
export class FairQueue {
  readonly #slots: number;
  #running = 0;
  /** In the order of their next turn. */
  readonly #owners = new Map<string, Waiting[]>();
  readonly #onMove: () => void;

  constructor(slots: number, onMove: () => void = () => {}) {
    this.#slots = Math.max(1, slots);
    this.#onMove = onMove;
  }

  get waiting(): number {
    let count = 0;
    for (const list of this.#owners.values()) count += list.length;
    return count;
  }

  get running(): number {
    return this.#running;
  }

  /** How many of this owner wait. */
  waitingOf(owner: string): number {
    return this.#owners.get(owner)?.length ?? 0;
  }

  /** Takes a place; it starts at once when a slot is free. */
  enter(owner: string, signal: AbortSignal): Ticket {
    let state: "waiting" | "running" | "left" = "waiting";
    const { promise: turn, resolve, reject } = Promise.withResolvers<void>();
    turn.catch(() => {}); // who awaits it is told; nobody else needs to be
    const waiting: Waiting = {
      owner,
      start: () => {
        state = "running";
        this.#running++;
        signal.removeEventListener("abort", leave);
        resolve();
      },
    };
    const leave = () => {
      if (state === "left") return;
      if (state === "running") this.#running--;
      else {
        this.#remove(waiting);
        reject(signal.reason ?? new DOMException("left the queue", "AbortError"));
      }
      state = "left";
      signal.removeEventListener("abort", leave);
      this.#next();
      this.#onMove();
    };
    if (signal.aborted) {
      state = "left";
      reject(signal.reason);
    } else {
      this.#owners.set(owner, [...(this.#owners.get(owner) ?? []), waiting]);
      signal.addEventListener("abort", leave);
      this.#next();
    }
    return { owner, turn, leave, ahead: () => state === "waiting" ? this.#ahead(waiting) : 0 };
  }

  #next(): void {
    while (this.#running < this.#slots) {
      const turn = this.#owners.entries().next();
      if (turn.done) return;
      const [owner, list] = turn.value;
      const first = list.shift()!;
      this.#owners.delete(owner);
      if (list.length) this.#owners.set(owner, list); // behind the others
      first.start();
    }
  }

  /** Counts as `#next` will choose: round by round, one of each owner. */
  #ahead(waiting: Waiting): number {
    const own = this.#owners.get(waiting.owner) ?? [];
    const round = own.indexOf(waiting);
    let before = 0;
    let passed = false;
    for (const [owner, list] of this.#owners) {
      if (owner === waiting.owner) {
        before += round;
        passed = true;
      } else {
        before += Math.min(list.length, passed ? round : round + 1);
      }
    }
    return before;
  }

  #remove(waiting: Waiting): void {
    const list = (this.#owners.get(waiting.owner) ?? []).filter((other) => other !== waiting);
    if (list.length) this.#owners.set(waiting.owner, list);
    else this.#owners.delete(waiting.owner);
  }
}
