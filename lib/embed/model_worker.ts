/** One worker with the model in it: sends it work, gives back what it answers, notices when it dies. */
import type { FromWorker, LoadMessage, ToWorker, WorkMessage } from "./messages.ts";
import { EmbedderUnavailable } from "./unavailable.ts";

/** The worker died in the middle of something (it may be started again). */
export class WorkerCrashed extends Error {
  override readonly name = "WorkerCrashed";
}

function failureOf({ message, problem }: Extract<FromWorker, { kind: "failed" }>): Error {
  const cause = new Error(message);
  return problem ? new EmbedderUnavailable(problem.message, { next: problem.next, cause }) : cause;
}

/** How long a worker may take to finish what it is doing. */
const CLOSE_MS = 5_000;

interface Waiting {
  resolve(message: FromWorker): void;
  reject(error: Error): void;
}

/** A running worker. Messages are answered in the order sent. */
export class ModelWorker {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #crash?: WorkerCrashed;

  /** Starts the worker and lets it load the model; `ready` settles when it has. */
  readonly ready: Promise<void>;

  constructor(url: URL, load: Omit<LoadMessage, "kind">) {
    this.#worker = new Worker(url, { type: "module", name: "farchat-embed" });
    this.#worker.onmessage = (event: MessageEvent<FromWorker>) => this.#answer(event.data);
    this.#worker.onerror = (event) => {
      // Without this the error would end the whole process.
      event.preventDefault();
      this.#crashed(event.message);
    };
    this.#worker.onmessageerror = () => this.#crashed("a message could not be read");
    this.ready = this.#send({ kind: "load", ...load }).then(() => {});
  }

  /** The answer to `message`. Rejects with WorkerCrashed when the worker dies, an Error when the work fails. */
  ask(message: WorkMessage): Promise<FromWorker> {
    return this.#send(message);
  }

  /** Ends the worker once it is done with what it has; what was not answered by then rejects. */
  async close(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise((resolve) => timer = setTimeout(resolve, CLOSE_MS));
    // A worker that is ended in the middle of a run pulls the memory away from under it.
    await Promise.race([this.#send({ kind: "close" }).catch(() => {}), patience]);
    clearTimeout(timer);
    this.#crashed("ended");
  }

  #send(message: ToWorker): Promise<FromWorker> {
    if (this.#crash) return Promise.reject(this.#crash);
    const { promise, resolve, reject } = Promise.withResolvers<FromWorker>();
    this.#waiting.push({ resolve, reject });
    this.#worker.postMessage(message);
    return promise;
  }

  #answer(message: FromWorker): void {
    const first = this.#waiting.shift();
    if (message.kind === "failed") first?.reject(failureOf(message));
    else first?.resolve(message);
  }

  #crashed(why: string): void {
    if (this.#crash) return;
    this.#crash = new WorkerCrashed(why);
    this.#worker.terminate();
    for (const { reject } of this.#waiting.splice(0)) reject(this.#crash);
  }
}
