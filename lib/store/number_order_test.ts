import assert from "node:assert/strict";
import fc from "fast-check";
import { compareNumbers } from "../regulation/numbers.ts";
import { sortKey } from "./number_order.ts";

const number = fc.tuple(
  fc.integer({ min: 1, max: 299 }),
  fc.integer({ min: 0, max: 99 }),
  fc.integer({ min: 0, max: 99 }),
  fc.array(fc.integer({ min: 1, max: 9999 }), { maxLength: 3 }),
).map(([part, subpart, section, suffixes]) =>
  [`${part}.${subpart}${String(section).padStart(2, "0")}`, ...suffixes].join("-")
);

Deno.test("section numbers sort by key in SQL as compareNumbers sorts them", () => {
  fc.assert(
    fc.property(number, number, (a, b) => {
      const [x, y] = [sortKey(a), sortKey(b)];
      assert.equal(Math.sign(compareNumbers(a, b)), x < y ? -1 : x > y ? 1 : 0, `${a} ${b}`);
    }),
    { numRuns: 500 },
  );
});

Deno.test("numbers of uploads sort by value", () => {
  const numbers = ["1", "2", "2.1", "2.1.3", "2.10", "10", "A", "A.2", "A.10"];
  const shuffled = ["A.10", "10", "2.10", "2", "A", "2.1.3", "1", "A.2", "2.1"];
  assert.deepEqual(shuffled.sort((a, b) => sortKey(a) < sortKey(b) ? -1 : 1), numbers);
});
