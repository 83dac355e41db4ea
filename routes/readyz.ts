import { isReadable } from "../lib/web/health.ts";
import { define } from "../utils.ts";

/** `{"status":"ready"}`: the database can be read; 503 `{"status":"not ready"}` when it can't. */
export const handler = define.handlers({
  GET: (ctx) => {
    const ready = isReadable(ctx.state.farchat);
    return Response.json({ status: ready ? "ready" : "not ready" }, {
      status: ready ? 200 : 503,
      headers: { "Cache-Control": "no-store" },
    });
  },
});
