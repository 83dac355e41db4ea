import { getLogger } from "@logtape/logtape";
import type { Middleware } from "fresh";
import type { Farchat } from "../farchat.ts";
import { countersOf } from "./counters.ts";
import { isProbe } from "./paths.ts";
import type { State } from "./state.ts";

const log = getLogger(["farchat", "web"]);

/** An id from a proxy in front is kept when it can't break a header or a log line. */
const SANE_ID = /^[\w.:-]{8,64}$/;

/**
 * The outermost middleware: gives a request its state and id, counts and times it, and writes the id and the time on
 * the response. Says that what is not a static file is for this browser alone.
 */
export function observe(farchat: Farchat): Middleware<State> {
  return async (ctx) => {
    const given = ctx.req.headers.get("X-Request-Id");
    const id = given && SANE_ID.test(given) ? given : crypto.randomUUID();
    ctx.state.farchat = farchat;
    ctx.state.requestId = id;
    ctx.state.browser = "";
    ctx.state.nonce = nonce();
    if (!isProbe(ctx.url.pathname)) countersOf(farchat).requests++;
    const began = performance.now();
    const response = await ctx.next();
    const ms = performance.now() - began;
    response.headers.set("X-Request-Id", id);
    response.headers.set("Server-Timing", `app;dur=${ms.toFixed(1)}`);
    if (!response.headers.has("Cache-Control")) {
      response.headers.set("Cache-Control", "private, no-cache");
    }
    log.debug("{method} {path} {status} in {ms} ms", {
      method: ctx.req.method,
      path: ctx.url.pathname,
      status: response.status,
      ms: Math.round(ms),
      id,
    });
    return response;
  };
}

function nonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}
