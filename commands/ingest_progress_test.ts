import assert from "node:assert/strict";
import type { IngestProgress } from "../lib/ingest/mod.ts";
import { duration, progressLine, ProgressPrinter } from "./ingest_progress.ts";

const embedding: IngestProgress = {
  phase: "embedding",
  sectionsDone: 1200,
  sectionsTotal: 3496,
  chunksDone: 2900,
  chunksTotal: 8700,
  chunksPerSecond: 65.6,
  secondsLeft: 92,
};

/** Clears a terminal's line from the cursor on. */
const CLEAR = "\x1b[K";

/** A printer whose output and clock the test holds. */
function printer(terminal: boolean) {
  const written: string[] = [];
  const clock = { now: 0 };
  const output = { terminal, write: (text: string) => written.push(text), now: () => clock.now };
  return { written, clock, printer: new ProgressPrinter(output) };
}

Deno.test("a line says sections, chunks, speed and the time left", () => {
  assert.equal(
    progressLine(embedding, true),
    "[########                ] 1,200 of 3,496 sections, 2,900 of 8,700 chunks, " +
      "66 chunks a second, 1 min 32 s left",
  );
  assert.equal(
    progressLine({ ...embedding, chunksPerSecond: 0, secondsLeft: undefined }, false),
    "1,200 of 3,496 sections, 2,900 of 8,700 chunks",
  );
  assert.match(progressLine({ ...embedding, phase: "storing" }, false), /chunks, storing$/);
  assert.equal(
    progressLine({ ...embedding, phase: "reading" }, true),
    "Reading: 3,496 sections, 8,700 chunks",
  );
});

Deno.test("durations are short to read", () => {
  assert.deepEqual([0.04, 9.96, 42.4, 59.7, 185].map(duration), [
    "0.0 s",
    "10.0 s",
    "42 s",
    "1 min 00 s",
    "3 min 05 s",
  ]);
});

Deno.test("a terminal has one line redrawn ten times a second, and cleared at the end", () => {
  const { written, clock, printer: shown } = printer(true);
  for (clock.now = 0; clock.now < 1000; clock.now += 10) shown.show(embedding);
  assert.equal(written.length, 10);
  for (const text of written) {
    assert.ok(text.startsWith("\r[") && text.endsWith(CLEAR) && !text.includes("\n"));
  }
  shown.end();
  shown.end();
  assert.deepEqual(written.slice(10), [`\r${CLEAR}`]);
});

Deno.test("elsewhere a plain line is printed every five seconds, and at once for a new phase", () => {
  const { written, clock, printer: shown } = printer(false);
  for (clock.now = 0; clock.now < 12_000; clock.now += 100) shown.show(embedding);
  assert.equal(written.length, 3);
  for (const text of written) assert.match(text, /^1,200 of [^\r]+ left\n$/);
  shown.show({ ...embedding, phase: "storing" });
  assert.equal(written.length, 4);
  shown.end();
  assert.equal(written.length, 4);
});
