import assert from "node:assert/strict";
import { askedTerm } from "./asked_term.ts";

Deno.test("a question for a meaning gives its term", () => {
  const cases: [string, string][] = [
    ["what's the simplified acquisition threshold", "simplified acquisition threshold"],
    ["What is the current micro-purchase threshold?", "micro-purchase threshold"],
    ["what does “commercial service” mean in the FAR?", "commercial service"],
    ["define claim", "claim"],
    ["What is the definition of a subcontract under the DFARS?", "subcontract"],
    ["what counts as a commercial product?", "commercial product"],
    ["what is the SAT", "SAT"],
  ];
  for (const [question, term] of cases) assert.equal(askedTerm(question), term, question);
});

Deno.test("a question for something else gives none", () => {
  for (
    const question of [
      "when do I need certified cost or pricing data?",
      "How many days do bidders get?",
      "what is",
      "",
      "What is a claim, and who decides it?",
    ]
  ) assert.equal(askedTerm(question), undefined, question);
});

Deno.test("hostile text is looked at only at its beginning", () => {
  assert.ok((askedTerm("what is the ".repeat(20_000)) ?? "").length <= 200);
});
