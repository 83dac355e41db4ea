import assert from "node:assert/strict";
import {
  announcesDefinitions,
  definedTerm,
  definitionAnchor,
  joinedDefinitions,
} from "./definitions.ts";

const expected = { expected: true };
const unexpected = { expected: false };

Deno.test("the term is what stands before means", () => {
  for (
    const [text, term] of [
      ["Widget means a small thing.", "Widget"],
      ["“Widget” means a small thing.", "Widget"],
      ['"Widget," as used in this clause, means a thing.', "Widget"],
      ["‘‘Widget’’ means a thing.", "Widget"],
      ["Widget (WDG) means a thing.", "Widget"],
      ["Widget, as used in this part, means a thing.", "Widget"],
      ["Widget as defined in 2.101 means a thing.", "Widget"],
      ["Widget, pursuant to 1 U.S.C. 2, means a thing.", "Widget"],
      ["Widget has the meaning given in 2.101.", "Widget"],
      ["Widget or widgets have the meaning given in 2.101.", "Widget or widgets"],
      ['Head or "leading person" means the boss.', "Head"],
      ["F.o.b. means free on board. It is an old term.", "F.o.b."],
      ["No or little value means less than a dollar.", "No or little value"],
      ["Amount over $10,000,000 means that amount.", "Amount over $10,000,000"],
      ["The term “widget” includes small things.", "widget"],
      ["Widget includes small things.", "Widget"],
    ]
  ) assert.equal(definedTerm(text, expected), term, text);
});

Deno.test("a term whose meaning stands below it is found by what follows", () => {
  assert.equal(
    definedTerm("Widget—", { expected: true, next: "(1) Means a thing; and" }),
    "Widget",
  );
  assert.equal(definedTerm("Widget.-", { expected: true, next: "(1) Means" }), "Widget");
  assert.equal(definedTerm("“Widget”—", { expected: true, next: "(1) Means a thing" }), "Widget");
  assert.equal(
    definedTerm("The contractor shall—", { expected: true, next: "(1) Has to do it" }),
    undefined,
  );
  assert.equal(definedTerm("Widget", { expected: true, next: "(p)(2)" }), undefined);
});

Deno.test("sentences with means in them define nothing", () => {
  for (
    const text of [
      "Agencies may pay by any means, including the card.",
      "The officer may send the notice by electronic means that leave a record.",
      "A word that is defined here has the same meaning in every part.",
      "This part prescribes policies. It means what it says.",
      "Payment by other means is allowed.",
    ]
  ) {
    assert.equal(definedTerm(text, unexpected), undefined, text);
    assert.equal(definedTerm(text, expected), undefined, text);
  }
  assert.equal(definedTerm("Widget includes small things.", unexpected), undefined);
});

Deno.test("a lead-in announces definitions and a definition does not", () => {
  for (
    const text of [
      "As used in this subpart-",
      "Definitions. As used in this clause—",
      "The following definitions apply to this part:",
    ]
  ) assert.equal(announcesDefinitions(text), true, text);
  assert.equal(announcesDefinitions("Widget, as used in this part, means a thing."), false);
  assert.equal(announcesDefinitions("Insert the clause in contracts."), false);
});

Deno.test("anchors are made of plain letters and hyphens", () => {
  assert.equal(definitionAnchor("Micro-purchase threshold"), "def-micro-purchase-threshold");
  assert.equal(definitionAnchor("Contractor’s “own” cost (CO)"), "def-contractors-own-cost-co");
  assert.equal(definitionAnchor("§"), "def-term");
  assert.ok(definitionAnchor("long ".repeat(80)).length < 120);
});

Deno.test("definitions run together are parted only in alphabetical order", () => {
  const text = "Cost means a price. Day means a day. It means more than that.";
  const [cut, ...others] = joinedDefinitions(text, "Cost", "Expert", undefined);
  assert.equal(text.slice(cut), "Day means a day. It means more than that.");
  assert.deepEqual(others, []);
  assert.deepEqual(joinedDefinitions(text, "Cost", "Crew", undefined), []);
  assert.deepEqual(joinedDefinitions(text, undefined, "Expert", undefined), []);
});
