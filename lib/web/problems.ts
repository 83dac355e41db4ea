/** Errors as people and programs may see them: a page or RFC 9457 JSON, with a next step and an id for the logs. */
import { STATUS_CODES } from "node:http";
import { HttpError, type Middleware } from "fresh";
import { HTTPException } from "hono/http-exception";
import { PROBLEM_KINDS, type ProblemKind, problemType } from "../api/problem_kinds.ts";
import { Problem } from "../problem.ts";
import { debugFacts, recordFailure } from "./failures.ts";
import { isApi } from "./paths.ts";
import type { State } from "./state.ts";

const UNEXPECTED = "Something went wrong in FARchat.";
const UNEXPECTED_NEXT =
  "Try again. If it happens again, tell your administrator the error id, which is in FARchat's log.";

const NEXT: Record<number, string> = {
  403: "Open FARchat in this browser, and send the form from its own page.",
  404: "Check the address, or start from the first page.",
  405: "See the API's description for the methods an address takes.",
  413: "Shorten what you send: at most 64 KB are taken.",
  429: "Wait a little and try again.",
};

/** The error as a `Problem`; one that nobody foresaw says nothing of its cause. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpError) {
    if (error.cause instanceof Problem) return error.cause;
    if (error.status < 500) return plain(error.status, error.message, error);
  }
  if (error instanceof HTTPException && error.status < 500) {
    return plain(error.status, error.message, error);
  }
  return new Problem(UNEXPECTED, { next: UNEXPECTED_NEXT, status: 500, cause: error });
}

function plain(status: number, message: string, cause: unknown): Problem {
  const words: Record<number, string> = {
    403: "This request came from another site, so FARchat did not take it.",
    404: "There is nothing at this address.",
  };
  return new Problem(words[status] ?? (message || STATUS_CODES[status] || "Refused"), {
    next: NEXT[status] ?? "Check the request and try again.",
    status,
    cause,
  });
}

/**
 * A problem as application/problem+json:
 * `{type, title, status, detail, next, instance}`, and `extra` beside them. `type` is that of the `kind`, or else of
 * the first kind with the problem's status; `instance` is the id in the log.
 */
export function problemResponse(
  problem: Problem,
  requestId: string,
  init: { headers?: HeadersInit; kind?: ProblemKind; extra?: Record<string, unknown> } = {},
): Response {
  const headers = new Headers(init.headers);
  headers.set("Content-Type", "application/problem+json");
  const body = {
    type: init.kind ? PROBLEM_KINDS[init.kind].type : problemType(problem.status),
    title: STATUS_CODES[problem.status] ?? "Error",
    status: problem.status,
    detail: problem.message,
    next: problem.next,
    instance: requestId,
    ...init.extra,
  };
  return new Response(JSON.stringify(body), { status: problem.status, headers });
}

/**
 * Turns whatever is thrown below into a problem: JSON for the API, an HttpError with the problem as its cause for
 * the error page. What nobody foresaw is logged with the id that the reader is shown; the query string, which may
 * hold a question, is not.
 */
export function problems(): Middleware<State> {
  return async (ctx) => {
    try {
      return await ctx.next();
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status >= 500) recordFailure(ctx, error);
      const headers = error instanceof HttpError ? error.headers : undefined;
      if (isApi(ctx.url.pathname)) {
        const debug = problem.status >= 500 ? debugFacts(ctx.state, error) : undefined;
        const extra = debug && { debug };
        return problemResponse(problem, ctx.state.requestId, { headers, extra });
      }
      throw new HttpError(problem.status, problem.message, { cause: problem, headers });
    }
  };
}
