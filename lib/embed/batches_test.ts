import assert from "node:assert/strict";
import fc from "fast-check";
import { Batches, Job } from "./batches.ts";

const text = (length: number) => "x".repeat(length);

Deno.test("every text of a job is in exactly one batch, and batches are short", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 4000 })), (lengths) => {
    const batches = new Batches();
    batches.add(new Job(lengths.map(text)));
    const seen: number[] = [];
    for (let batch = batches.next(); batch; batch = batches.next()) {
      assert.ok(batch.indices.length >= 1 && batch.indices.length <= 4);
      const longest = Math.max(...batch.texts.map((one) => one.length));
      assert.ok(batch.texts.length === 1 || longest * batch.texts.length <= 2000);
      seen.push(...batch.indices);
    }
    assert.deepEqual(seen.sort((a, b) => a - b), lengths.map((_, i) => i));
  }));
});

Deno.test("texts of like length run together", () => {
  const job = new Job([
    text(10),
    text(400),
    text(12),
    text(390),
    text(11),
    text(395),
    text(13),
    text(5),
  ]);
  assert.deepEqual(job.take().indices, [1, 5, 3, 6]);
  assert.deepEqual(job.take().indices, [2, 4, 0, 7]);
  assert.ok(job.exhausted);
});

Deno.test("a question overtakes a long job between two batches", () => {
  const batches = new Batches();
  const long = new Job(Array.from({ length: 20 }, () => text(100)));
  const question = new Job(["how long?"]);
  batches.add(long);
  assert.equal(batches.next()?.job, long);
  batches.add(question);
  assert.equal(batches.next()?.job, question);
  assert.equal(batches.next()?.job, long);
});

Deno.test("long jobs take turns", () => {
  const batches = new Batches();
  const [a, b] = [1, 2].map(() => new Job(Array.from({ length: 12 }, () => text(100))));
  batches.add(a);
  batches.add(b);
  const order = Array.from({ length: 6 }, () => batches.next()?.job === a ? "a" : "b").join("");
  assert.equal(order, "ababab");
});

Deno.test("vectors come back in the order of the texts, whatever order they ran in", async () => {
  const lengths = [5, 50, 1, 20, 300, 7, 8, 2];
  const job = new Job(lengths.map(text));
  while (!job.exhausted) {
    const batch = job.take();
    job.fulfil(batch, Float32Array.from(batch.texts.flatMap((one) => [one.length, 0])), 2);
  }
  assert.deepEqual((await job.done).map((vector) => vector[0]), lengths);
});

Deno.test("a job that failed is handed out no more", async () => {
  const batches = new Batches();
  const job = new Job(Array.from({ length: 20 }, () => text(100)));
  batches.add(job);
  batches.next();
  job.fail(new Error("stopped"));
  assert.equal(batches.next(), undefined);
  await assert.rejects(job.done, /stopped/);
});

Deno.test("a job without texts is done at once", async () => {
  assert.deepEqual(await new Job([]).done, []);
});
