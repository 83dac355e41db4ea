import assert from "node:assert/strict";
import { errorFacts, expectTracker, reportError, useTracker } from "./errors.ts";
import { sentryTracker } from "./sentry.ts";
import { loadSettings } from "./settings.ts";

interface Sent {
  path: string;
  headers: Headers;
  /** The envelope's lines. */
  lines: Record<string, unknown>[];
  text: string;
}

/** A double of Sentry that takes envelopes. */
function sentry() {
  const sent: Sent[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (req) => {
    const text = await req.text();
    const lines = text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    sent.push({ path: new URL(req.url).pathname, headers: req.headers, lines, text });
    return new Response(null); // nobody reads more than its status
  });
  return {
    sent,
    dsn: `http://publickey@127.0.0.1:${server.addr.port}/42`,
    close: () => server.shutdown(),
  };
}

function settingsFor(dsn: string) {
  return loadSettings({
    flags: { SENTRY_DSN: dsn, ENVIRONMENT: "test", ANTHROPIC_API_KEY: "sk-ant-canary-3" },
  });
}

type Event = {
  exception: { values: { type: string; value: string; stacktrace: { frames: Frame[] } }[] };
  tags: Record<string, string>;
} & Record<string, unknown>;
type Frame = { filename: string; function: string; lineno: number } & Record<string, unknown>;

/** Sentry's library leaves a timer of its own behind for a moment when it is closed. */
function sentryTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false });
}

sentryTest(
  "an error is sent with its place, cause, release and environment, and nothing else",
  async () => {
    const double = sentry();
    try {
      const tracker = sentryTracker(settingsFor(double.dsn))!;
      const error = new TypeError("it broke with sk-ant-canary-3", {
        cause: new Error("the cause"),
      });
      tracker.report(error, { id: "request-1", endpoint: "/far/:number", method: "GET" });
      await tracker.close(2000);
      assert.equal(double.sent.length, 1);
      const [{ path, headers, lines, text }] = double.sent;
      assert.equal(path, "/api/42/envelope/");
      assert.equal(headers.get("Cookie"), null);
      const event = lines[2] as Event;
      assert.deepEqual(event.tags, {
        error_id: "request-1",
        endpoint: "/far/:number",
        method: "GET",
      });
      assert.equal(event.environment, "test");
      assert.match(String(event.release), /^farchat@\d/);
      const values = event.exception.values.map(({ type, value }) => `${type}: ${value}`);
      assert.deepEqual(values.sort(), ["Error: the cause", "TypeError: it broke with [redacted]"]);
      const frame = event.exception.values[0].stacktrace.frames.at(-1)!;
      assert.equal(frame.filename, "lib/ops/sentry_test.ts");
      assert.deepEqual(
        Object.keys(event).sort().filter((name) => event[name] !== undefined),
        [
          "environment",
          "event_id",
          "exception",
          "level",
          "platform",
          "release",
          "tags",
          "timestamp",
          ...("sdk" in event ? ["sdk"] : []),
        ].sort(),
      );
      assert.doesNotMatch(text, /canary|server_name|ip_address|breadcrumb|"request":/);
      assert.ok(!text.includes(Deno.cwd()) && !text.includes(Deno.hostname()), "no path, no host");
    } finally {
      await double.close();
    }
  },
);

sentryTest(
  "where people's words may be in a message it is not sent, its name and place are",
  async () => {
    const double = sentry();
    try {
      const tracker = sentryTracker(settingsFor(double.dsn))!;
      const question = "Who approves buying canaries?";
      const error = new RangeError(question, { cause: new Error(question) });
      console.log(""); // what a breadcrumb would be made of
      tracker.report(error, { id: "a1", endpoint: "answer", words: true });
      await tracker.close(2000);
      const [{ lines, text }] = double.sent;
      assert.doesNotMatch(text, /canaries/);
      const { values } = (lines[2] as Event).exception;
      assert.deepEqual(values.map(({ value }) => value), ["", ""]);
      assert.ok(values.some(({ type }) => type === "RangeError"));
    } finally {
      await double.close();
    }
  },
);

sentryTest(
  "without SENTRY_DSN there is no tracker; a Sentry that is down disturbs nobody",
  async () => {
    assert.equal(sentryTracker(loadSettings({})), undefined);
    const double = sentry();
    await double.close();
    const tracker = sentryTracker(settingsFor(double.dsn))!;
    tracker.report(new Error("x"), { id: "a1", endpoint: "/" });
    await tracker.close(2000);
  },
);

Deno.test("errors before the tracker is loaded are handed to it, at most twenty; without one none is kept", () => {
  const seen: unknown[] = [];
  const tracker = {
    report: (error: unknown) => void seen.push(error),
    close: () => Promise.resolve(),
  };
  reportError("nobody comes", { id: "0", endpoint: "/" });
  expectTracker({ SENTRY_DSN: "http://k@127.0.0.1/1" });
  for (let i = 0; i < 30; i++) reportError(i, { id: String(i), endpoint: "/" });
  useTracker(tracker);
  assert.deepEqual(seen, Array.from({ length: 20 }, (_, i) => i));
  reportError("now", { id: "1", endpoint: "/" });
  assert.equal(seen.at(-1), "now");
  useTracker(undefined);
  reportError("later", { id: "2", endpoint: "/" });
  assert.equal(seen.at(-1), "now");
});

Deno.test("the facts of an error: name, code, frames, three causes; without words no message at any depth", () => {
  const deep = (n: number): Error =>
    new Error(`canary ${n}`, n === 0 ? {} : { cause: deep(n - 1) });
  const facts = errorFacts(deep(9));
  assert.equal(facts.cause?.cause?.cause?.message, "canary 6");
  assert.equal(facts.cause?.cause?.cause?.cause, undefined);
  assert.ok(facts.frames.length > 0 && facts.frames.length <= 12);
  assert.doesNotMatch(JSON.stringify(errorFacts(deep(9), true)), /canary/);
  assert.deepEqual(errorFacts("canary", true), { name: "string", frames: [] });
  assert.equal(errorFacts(Object.assign(new Error(""), { code: "ENOSPC" })).code, "ENOSPC");
});
