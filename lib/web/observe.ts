import { getLogger, withContext } from "@logtape/logtape";
import { type Context, HttpError, type Middleware } from "fresh";
import type { Farchat } from "../farchat.ts";
import { ACCESS } from "../ops/log.ts";
import { requestSpan } from "../ops/traces.ts";
import { clientReader } from "./client.ts";
import { recordFailure } from "./failures.ts";
import { endpointOf, isProbe } from "./paths.ts";
import type { State } from "./state.ts";

const access = getLogger(ACCESS);

/** An id from a proxy in front is kept when it can't break a header or a log line. */
const SANE_ID = /^[\w.:-]{8,64}$/;

/** A browser's name for itself is cut to this. */
const MOST_AGENT = 200;

/**
 * The outermost middleware: gives a request its state and id, counts, times and logs it, and writes the id and the
 * time on the response. Everything that is logged meanwhile, and by answers that it starts, has the id. Says that
 * what is not a static file is for this browser alone.
 */
export function observe(farchat: Farchat): Middleware<State> {
  const readClient = clientReader(farchat.settings.TRUSTED_PROXIES);
  return (ctx) => {
    const given = ctx.req.headers.get("X-Request-Id");
    const id = given && SANE_ID.test(given) ? given : crypto.randomUUID();
    ctx.state.farchat = farchat;
    ctx.state.client = readClient(ctx.req, ctx.info.remoteAddr);
    ctx.state.requestId = id;
    ctx.state.browser = "";
    ctx.state.nonce = nonce();
    return withContext({ requestId: id }, () => observed(ctx));
  };
}

async function observed(ctx: Context<State>): Promise<Response> {
  const began = performance.now();
  let response: Response;
  try {
    response = await ctx.next();
  } catch (error) {
    response = lastResort(ctx, error);
  }
  const ms = performance.now() - began;
  const { headers } = response;
  headers.set("X-Request-Id", ctx.state.requestId);
  headers.set("Server-Timing", `app;dur=${ms.toFixed(1)}`);
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "private, no-cache");
  record(ctx, response.status, ms);
  return response;
}

function record(ctx: Context<State>, status: number, ms: number): void {
  const { farchat: { metrics }, client } = ctx.state;
  const { method } = ctx.req;
  const { pathname } = ctx.url;
  const endpoint = endpointOf(ctx, status);
  const quiet = endpoint === "static" || isProbe(pathname);
  if (!quiet) metrics.requests++;
  metrics.request({ method, endpoint, status, seconds: ms / 1000 });
  const line = "{method} {path} {status} in {ms} ms";
  const facts = {
    method,
    path: pathname, // without the query, which may hold a question
    status,
    ms: Math.round(ms * 10) / 10,
    endpoint,
    client: client.address,
    agent: ctx.req.headers.get("User-Agent")?.slice(0, MOST_AGENT),
  };
  if (quiet) access.debug(line, facts);
  else access.info(line, facts);
  const span = requestSpan();
  span?.updateName(`${method} ${endpoint}`);
  span?.setAttributes({
    "http.route": endpoint,
    "farchat.request_id": ctx.state.requestId,
  });
}

/** Where even the error page fails. */
function lastResort(ctx: Context<State>, error: unknown): Response {
  const { requestId } = ctx.state;
  recordFailure(ctx, error);
  const status = error instanceof HttpError ? error.status : 500;
  const headers = new Headers(error instanceof HttpError ? error.headers : undefined);
  headers.set("Content-Type", "text/plain; charset=utf-8");
  headers.set("Content-Security-Policy", "default-src 'none'");
  headers.set("X-Content-Type-Options", "nosniff");
  return new Response(`Something went wrong in FARchat. Error id: ${requestId}\n`, {
    status,
    headers,
  });
}

function nonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}
