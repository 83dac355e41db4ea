import assert from "node:assert/strict";
import { isFollowUp, searchOf, sectionsNamed } from "./follow_up.ts";

const HISTORY = [{
  question: "When do I need a subcontracting plan?",
  answer: "Above $750,000 under 19.702(a) and 52.219-9, unless 219.702 says otherwise.",
}];

Deno.test("questions that lean on the one before are follow-ups", () => {
  for (
    const question of [
      "and for DoD?",
      "What about construction?",
      "Does it flow down?",
      "who signs it",
      "Is there an exception to that for small business?",
      "And how many days do they have?",
    ]
  ) assert.ok(isFollowUp(question), question);
});

Deno.test("questions that stand by themselves are not", () => {
  for (
    const question of [
      "What has to be in the justification for buying from one source on a construction contract above the SAT?",
      "FAR 15.403-4 threshold for certified cost or pricing data in sole source contract modifications",
      "How long do losing offerors have to request a debriefing after notice of award from the agency?",
    ]
  ) assert.equal(isFollowUp(question), false, question);
});

Deno.test("a follow-up is searched with the last question's words, the first question alone", () => {
  assert.equal(searchOf("and for DoD?", HISTORY).query, `${HISTORY[0].question} and for DoD?`);
  assert.deepEqual(searchOf("and for DoD?", []), { query: "and for DoD?", besides: [] });
});

Deno.test("a follow-up's own words count by themselves, and those before count less", () => {
  const { besides, raises } = searchOf("and for construction?", HISTORY);
  assert.deepEqual(besides.map(({ text }) => text), ["and for construction?", HISTORY[0].question]);
  assert.ok(besides[0].weight > 0 && besides[1].weight < 0);
  assert.ok(raises!.first < 0, "the section that answered before is not what is asked for now");
  assert.ok(raises!.around > 0, "those around it may be");
});

Deno.test("before and after make another subject, though nobody searches for them", () => {
  const { raises } = searchOf("and after award?", [{
    question: "How are mistakes in bids corrected before award?",
    answer: "See FAR 14.407-3.",
  }]);
  assert.ok(raises!.first < 0);
});

Deno.test("a follow-up about what was said stays with the sections that said it", () => {
  const same = searchOf("and when do I need it?", HISTORY);
  assert.deepEqual(same.besides, []);
  assert.ok(same.raises!.first > 0);
  const side = searchOf("does it flow down?", HISTORY);
  assert.deepEqual(side.besides.map(({ text }) => text), ["does it flow down?"]);
  assert.ok(side.raises!.first > 0);
});

Deno.test("the same for DoD is about the sections that supplement those named", () => {
  const { besides, raises } = searchOf("and for DoD?", HISTORY);
  assert.deepEqual(besides, []);
  assert.ok(raises!.supplement > raises!.named);
});

Deno.test("a stand-alone question is searched in a follow-up's place, and in no other's", () => {
  const made = "When does a DoD contract need a subcontracting plan?";
  const { query, besides, raises } = searchOf("and for DoD?", HISTORY, made);
  assert.deepEqual([query, besides], [made, []]);
  assert.ok(raises!.first > 0, "what was named still counts");
  assert.equal(searchOf("and for DoD?", [], made).query, "and for DoD?");
  const whole =
    "FAR 15.403-4 threshold for certified cost or pricing data in sole source modifications";
  assert.equal(searchOf(whole, HISTORY, made).query, whole);
});

Deno.test("the sections the last answer named are what a follow-up is about", () => {
  assert.deepEqual(sectionsNamed(HISTORY), ["19.702", "52.219-9", "219.702"]);
});
