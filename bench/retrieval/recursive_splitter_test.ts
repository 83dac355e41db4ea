import assert from "node:assert/strict";
import fc from "fast-check";
import { splitRecursively } from "./recursive_splitter.ts";

Deno.test("a short text is one piece", () => {
  assert.deepEqual(splitRecursively("one two", 100, 20), ["one two"]);
});

Deno.test("pieces overlap by whole words", () => {
  assert.deepEqual(splitRecursively("aaa bbb ccc ddd", 7, 3), ["aaa bbb", "bbb ccc", "ccc ddd"]);
});

Deno.test("paragraphs are kept together where they fit", () => {
  assert.deepEqual(splitRecursively("aa bb\n\ncc dd\n\nee", 7, 0), ["aa bb", "cc dd", "ee"]);
});

Deno.test("no piece is longer than asked, and no word is lost", () => {
  fc.assert(fc.property(
    fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 60 }),
    fc.constantFrom(" ", "\n", "\n\n"),
    (words, separator) => {
      const pieces = splitRecursively(words.join(separator), 40, 10);
      for (const piece of pieces) assert.ok(piece.length <= 40, piece);
      const found = pieces.join(" ");
      for (const word of words) assert.ok(found.includes(word));
    },
  ));
});
