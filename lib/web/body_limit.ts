import type { Middleware } from "fresh";
import { bodyLimit as honoBodyLimit } from "hono/body-limit";
import { Problem } from "../problem.ts";
import { fromHono } from "./hono.ts";
import type { State } from "./state.ts";

/** Refuses a request body of more bytes (413). A body that does not tell its length is read up to the limit. */
export function bodyLimit(maxSize: number): Middleware<State> {
  const check = fromHono(honoBodyLimit({
    maxSize,
    onError: () => {
      throw new Problem(`Expected at most ${maxSize / 1024} KB, found more.`, {
        next: "Shorten it and send it again.",
        status: 413,
      });
    },
  }));
  return (ctx) => {
    if (!ctx.req.body || ctx.req.headers.has("Content-Length")) return check(ctx);
    // Hono reads it to count; the copy is read, so that the handler still finds the original.
    const { state, info, next } = ctx;
    return check({ req: ctx.req.clone(), state, info, next } as typeof ctx);
  };
}
