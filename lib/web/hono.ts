import type { Middleware } from "fresh";
import { Hono, type MiddlewareHandler } from "hono";
import type { State } from "./state.ts";

/** What a Hono middleware finds in `c.env`: the request's state, who sent it, and what comes after. */
export interface Bindings {
  state: State;
  info: Deno.ServeHandlerInfo;
  next: () => Promise<Response>;
}

export type HonoMiddleware = MiddlewareHandler<{ Bindings: Bindings }>;

/** A middleware of Hono's as one of a route's. What it throws is thrown on. */
export function fromHono(middleware: HonoMiddleware): Middleware<State> {
  const app = new Hono<{ Bindings: Bindings }>();
  app.use(middleware);
  app.all("*", (c) => c.env.next());
  app.onError((error) => {
    throw error;
  });
  return async ({ req, state, info, next }) => await app.fetch(req, { state, info, next });
}
