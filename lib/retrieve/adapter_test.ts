import assert from "node:assert/strict";
import { ADAPTED, Adapter, loadAdapter, packAdapter } from "./adapter.ts";

const SIZE = 4;
const identity = Float32Array.from({ length: 16 }, (_, i) => i % 5 === 0 ? 1 : 0);
/** Turns the first axis into the second. */
const turning = identity.slice();
turning[0] = 0;
turning[SIZE] = 1;

Deno.test("a packed map moves vectors as it did before, up to rounding", () => {
  const { header, bytes } = packAdapter("model", SIZE, ADAPTED.map(() => turning));
  const adapter = new Adapter(header, bytes);
  const adapted = adapter.adapt(Float32Array.of(1, 0, 0, 0), "brief");
  assert.ok(Math.abs(adapted[1] - 1) < 0.01 && Math.abs(adapted[0]) < 0.01);
});

Deno.test("what comes out has length 1", () => {
  const doubled = identity.map((value) => 2 * value);
  const { header, bytes } = packAdapter("model", SIZE, ADAPTED.map(() => doubled));
  const adapted = new Adapter(header, bytes).adapt(Float32Array.of(0.6, 0, 0.8, 0), "chunk");
  assert.ok(Math.abs(Math.hypot(...adapted) - 1) < 1e-6);
});

Deno.test("the adapter that ships is for the model that ships, and for no other", () => {
  const adapter = loadAdapter("all-MiniLM-L6-v2/q4");
  assert.ok(adapter);
  const vector = new Float32Array(384).fill(1 / Math.sqrt(384));
  for (const kind of ADAPTED) assert.equal(adapter.adapt(vector, kind).length, 384);
  assert.equal(loadAdapter("another-model"), undefined);
});

Deno.test("a folder without an adapter gives none", () => {
  assert.equal(loadAdapter("all-MiniLM-L6-v2/q4", "/nonexistent"), undefined);
});
