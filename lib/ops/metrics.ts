/** What a running FARchat counts: totals for /health at once, and Prometheus' metrics once somebody wants them. */
import type { AnswerMode, AnswerUsage } from "../answer/types.ts";
import type { CountedMetrics, Reading } from "./metrics_registry.ts";

/** A request as it is counted. */
export interface CountedRequest {
  method: string;
  /** The pattern of the route, never the path. */
  endpoint: string;
  status: number;
  seconds: number;
}

/** An answer as it is counted when it ended. */
export interface CountedAnswer {
  mode: AnswerMode;
  status: "done" | "stopped" | "failed";
  seconds: number;
  /** Until the first words; absent where there were none. */
  firstTokenSeconds?: number;
  usage?: AnswerUsage;
}

/** Other methods are one label: whoever asks may make up any number of them. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** This many are kept before prom-client is loaded; it is, soon after a server's start. */
const MOST_KEPT = 1000;

/** The metrics of one FARchat. Recording costs a microsecond or two and never throws. */
export class Metrics {
  /** Milliseconds since 1970. */
  readonly started: number = Date.now();
  readonly #begun: number = performance.now();
  /** Requests for pages and the API; static files and probes are not among them. */
  requests = 0;
  /** Those that failed for a reason of the server's own (5xx). */
  errors = 0;
  /** Set when the server is told to stop: it is not ready from then on. */
  stopping = false;
  #counted?: CountedMetrics;
  #kept: ((counted: CountedMetrics) => void)[] = [];
  #loading?: Promise<CountedMetrics>;

  /** Since the start, whatever the clock of the wall was set to meanwhile. */
  get uptimeSeconds(): number {
    return (performance.now() - this.#begun) / 1000;
  }

  /** Loads prom-client (about 30 ms). What was recorded before is counted then. */
  load(): Promise<CountedMetrics> {
    this.#loading ??= import("./metrics_registry.ts").then(({ makeMetrics }) => {
      this.#counted = makeMetrics();
      for (const record of this.#kept) record(this.#counted);
      this.#kept = [];
      return this.#counted;
    });
    return this.#loading;
  }

  /** Everything in Prometheus' text format, with values that are read just now. */
  async text(readings: Reading[]): Promise<{ text: string; contentType: string }> {
    const counted = await this.load();
    const { exposition } = await import("./metrics_registry.ts");
    return await exposition(counted, readings);
  }

  request({ method, endpoint, status, seconds }: CountedRequest): void {
    const known = METHODS.has(method) ? method : "OTHER";
    this.#record((counted) => {
      counted.requests.inc({ method: known, endpoint, status: String(status) });
      counted.requestSeconds.observe({ method: known, endpoint }, seconds);
    });
  }

  /** A failure of the server's own, by the name of its error. */
  error(error: unknown): void {
    const type = typeOf(error);
    this.#record((counted) => counted.errors.inc({ error_type: type }));
  }

  /** One retrieval; milliseconds. */
  retrieval(timings: { total: number; embed: number; search: number }): void {
    this.#record((counted) => {
      for (const step of ["total", "embed", "search"] as const) {
        counted.retrievalSeconds.observe({ step }, timings[step] / 1000);
      }
    });
  }

  answer({ mode, status, seconds, firstTokenSeconds, usage }: CountedAnswer): void {
    this.#record((counted) => {
      counted.answers.inc({ mode, status });
      counted.querySeconds.observe({ mode }, seconds);
      if (firstTokenSeconds !== undefined) {
        counted.firstTokenSeconds.observe({ mode }, firstTokenSeconds);
      }
    });
    if (usage) this.spent(usage);
  }

  /** What was taken from the Messages API. */
  spent(usage: AnswerUsage): void {
    this.#record((counted) => {
      const { model } = usage;
      counted.tokens.inc({ model, kind: "input" }, usage.inputTokens);
      counted.tokens.inc({ model, kind: "output" }, usage.outputTokens);
      counted.tokens.inc({ model, kind: "cache_read" }, usage.cacheReadTokens);
      if (usage.costUsd !== undefined) counted.cost.inc({ model }, usage.costUsd);
    });
  }

  /** A request that was refused with 429. */
  limited(limit: "requests" | "questions"): void {
    this.#record((counted) => counted.limited.inc({ limit }));
  }

  #record(record: (counted: CountedMetrics) => void): void {
    if (this.#counted) return record(this.#counted);
    this.#kept.push(record);
    if (this.#kept.length >= MOST_KEPT) void this.load();
  }
}

/** The name of an error's class. Made-up names of other people's code are bounded in their letters and length. */
function typeOf(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  return /^\w{1,60}$/.test(name) ? name : "Error";
}
