import assert from "node:assert/strict";
import fc from "fast-check";
import { Problem } from "../problem.ts";
import type { Collection } from "./types.ts";
import {
  DIMENSIONS,
  floatVector,
  limitOf,
  onlyCollections,
  toInt8,
  vectorBytes,
} from "./vectors.ts";

Deno.test("a vector comes back from its bytes, wherever they lie", () => {
  const vector = Float32Array.from({ length: DIMENSIONS }, (_, i) => Math.sin(i));
  const bytes = new Uint8Array(DIMENSIONS * 4 + 1);
  bytes.set(vectorBytes(vector), 1);
  assert.deepEqual(floatVector(bytes.subarray(1)), vector);
  // A view of a larger array: only its own numbers.
  const view = new Float32Array(DIMENSIONS + 3).subarray(3);
  assert.equal(vectorBytes(view).length, DIMENSIONS * 4);
});

Deno.test("a vector of another length is a Problem that says what was expected", () => {
  assert.throws(
    () => vectorBytes(new Float32Array(768)),
    (error) => error instanceof Problem && /384.*768/.test(error.message),
  );
});

Deno.test("rounding to int8 stays within half a step and never wraps around", () => {
  const values = fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), { minLength: 1 });
  fc.assert(fc.property(values, (numbers) => {
    toInt8(Float32Array.from(numbers)).forEach((rounded, i) => {
      const bounded = Math.max(-1, Math.min(1, numbers[i]));
      assert.ok(Math.abs(rounded / 127 - bounded) <= 0.5 / 127 + 1e-6);
    });
  }));
});

Deno.test("the condition on collections holds known names only", () => {
  assert.equal(onlyCollections("c"), "");
  assert.equal(onlyCollections("c", ["uploads", "far", "dfars"]), "");
  assert.equal(onlyCollections("c", ["dfars", "far"]), "AND c IN ('far', 'dfars')");
  assert.equal(onlyCollections("c", []), "AND c IN ()");
  const hostile = ["far') OR 1=1 --" as Collection];
  assert.equal(onlyCollections("c", hostile), "AND c IN ()");
});

Deno.test("limits are whole numbers in range", () => {
  assert.deepEqual([-1, 0, 2.9, NaN, 1e9].map((n) => limitOf(n)), [0n, 0n, 2n, 0n, 4096n]);
});
