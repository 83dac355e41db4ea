import { readiness } from "../lib/ops/health.ts";
import { define } from "../utils.ts";

/** `{"status":"ready","checks":{...}}`, or 503 and "not ready" where one of the checks failed; see `Readiness`. */
export const handler = define.handlers({
  GET: (ctx) => {
    const { ready, checks } = readiness(ctx.state.farchat);
    return Response.json({ status: ready ? "ready" : "not ready", checks }, {
      status: ready ? 200 : 503,
      headers: { "Cache-Control": "no-store" },
    });
  },
});
