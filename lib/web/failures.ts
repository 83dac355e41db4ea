/** What happens when a request fails for a reason of the server's own, in one place. */
import { getLogger } from "@logtape/logtape";
import type { Context } from "fresh";
import { type ErrorFacts, errorFacts, reportError } from "../ops/errors.ts";
import { secretsOf, textCleaner } from "../ops/log_redaction.ts";
import { Problem } from "../problem.ts";
import { endpointOf, hasWords } from "./paths.ts";
import type { State } from "./state.ts";

const log = getLogger(["farchat", "web"]);

/**
 * Counts the failure, logs it under the request's id and hands it to the tracker. The message of an error is left out
 * where the request holds people's words, which it may repeat.
 */
export function recordFailure(ctx: Context<State>, error: unknown): void {
  const { farchat: { metrics, settings }, requestId: id } = ctx.state;
  const cause = causeOf(error);
  const { method } = ctx.req;
  const endpoint = endpointOf(ctx);
  const words = hasWords(method, ctx.url) && !settings.LOG_QUESTIONS;
  metrics.errors++;
  metrics.error(cause);
  log.error("{method} {endpoint} failed with {name}", {
    method,
    endpoint,
    name: cause instanceof Error ? cause.name : typeof cause,
    error: errorFacts(cause, words),
  });
  reportError(cause, { id, endpoint, method, words: hasWords(method, ctx.url) });
}

/** What DEBUG shows of an error beside its message; undefined without DEBUG. */
export function debugFacts({ farchat }: State, error: unknown): ErrorFacts | undefined {
  if (!farchat.settings.DEBUG) return undefined;
  const clean = textCleaner(secretsOf(farchat.settings));
  return JSON.parse(JSON.stringify(
    errorFacts(causeOf(error)),
    (_, value) => typeof value === "string" ? clean(value) : value,
  ));
}

/** A `Problem` says what to do; what went wrong is its cause. */
function causeOf(error: unknown): unknown {
  const cause = error instanceof Error && error.cause instanceof Problem ? error.cause : error;
  return cause instanceof Problem ? cause.cause ?? cause : cause;
}
