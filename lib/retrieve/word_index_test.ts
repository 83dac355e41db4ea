import assert from "node:assert/strict";
import { WordIndex } from "./word_index.ts";

const index = new WordIndex();
index.add("debriefing of offerors");
index.add("offerors and their offers");
index.add("late proposals");

Deno.test("a text is found by the stems of its words", () => {
  assert.deepEqual(index.postings("debrief"), [0]);
  assert.deepEqual(index.postings("nothing"), []);
});

Deno.test("a rare word weighs more than a common one", () => {
  assert.ok(index.rarity("late") > index.rarity("offeror"));
});

Deno.test("texts without the words score 0, those with more of them more", () => {
  const scores = index.scores([["offeror", 1], ["debrief", 1]]);
  assert.equal(scores[2], 0);
  assert.ok(scores[0] > scores[1] && scores[1] > 0);
});

Deno.test("half the weight is half the score", () => {
  const [whole] = index.scores([["debrief", 1]]);
  const [half] = index.scores([["debrief", 0.5]]);
  assert.ok(Math.abs(whole - 2 * half) < 1e-6);
});
