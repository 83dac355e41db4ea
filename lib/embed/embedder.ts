/** Texts to vectors with the model that ships, off the event loop. */
import { availableParallelism } from "node:os";
import process from "node:process";
import { type Batch, Batches, Job } from "./batches.ts";
import type { FromWorker } from "./messages.ts";
import { isExecutable } from "../native/mod.ts";
import { DIMENSIONS, EMBEDDER_NAME, findModel, MODEL_ID } from "./model_folder.ts";
import { ModelWorker, WorkerCrashed } from "./model_worker.ts";
import type { Embedder } from "./types.ts";
import { EmbedderUnavailable } from "./unavailable.ts";

export interface EmbedderOptions {
  /** A folder with the model in place of the one that ships; default the environment's FARCHAT_MODELS_DIR. */
  modelsDir?: string;
  /** Threads of one run; default two where the machine has them: more gain nothing on texts this short. */
  threads?: number;
  /** The worker's module, for tests of what happens when it dies. */
  workerUrl?: URL;
  /** What an administrator's log should hear: never a text that was embedded. */
  onNotice?: (message: string, cause?: unknown) => void;
}

/** An embedder that can be loaded ahead of its first use. */
export interface LocalEmbedder extends Embedder {
  /** Loads the model; resolves when it is ready or unavailable, never rejects. */
  warmUp(): Promise<void>;
}

/** Runs of the model under way: with a second one waiting in the worker it is never idle between two. */
const UNDER_WAY = 2;
/** Texts in one message that counts tokens (about 10 ms). */
const COUNT_TEXTS = 64;

/**
 * An embedder of all-MiniLM-L6-v2 (384 numbers, 256 tokens) that runs in a worker. It starts no worker until it is
 * used or warmed up. Requests of up to four texts overtake longer ones between two batches. A worker that dies is
 * started again once; when the same work kills it twice, the embedder is unavailable.
 */
export function createEmbedder(options: EmbedderOptions = {}): LocalEmbedder {
  return new WorkerEmbedder(options);
}

class WorkerEmbedder implements LocalEmbedder {
  readonly name = EMBEDDER_NAME;
  readonly dimensions = DIMENSIONS;
  readonly #options: EmbedderOptions;
  readonly #batches = new Batches();
  #worker?: ModelWorker;
  #loading?: Promise<ModelWorker>;
  #underWay = 0;
  #crashes = 0;
  #state: Embedder["state"] = "loading";
  #unavailable?: EmbedderUnavailable;
  #closed = false;
  /** Settles when the worker of an unavailable embedder has ended. */
  #ended?: Promise<void>;

  constructor(options: EmbedderOptions) {
    this.#options = options;
  }

  get state(): Embedder["state"] {
    return this.#state;
  }

  get problem(): string | undefined {
    return this.#unavailable && `${this.#unavailable.message} ${this.#unavailable.next}`;
  }

  async warmUp(): Promise<void> {
    await this.#load().catch(() => {});
  }

  async embed(texts: string[], signal?: AbortSignal): Promise<Float32Array[]> {
    signal?.throwIfAborted();
    const job = new Job(texts);
    const abort = () => job.fail(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    this.#batches.add(job);
    this.#pump();
    try {
      return await job.done;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  async countTokens(texts: string[]): Promise<number[]> {
    const counts: number[] = [];
    for (let i = 0; i < texts.length; i += COUNT_TEXTS) {
      const part = texts.slice(i, i + COUNT_TEXTS);
      const answer = await this.#ask({ kind: "count", texts: part });
      if (answer.kind !== "counts") throw new Error(`counts expected, ${answer.kind} found`);
      counts.push(...answer.counts);
    }
    return counts;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#giveUp(
      new EmbedderUnavailable("The embedding model was closed.", { next: "Start FARchat again." }),
    );
    await this.#ended;
  }

  /** Hands out batches while the worker has room for them. */
  #pump(): void {
    while (this.#underWay < UNDER_WAY) {
      const batch = this.#batches.next();
      if (!batch) return;
      this.#underWay++;
      this.#run(batch).catch((error) => batch.job.fail(error)).finally(() => {
        this.#underWay--;
        this.#pump();
      });
    }
  }

  async #run(batch: Batch): Promise<void> {
    const answer = await this.#ask({ kind: "embed", texts: batch.texts });
    if (answer.kind !== "vectors") throw new Error(`vectors expected, ${answer.kind} found`);
    batch.job.fulfil(batch, answer.numbers, this.dimensions);
  }

  async #ask(message: Parameters<ModelWorker["ask"]>[0]): Promise<FromWorker> {
    for (;;) {
      const worker = await this.#load();
      try {
        const answer = await worker.ask(message);
        this.#crashes = 0;
        return answer;
      } catch (error) {
        if (!(error instanceof WorkerCrashed)) throw error;
        this.#buried(worker, error);
      }
    }
  }

  #load(): Promise<ModelWorker> {
    if (this.#unavailable) return Promise.reject(this.#unavailable);
    return this.#loading ??= this.#start();
  }

  async #start(): Promise<ModelWorker> {
    try {
      const modelsDir = this.#options.modelsDir ?? (process.env.FARCHAT_MODELS_DIR || undefined);
      this.#worker = new ModelWorker(
        this.#options.workerUrl ?? new URL("./worker.ts", import.meta.url),
        {
          model: modelsDir || !isExecutable() ? findModel(modelsDir) : { id: MODEL_ID },
          threads: this.#options.threads ?? Math.min(2, availableParallelism()),
        },
      );
      await this.#worker.ready;
      if (this.#unavailable) throw this.#unavailable;
      this.#state = "ready";
      return this.#worker;
    } catch (error) {
      const reason = error instanceof EmbedderUnavailable ? error : new EmbedderUnavailable(
        "The embedding model could not be loaded: its files are damaged or onnxruntime does not run on this machine.",
        { cause: error },
      );
      this.#giveUp(reason);
      throw this.#unavailable ?? reason;
    }
  }

  /** A worker died. Several requests may notice; the first one decides. */
  #buried(worker: ModelWorker, error: WorkerCrashed): void {
    if (this.#worker !== worker || this.#unavailable) return;
    this.#worker = undefined;
    this.#loading = undefined;
    this.#crashes++;
    if (this.#crashes > 1) {
      return this.#giveUp(
        new EmbedderUnavailable("The embedding model stopped twice in a row.", { cause: error }),
      );
    }
    this.#options.onNotice?.("The embedding worker stopped; it is started again.", error);
    this.#state = "loading";
  }

  #giveUp(reason: EmbedderUnavailable): void {
    if (this.#unavailable) return;
    this.#unavailable = reason;
    this.#state = "unavailable";
    if (!this.#closed) this.#options.onNotice?.(reason.message, reason.cause);
    this.#ended = this.#worker?.close();
    this.#worker = undefined;
    this.#batches.failAll(reason);
  }
}
