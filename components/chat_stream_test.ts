import assert from "node:assert/strict";
import fc from "fast-check";
import type { AnswerEvent } from "../lib/answer/types.ts";
import { backoff, follow, type FollowOptions, readServerEvents, Refused } from "./chat_stream.ts";

const encoder = new TextEncoder();

function bytes(...pieces: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(
    pieces.map((piece) => typeof piece === "string" ? encoder.encode(piece) : piece),
  );
}

const frame = (seq: number, event: AnswerEvent) =>
  `id: 7.${seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
const text = (delta: string): AnswerEvent => ({ type: "text", delta });
const done: AnswerEvent = {
  type: "done",
  conversation: "c",
  message: 7,
  mode: "extractive",
  stopped: false,
  related: [],
};

/** Follows with these responses in turn and returns what happened. */
async function followed(responses: (() => Response)[], more: Partial<FollowOptions> = {}) {
  const log: string[] = [];
  const urls: string[] = [];
  const next = () => {
    const response = responses.shift();
    if (!response) throw new TypeError("Failed to fetch");
    return Promise.resolve(response());
  };
  let error: unknown;
  try {
    await follow({
      start: () => next(),
      signal: new AbortController().signal,
      fetch: ((url: string) => {
        urls.push(url);
        return next();
      }) as typeof fetch,
      wait: () => Promise.resolve(),
      onMessage: (message) => log.push(`message ${message}`),
      onEvent: (event) => log.push(event.type === "text" ? event.delta : event.type),
      onReconnecting: (attempt) => log.push(`again ${attempt}`),
      ...more,
    });
  } catch (thrown) {
    error = thrown;
  }
  return { log, urls, error };
}

Deno.test("events are read wherever the bytes are cut", async () => {
  const stream = `retry: 2000\n\n: heartbeat\n\n${
    frame(1, text("§ 5 é"))
  }data: a\r\ndata: b\r\n\r\n`;
  const whole = encoder.encode(stream);
  await fc.assert(fc.asyncProperty(
    fc.array(fc.integer({ min: 0, max: whole.length }), { maxLength: 6 }),
    async (cuts) => {
      const points = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
      const pieces = points.slice(1).map((end, i) => whole.slice(points[i], end));
      const events = await Array.fromAsync(readServerEvents(bytes(...pieces)));
      const expected = [
        { id: "7.1", event: "text", data: '{"type":"text","delta":"§ 5 é"}' },
        { id: "7.1", event: "message", data: "a\nb" },
      ];
      assert.deepEqual(events, expected);
    },
  ));
});

Deno.test("a stream that falls silent counts as broken", async () => {
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(frame(1, text("one")))),
  });
  const events = readServerEvents(stream, 20);
  assert.equal((await events.next()).value?.event, "text");
  await assert.rejects(() => events.next(), /silent/);
});

Deno.test("an answer is followed to its end", async () => {
  const { log, urls, error } = await followed([
    () => new Response(bytes(frame(1, text("one ")), frame(2, text("two")), frame(3, done))),
  ]);
  assert.deepEqual(log, ["message 7", "one ", "two", "done"]);
  assert.deepEqual(urls, []);
  assert.equal(error, undefined);
});

Deno.test("a broken stream is taken up after the last event", async () => {
  const { log, urls, error } = await followed([
    () => new Response(bytes(frame(1, text("one ")), frame(2, text("two")))),
    () => new Response(bytes(frame(3, text(" three")), frame(4, done))),
  ]);
  assert.deepEqual(log, ["message 7", "one ", "two", "again 1", " three", "done"]);
  assert.deepEqual(urls, ["/api/v1/chat/7/events?after=2"]);
  assert.equal(error, undefined);
});

Deno.test("it gives up after six attempts, and an attempt that got something counts anew", async () => {
  const broken = () => new Response(bytes());
  const { log, error } = await followed([
    () => new Response(bytes(frame(1, text("one")))),
    broken,
    broken,
    () => new Response(bytes(frame(2, text("two")))),
  ]);
  assert.deepEqual(
    log,
    ["message 7", "one", "again 1", "again 2", "again 3", "two"].concat(
      [1, 2, 3, 4, 5, 6].map((n) => `again ${n}`),
    ),
  );
  assert.match(String(error), /Failed to fetch/);
});

Deno.test("a question that was never heard is not asked twice", async () => {
  const { log, error } = await followed([]);
  assert.deepEqual(log, []);
  assert.match(String(error), /Failed to fetch/);
});

Deno.test("a refusal carries the server's words and is not tried again", async () => {
  const problem = { detail: "Expected a question, found none.", next: "Type one.", status: 400 };
  const { log, error } = await followed([() => Response.json(problem, { status: 400 })]);
  assert.deepEqual(log, []);
  assert.ok(error instanceof Refused);
  assert.deepEqual([error.message, error.next, error.status], [problem.detail, problem.next, 400]);
});

Deno.test("a refusal without words is told in ours", async () => {
  const { error } = await followed([() => new Response("<html>", { status: 502 })]);
  assert.ok(error instanceof Refused);
  assert.match(error.message, /could not answer/);
});

Deno.test("waits double and stay below eight seconds", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(backoff), [500, 1000, 2000, 4000, 8000, 8000]);
});
