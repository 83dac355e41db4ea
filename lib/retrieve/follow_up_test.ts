import assert from "node:assert/strict";
import { isFollowUp, sectionsNamed, withHistory } from "./follow_up.ts";

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
  assert.equal(withHistory("and for DoD?", HISTORY), `${HISTORY[0].question} and for DoD?`);
  assert.equal(withHistory("and for DoD?", []), "and for DoD?");
});

Deno.test("the sections the last answer named are what a follow-up is about", () => {
  assert.deepEqual(sectionsNamed(HISTORY), ["19.702", "52.219-9", "219.702"]);
});
