import assert from "node:assert/strict";
import { readings, romanValue } from "./labels.ts";

Deno.test("a roman numeral has its value and a malformed one has none", () => {
  for (
    const [numeral, value] of [["i", 1], ["iv", 4], ["ix", 9], ["xiv", 14], ["xl", 40], [
      "lxxxix",
      89,
    ]]
  ) {
    assert.equal(romanValue(numeral as string), value);
  }
  for (const wrong of ["", "iiii", "vx", "ic", "a"]) assert.equal(romanValue(wrong), undefined);
});

Deno.test("an ambiguous label has both readings", () => {
  assert.deepEqual(readings("i"), [{ kind: "lower", ordinal: 9 }, { kind: "roman", ordinal: 1 }]);
  assert.deepEqual(readings("V"), [{ kind: "upper", ordinal: 22 }, {
    kind: "upperRoman",
    ordinal: 5,
  }]);
});

Deno.test("doubled letters go on after z", () => {
  assert.deepEqual(readings("aa"), [{ kind: "lower", ordinal: 27 }]);
  assert.deepEqual(readings("BB"), [{ kind: "upper", ordinal: 28 }]);
});

Deno.test("the DFARS numbers its own paragraphs from S-70", () => {
  assert.deepEqual(readings("S-70"), [{ kind: "supplement", ordinal: 1 }]);
  assert.deepEqual(readings("S–74"), [{ kind: "supplement", ordinal: 5 }]);
});

Deno.test("words, years and zero are no labels", () => {
  for (const word of ["see", "2024", "0", "07", "aB", "ab", "15.404", ""]) {
    assert.deepEqual(readings(word), [], word);
  }
});
