import assert from "node:assert/strict";
import fc from "fast-check";
import { dotsOver } from "./dot_module.ts";
import { VectorRows } from "./vector_rows.ts";

const SIZE = 16;

function unit(numbers: number[]): Float32Array {
  const length = Math.hypot(...numbers) || 1;
  return Float32Array.from(numbers, (number) => number / length);
}

const vectors = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
  minLength: SIZE,
  maxLength: SIZE,
}).filter((numbers) => Math.hypot(...numbers) > 0.1).map(unit);

Deno.test("cosines are those of the vectors, within the rounding to int8", () => {
  fc.assert(
    fc.property(fc.array(vectors, { minLength: 1, maxLength: 20 }), vectors, (all, query) => {
      const rows = new VectorRows(all.length, SIZE);
      for (const vector of all) rows.add(vector);
      const cosines = rows.cosines(query);
      all.forEach((vector, row) => {
        const exact = vector.reduce((sum, value, i) => sum + value * query[i], 0);
        assert.ok(Math.abs(cosines[row] - exact) < 0.05, `${cosines[row]} ${exact}`);
      });
    }),
  );
});

Deno.test("lengths that vector instructions don't take give the same", () => {
  const rows = new VectorRows(2, 3);
  rows.add(Float32Array.of(1, 0, 0));
  rows.add(Float32Array.of(0, 0.6, 0.8));
  const [first, second] = rows.cosines(Float32Array.of(0, 1, 0));
  assert.equal(first, 0);
  assert.ok(Math.abs(second - 0.6) < 0.01);
});

Deno.test("the vector instructions are there where the tests run, and exact", () => {
  assert.ok(dotsOver(new WebAssembly.Memory({ initial: 1 })));
  const rows = new VectorRows(2, 384);
  const numbers = Int8Array.from({ length: 384 }, (_, i) => (i * 37) % 255 - 127);
  rows.add(numbers);
  rows.add(numbers.map((number) => -number));
  const query = Float32Array.from(numbers, (number) => number / 127);
  const exact = numbers.reduce((sum, number) => sum + number * number, 0) / 127 ** 2;
  const [same, opposite] = rows.cosines(query);
  assert.ok(Math.abs(same - exact) < 1e-3 && Math.abs(opposite + exact) < 1e-3);
});

Deno.test("a row adds its numbers to a sum", () => {
  const rows = new VectorRows(1, 4);
  rows.add(Int8Array.of(1, 2, 3, 4));
  const sums = new Float32Array(8);
  rows.addTo(sums, 4, 0);
  assert.deepEqual([...sums], [0, 0, 0, 0, 1, 2, 3, 4]);
});
