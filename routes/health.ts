import { health } from "../lib/ops/health.ts";
import { define } from "../utils.ts";

/** What the server says of itself, see `Health`; 503 when the database can't be read. */
export const handler = define.handlers({
  GET: (ctx) => {
    const report = health(ctx.state.farchat);
    return Response.json(report, {
      status: report.status === "unhealthy" ? 503 : 200,
      headers: { "Cache-Control": "no-store" },
    });
  },
});
