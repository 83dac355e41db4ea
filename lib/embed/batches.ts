/** The order in which texts are embedded: short questions first, long jobs in small batches of like length. */

/** Texts in one run of the model. More only pads more: 1 to 4 measured alike, 8 and 16 slower and in more memory. */
const BATCH_TEXTS = 4;
/** About 500 tokens, 0.1 s: a question waits no longer than one or two batches. */
const BATCH_CHARACTERS = 2_000;
/** A request of so few texts is a question somebody waits for. */
const QUESTION_TEXTS = 4;

/** A request to embed, cut into batches. */
export class Job {
  readonly vectors: Float32Array[];
  readonly urgent: boolean;
  readonly done: Promise<Float32Array[]>;
  readonly #texts: readonly string[];
  readonly #byLength: number[];
  readonly #settle: PromiseWithResolvers<Float32Array[]>;
  #next = 0;
  #missing: number;
  #settled = false;

  constructor(texts: readonly string[]) {
    this.#texts = texts;
    this.#byLength = texts.map((_, i) => i)
      // The longest first, so that memory is claimed once and does not grow in steps.
      .sort((a, b) => texts[b].length - texts[a].length);
    this.vectors = new Array(texts.length);
    this.urgent = texts.length <= QUESTION_TEXTS;
    this.#missing = texts.length;
    this.#settle = Promise.withResolvers();
    this.done = this.#settle.promise;
    if (texts.length === 0) this.#finish();
  }

  /** True when nothing is left to hand out (some of it may still be under way). */
  get exhausted(): boolean {
    return this.#settled || this.#next >= this.#byLength.length;
  }

  /** The next texts to run together. */
  take(): Batch {
    const indices: number[] = [];
    let longest = 0;
    while (this.#next < this.#byLength.length && indices.length < BATCH_TEXTS) {
      const index = this.#byLength[this.#next];
      longest = Math.max(longest, this.#texts[index].length);
      if (indices.length > 0 && longest * (indices.length + 1) > BATCH_CHARACTERS) break;
      indices.push(index);
      this.#next++;
    }
    return { job: this, indices, texts: indices.map((index) => this.#texts[index]) };
  }

  /** Files the vectors of a batch, which lie one after the other in `numbers`. */
  fulfil(batch: Batch, numbers: Float32Array, dimensions: number): void {
    batch.indices.forEach((index, i) => {
      this.vectors[index] = numbers.slice(i * dimensions, (i + 1) * dimensions);
    });
    this.#missing -= batch.indices.length;
    if (this.#missing === 0) this.#finish();
  }

  /** Ends the job; what is still under way is thrown away when it comes. */
  fail(reason: unknown): void {
    this.#settled = true;
    this.#settle.reject(reason);
  }

  #finish(): void {
    this.#settled = true;
    this.#settle.resolve(this.vectors);
  }
}

/** Texts of one job that run together. */
export interface Batch {
  job: Job;
  indices: number[];
  texts: string[];
}

/** Jobs that wait. Urgent ones go first; the others take turns, a batch each. */
export class Batches {
  readonly #urgent: Job[] = [];
  readonly #patient: Job[] = [];

  add(job: Job): void {
    if (!job.exhausted) (job.urgent ? this.#urgent : this.#patient).push(job);
  }

  /** The next batch, or undefined when nothing waits. */
  next(): Batch | undefined {
    for (const queue of [this.#urgent, this.#patient]) {
      while (queue.length > 0) {
        const job = queue.shift()!;
        if (job.exhausted) continue;
        const batch = job.take();
        if (!job.exhausted) job.urgent ? queue.unshift(job) : queue.push(job);
        return batch;
      }
    }
  }

  /** Fails everything that waits. */
  failAll(reason: unknown): void {
    for (const queue of [this.#urgent, this.#patient]) {
      for (const job of queue.splice(0)) job.fail(reason);
    }
  }
}
