import assert from "node:assert/strict";
import fc from "fast-check";
import { markParameter, readMarks } from "./quote_marks.ts";

const text = "The contracting officer shall obtain data only if no exception applies.";
const quote = (start: number, end: number) => ({ start, end, words: text.slice(start, end) });

Deno.test("a quote written into an address is read back from it", () => {
  const parameter = markParameter([quote(4, 23), quote(37, 41)]);
  assert.match(parameter, /^4-23-[a-z0-9]+,37-41-[a-z0-9]+$/);
  assert.deepEqual(readMarks(parameter, text), {
    ranges: [{ start: 4, end: 23 }, { start: 37, end: 41 }],
    moved: 0,
  });
});

Deno.test("words that changed since are not marked but counted", () => {
  const parameter = markParameter([quote(4, 23), quote(60, 71)]);
  assert.deepEqual(readMarks(parameter, text.replace("The ", "A ")), {
    ranges: [],
    moved: 2,
  });
  assert.deepEqual(readMarks(parameter, text.slice(0, 40)), {
    ranges: [{ start: 4, end: 23 }],
    moved: 1,
  });
});

Deno.test("an address that is not in the form marks nothing", () => {
  for (const parameter of [null, "", "x", "4-23", "23-4-abc", "-1-5-a", "4-23-<b>", "1e3-2e3-a"]) {
    assert.deepEqual(readMarks(parameter, text), { ranges: [], moved: 0 }, String(parameter));
  }
});

Deno.test("whatever the address says, ranges lie within the text", () => {
  fc.assert(fc.property(fc.string({ maxLength: 60 }), (parameter) => {
    for (const { start, end } of readMarks(parameter, text).ranges) {
      assert.ok(start < end && end <= text.length);
    }
  }));
});
