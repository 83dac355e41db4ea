import type { Middleware } from "fresh";
import { cors } from "hono/cors";
import { fromHono } from "./hono.ts";
import { isApi } from "./paths.ts";
import type { State } from "./state.ts";

/** How long a browser remembers what a preflight request was told, in seconds. */
const MAX_AGE = 600;

const made = new WeakMap<object, Middleware<State>>();

/**
 * Lets pages of the origins in CORS_ORIGINS call the API; of no others, and nothing but the API. They call it
 * without this site's cookie: conversations stay with this site's own pages.
 */
export function crossOrigin(): Middleware<State> {
  return (ctx) => {
    const { farchat } = ctx.state;
    const origins = farchat.settings.CORS_ORIGINS;
    if (origins.length === 0 || !isApi(ctx.url.pathname)) return ctx.next();
    let allow = made.get(farchat);
    if (!allow) {
      allow = fromHono(cors({
        origin: origins,
        allowMethods: ["GET", "HEAD", "POST", "PATCH", "DELETE"],
        allowHeaders: ["Content-Type", "Last-Event-ID"],
        exposeHeaders: [
          "X-Request-Id",
          "Retry-After",
          "RateLimit-Limit",
          "RateLimit-Remaining",
          "RateLimit-Reset",
        ],
        maxAge: MAX_AGE,
      }));
      made.set(farchat, allow);
    }
    return allow(ctx);
  };
}
