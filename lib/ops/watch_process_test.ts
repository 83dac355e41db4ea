import assert from "node:assert/strict";
import { configure } from "@logtape/logtape";
import { testWeb } from "../../tests/support/web.ts";
import { until } from "../../tests/support/until.ts";
import { configureLogs } from "./log.ts";
import { watchProcess } from "./watch_process.ts";

Deno.test("an error nobody handled is counted and logged without its words, and the process goes on", async () => {
  const web = testWeb();
  const lines: string[] = [];
  await configureLogs(web.farchat.settings, (line) => lines.push(line));
  const watch = watchProcess(web.farchat);
  try {
    void Promise.reject(new RangeError("canary words"));
    await until("the rejection", () => web.farchat.metrics.errors === 1);
    const { text } = await web.farchat.metrics.text([]);
    assert.match(text, /farchat_errors_total\{error_type="RangeError"\} 1/);
    const [{ message, error }] = lines.map((line) => JSON.parse(line));
    assert.equal(message, "nobody handled RangeError");
    assert.match(error.frames[0], /watch_process_test/);
    assert.doesNotMatch(lines.join(), /canary/);
  } finally {
    await watch.close();
    await configure({ reset: true, sinks: {}, loggers: [] });
    await web.close();
  }
});

/** Sentry's library leaves a timer of its own behind for a moment when it is closed. */
function sentryTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false });
}

sentryTest(
  "with SENTRY_DSN it is reported there, with what came before Sentry was loaded",
  async () => {
    const bodies: string[] = [];
    const double = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (req) => {
        bodies.push(await req.text());
        return new Response(null);
      },
    );
    const web = testWeb({ settings: { SENTRY_DSN: `http://key@127.0.0.1:${double.addr.port}/1` } });
    const { expectTracker, reportError } = await import("./errors.ts");
    expectTracker(web.farchat.settings);
    reportError(new TypeError("early"), { id: "early-1", endpoint: "/far" });
    const watch = watchProcess(web.farchat);
    try {
      void Promise.reject(new RangeError("canary words"));
      await until("the rejection", () => web.farchat.metrics.errors === 1);
    } finally {
      await watch.close();
      await web.close();
      await double.shutdown();
    }
    const sent = bodies.join("\n");
    assert.match(sent, /TypeError/);
    assert.match(sent, /early-1/);
    assert.match(sent, /RangeError/);
    assert.doesNotMatch(sent, /canary/);
  },
);
