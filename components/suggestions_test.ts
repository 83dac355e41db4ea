import assert from "node:assert/strict";
import { asQuestion, moveOption } from "./suggestions.ts";

Deno.test("the arrows lead through the options and the field at both ends", () => {
  const walk = (key: string) => {
    const seen = [];
    for (let at = -1, i = 0; i < 4; i++) seen.push(at = moveOption(key, at, 3));
    return seen;
  };
  assert.deepEqual(walk("ArrowDown"), [0, 1, 2, -1]);
  assert.deepEqual(walk("ArrowUp"), [2, 1, 0, -1]);
  assert.equal(moveOption("ArrowDown", -1, 0), -1);
  assert.equal(moveOption("Home", 1, 3), 1);
});

Deno.test("a question is printed with a capital and an end", () => {
  assert.equal(asQuestion("what's the threshold for TINA"), "What's the threshold for TINA?");
  assert.equal(asQuestion("Is it allowed? "), "Is it allowed?");
  assert.equal(asQuestion("we got hacked. what now?"), "We got hacked. what now?");
});
