import { metricsReadings } from "../lib/ops/metrics_readings.ts";
import { checkMetricsAccess } from "../lib/web/metrics_access.ts";
import { define } from "../utils.ts";

/** What Prometheus reads, for whoever may (docs/metrics.md). */
export const handler = define.handlers({
  async GET(ctx) {
    checkMetricsAccess(ctx.req, ctx.state);
    const { farchat } = ctx.state;
    const { text, contentType } = await farchat.metrics.text(metricsReadings(farchat));
    return new Response(text, {
      headers: { "Content-Type": contentType, "Cache-Control": "no-store" },
    });
  },
});
