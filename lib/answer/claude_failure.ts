/** Why Claude did not write an answer, in words that are safe to show, and whether asking again may help. */
import Anthropic from "@anthropic-ai/sdk";

export interface ClaudeFailure {
  /** For the log and for tests. */
  kind:
    | "key"
    | "permission"
    | "model"
    | "request"
    | "too_large"
    | "credit"
    | "rate_limit"
    | "overloaded"
    | "server"
    | "timeout"
    | "connection"
    | "cut_off"
    | "refusal"
    | "empty"
    | "unknown";
  /** A sentence for the reader; never words of the API, which may repeat the question or the key. */
  message: string;
  retry: boolean;
  /** Milliseconds the API asked us to wait. */
  wait?: number;
}

const SAID: Record<ClaudeFailure["kind"], string> = {
  key:
    "Claude refused the API key, so this answer quotes the regulation instead. The administrator should check ANTHROPIC_API_KEY.",
  permission:
    "The API key may not use this Claude model, so this answer quotes the regulation instead.",
  model:
    "Claude does not know the configured model, so this answer quotes the regulation instead. The administrator should check CLAUDE_MODEL.",
  request: "Claude did not accept this request, so this answer quotes the regulation instead.",
  too_large:
    "The question and its passages are too long for Claude, so this answer quotes the regulation instead.",
  credit: "The Claude account has no credit left, so this answer quotes the regulation instead.",
  rate_limit:
    "Claude is answering too many requests of this key right now, so this answer quotes the regulation instead. Retry in a minute.",
  overloaded:
    "Claude is overloaded right now, so this answer quotes the regulation instead. Retry in a minute.",
  server:
    "Claude had an error of its own, so this answer quotes the regulation instead. Retry in a minute.",
  timeout: "Claude took too long to answer, so this answer quotes the regulation instead.",
  connection:
    "Claude could not be reached, so this answer quotes the regulation instead. The network or a firewall may be in the way.",
  cut_off:
    "The connection to Claude was lost while it wrote, so this answer quotes the regulation instead.",
  refusal: "Claude declined to answer this, so this answer quotes the regulation instead.",
  empty: "Claude sent no answer, so this answer quotes the regulation instead.",
  unknown: "Claude could not answer, so this answer quotes the regulation instead.",
};

const RETRIED = new Set<ClaudeFailure["kind"]>([
  "rate_limit",
  "overloaded",
  "server",
  "connection",
  "timeout",
]);

/** The failure of this kind. */
export function failure(kind: ClaudeFailure["kind"], wait?: number): ClaudeFailure {
  return { kind, message: SAID[kind], retry: RETRIED.has(kind), wait };
}

/** What an error of the SDK means. `started` says that some of the answer had arrived. */
export function failureOf(error: unknown, started: boolean): ClaudeFailure {
  if (error instanceof Anthropic.APIConnectionTimeoutError) return failure("timeout");
  if (error instanceof Anthropic.APIConnectionError) {
    return failure(started ? "cut_off" : "connection");
  }
  if (error instanceof Anthropic.APIError) {
    const wait = waitOf(error.headers);
    switch (error.type) { // errors inside a stream have a type and no status
      case "overloaded_error":
        return failure("overloaded", wait);
      case "rate_limit_error":
        return failure("rate_limit", wait);
      case "billing_error":
        return failure("credit");
      case "api_error":
        if (error.status === undefined) return failure("server", wait);
    }
    const status: number | undefined = error.status;
    if (status === 401) return failure("key");
    if (status === 402) return failure("credit");
    if (status === 403) return failure("permission");
    if (status === 404) return failure("model");
    if (status === 413) return failure("too_large");
    if (status === 429) return failure("rate_limit", wait);
    if (status === 529) return failure("overloaded", wait);
    if (status === 408 || status === 504) return failure("timeout", wait);
    if (status !== undefined && status >= 500) return failure("server", wait);
    if (status !== undefined && status >= 400) return failure("request");
  }
  return failure(started ? "cut_off" : "unknown");
}

/** `retry-after-ms` or `retry-after` in milliseconds, where it is a number. */
function waitOf(headers: Headers | undefined): number | undefined {
  const milliseconds = Number(headers?.get("retry-after-ms") ?? NaN);
  if (milliseconds >= 0) return milliseconds;
  const seconds = Number(headers?.get("retry-after") ?? NaN);
  return seconds >= 0 ? seconds * 1000 : undefined;
}
