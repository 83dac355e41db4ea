import assert from "node:assert/strict";
import { frames } from "../../tests/support/web.ts";
import type { AnswerEvent } from "../answer/types.ts";
import { eventStream, resumeAfter } from "./event_stream.ts";

type Numbered = { seq: number; event: AnswerEvent };

Deno.test("a quiet stream sends comments so that nothing on the way closes it", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  async function* quiet(): AsyncIterable<Numbered> {
    await promise;
    yield { seq: 1, event: { type: "text", delta: "x\ny" } };
  }
  const seen: string[] = [];
  for await (const frame of frames(eventStream(5, quiet, 5))) {
    seen.push(frame);
    if (seen.length === 4) resolve();
  }
  assert.deepEqual(seen.slice(0, 4), ["retry: 2000", ...Array(3).fill(": still here")]);
  assert.equal(seen.at(-1), 'id: 5.1\nevent: text\ndata: {"type":"text","delta":"x\\ny"}');
});

Deno.test("places in the queue have no id, so that a reader resumes after the last real event", async () => {
  async function* queued(): AsyncIterable<Numbered> {
    yield await Promise.resolve({ seq: 0, event: { type: "queue", ahead: 2 } });
  }
  const seen = await Array.fromAsync(frames(eventStream(5, queued)));
  assert.equal(seen[1], 'event: queue\ndata: {"type":"queue","ahead":2}');
});

Deno.test("a reader who goes away ends the reading and its timer", async () => {
  let ended = false;
  async function* endless(signal: AbortSignal): AsyncIterable<Numbered> {
    try {
      for (let seq = 1; !signal.aborted; seq++) {
        yield { seq, event: { type: "text", delta: "x" } };
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } finally {
      ended = true;
    }
  }
  for await (const frame of frames(eventStream(5, endless))) {
    if (frame.startsWith("id: 5.3")) break;
  }
  for (let i = 0; i < 100 && !ended; i++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(ended);
});

Deno.test("a response that nobody reads opens nothing and leaves no timer", async () => {
  let opened = false;
  const response = eventStream(5, () => {
    opened = true;
    throw new Error("not to be opened");
  }, 1);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(response.status, 200);
  assert.equal(opened, false);
});

Deno.test("where a stream is taken up again is read from an id of the same message only", () => {
  const table: [string | null, string | undefined, number][] = [
    ["12.7", undefined, 7],
    ["12.7", "3", 7],
    [null, "3", 3],
    ["13.7", "3", 3],
    ["13.7", undefined, 0],
    ["12.-1", undefined, 0],
    ["12.7.1", undefined, 0],
    ["", "-1", 0],
    ["", "1e3", 0],
    ["", "99999999999999999999", 0],
    [null, "", 0],
  ];
  for (const [id, after, expected] of table) {
    assert.equal(resumeAfter(12, id, after), expected, `${id} ${after}`);
  }
});
