import type { Middleware } from "fresh";
import { parse, serialize } from "hono/utils/cookie";
import { isApi, isProbe } from "./paths.ts";
import type { State } from "./state.ts";

const COOKIE = "farchat_browser";
const ONE_YEAR = 365 * 24 * 60 * 60;
const VALUE = /^[0-9a-f]{32}$/;

/**
 * Knows a browser again by a random cookie, made at its first request; conversations belong to it. A visit to a
 * page makes the cookie last another year. Also reads the colors the reader chose.
 */
export function knowBrowser(): Middleware<State> {
  return async (ctx) => {
    if (isProbe(ctx.url.pathname)) return await ctx.next();
    const cookies = parse(ctx.req.headers.get("Cookie") ?? "");
    const known = VALUE.test(cookies[COOKIE] ?? "") ? cookies[COOKIE] : undefined;
    const { farchat_theme: theme } = cookies;
    if (theme === "light" || theme === "dark") ctx.state.theme = theme;
    ctx.state.browser = known ?? newValue();
    const response = await ctx.next();
    if (!known || !isApi(ctx.url.pathname)) {
      const cookie = serialize(COOKIE, ctx.state.browser, {
        path: "/",
        httpOnly: true,
        sameSite: "Lax",
        maxAge: ONE_YEAR,
        secure: ctx.state.client.secure,
      });
      response.headers.append("Set-Cookie", cookie);
    }
    return response;
  };
}

function newValue(): string {
  return crypto.randomUUID().replaceAll("-", "");
}
