/** The metrics in the words of prom-client, which takes a while to load: import this module when it is needed. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** Pages take milliseconds, answers seconds. */
const PAGE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const ANSWER_SECONDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300];

/** Makes the metrics that are counted as things happen, in a registry of their own. docs/metrics.md describes them. */
export function makeMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    requests: new Counter({
      name: "farchat_requests_total",
      help: "Responses.",
      labelNames: ["method", "endpoint", "status"],
      registers,
    }),
    requestSeconds: new Histogram({
      name: "farchat_request_duration_seconds",
      help: "Seconds until the response begins.",
      labelNames: ["method", "endpoint"],
      buckets: PAGE_SECONDS,
      registers,
    }),
    querySeconds: new Histogram({
      name: "farchat_query_duration_seconds",
      help: "Seconds from a question to the end of its answer.",
      labelNames: ["mode"],
      buckets: ANSWER_SECONDS,
      registers,
    }),
    errors: new Counter({
      name: "farchat_errors_total",
      help: "Failures of the server's own.",
      labelNames: ["error_type"],
      registers,
    }),
    retrievalSeconds: new Histogram({
      name: "farchat_retrieval_duration_seconds",
      help: "Seconds from a question to its passages.",
      labelNames: ["step"],
      buckets: PAGE_SECONDS,
      registers,
    }),
    firstTokenSeconds: new Histogram({
      name: "farchat_time_to_first_token_seconds",
      help: "Seconds from a question to the first words of its answer.",
      labelNames: ["mode"],
      buckets: ANSWER_SECONDS,
      registers,
    }),
    answers: new Counter({
      name: "farchat_answers_total",
      help: "Answers that ended.",
      labelNames: ["mode", "status"],
      registers,
    }),
    tokens: new Counter({
      name: "farchat_tokens_total",
      help: "Tokens of the Messages API.",
      labelNames: ["model", "kind"],
      registers,
    }),
    cost: new Counter({
      name: "farchat_cost_usd_total",
      help: "US dollars spent on answers, by the prices in the settings.",
      labelNames: ["model"],
      registers,
    }),
    limited: new Counter({
      name: "farchat_rate_limited_total",
      help: "Requests refused because their client sent too many.",
      labelNames: ["limit"],
      registers,
    }),
  };
}

/** The counted metrics. */
export type CountedMetrics = ReturnType<typeof makeMetrics>;

/** A value that is read when somebody asks for the metrics. */
export interface Reading {
  name: string;
  help: string;
  value: number;
  labels?: Record<string, string>;
}

/** Everything in Prometheus' text format. Several readings of one name differ in their labels. */
export async function exposition(
  { registry }: CountedMetrics,
  readings: Reading[],
): Promise<{ text: string; contentType: string }> {
  const now = new Registry();
  const made = new Map<string, Counter | Gauge>();
  for (const { name, help, value, labels = {} } of readings) {
    let metric = made.get(name);
    if (!metric) {
      const options = { name, help, labelNames: Object.keys(labels), registers: [now] };
      metric = name.endsWith("_total") ? new Counter(options) : new Gauge(options);
      made.set(name, metric);
    }
    metric.inc(labels, value);
  }
  const text = await registry.metrics() + "\n" + await now.metrics();
  return { text, contentType: registry.contentType };
}
