import { HttpError, type Middleware } from "fresh";
import { csrf } from "hono/csrf";
import { fromHono } from "./hono.ts";
import { isApi } from "./paths.ts";
import type { State } from "./state.ts";

/**
 * Refuses what another site makes a browser send (403), but for the API's callers in CORS_ORIGINS. A form has to name
 * its origin; a program that uses the API names none, a browser always does.
 */
export function sameOrigin(): Middleware<State> {
  const forms = fromHono(csrf({ origin: (origin, c) => isSame(origin, c.req.raw) }));
  return (ctx) => {
    if (!isApi(ctx.url.pathname)) return forms(ctx);
    if (["GET", "HEAD", "OPTIONS"].includes(ctx.req.method)) return ctx.next();
    const site = ctx.req.headers.get("Sec-Fetch-Site");
    const origin = ctx.req.headers.get("Origin");
    // What these pages may do, `crossOrigin` says; forms are never among it.
    if (origin && ctx.state.farchat.settings.CORS_ORIGINS.includes(origin)) return ctx.next();
    const refused = site ? !["same-origin", "none"].includes(site) : origin !== null &&
      !isSame(origin, ctx.req);
    if (refused) throw new HttpError(403);
    return ctx.next();
  };
}

/**
 * Whether the origin is this site. Hosts are compared, not schemes: behind a proxy that ends TLS the browser says
 * https where this server sees http.
 */
function isSame(origin: string, req: Request): boolean {
  const host = req.headers.get("Host") ?? new URL(req.url).host;
  return URL.canParse(origin) && new URL(origin).host === host;
}
