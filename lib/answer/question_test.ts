import assert from "node:assert/strict";
import { Problem } from "../problem.ts";
import { cleanCollections, cleanQuestion, MAX_QUESTION } from "./question.ts";
import { looksEnglish } from "./notices.ts";
import { askedFor, suits } from "./question_kind.ts";

Deno.test("control and reordering characters go, line breaks, tabs and every language stay", () => {
  assert.equal(cleanQuestion(" a\u0000b\u202e\r\nc\td\u0085 "), "ab\nc\td");
  assert.equal(cleanQuestion("Кто одобряет? <b>who</b>"), "Кто одобряет? <b>who</b>");
  assert.equal(cleanQuestion("lone \ud800 half"), "lone \ufffd half");
});

Deno.test("4,000 characters are accepted, one more is not, and the count is in the message", () => {
  assert.equal(cleanQuestion("é".repeat(MAX_QUESTION)).length, MAX_QUESTION);
  assert.throws(
    () => cleanQuestion("x".repeat(MAX_QUESTION + 1)),
    (error) => error instanceof Problem && error.status === 413 && /4,001/.test(error.message),
  );
});

Deno.test("collections are known names, none twice; no names means all", () => {
  assert.deepEqual(cleanCollections(["far", "far", "dfars"]), ["far", "dfars"]);
  assert.equal(cleanCollections([]), undefined);
  assert.equal(cleanCollections(undefined), undefined);
  assert.throws(() => cleanCollections(["pgi"]), Problem);
});

Deno.test("what a question asks for is told from its words", () => {
  assert.ok(askedFor("Who approves a J&A over $20 million?").includes("official"));
  assert.ok(askedFor("How many days do I have to protest?").includes("period"));
  assert.ok(askedFor("What is the micro-purchase threshold?").includes("amount"));
  assert.ok(askedFor("What is a commercial product?").includes("definition"));
  assert.ok(!askedFor("What is required in the file?").includes("definition"));
});

Deno.test("a sentence suits a question when it has what was asked for", () => {
  assert.equal(suits("The decision is made within 12 working days.", ["period"]), 1);
  assert.equal(suits("The decision is made in writing.", ["period"]), 0);
  assert.equal(suits("The contracting officer decides.", ["official"]), 1);
  assert.equal(suits("It is $40,000.", ["amount", "condition"]), 2 / 3);
});

Deno.test("a question in another language or script is told from English, short ones are not judged", () => {
  for (
    const english of [
      "Progress payments?",
      "small business set aside dollar limit",
      "Who approves a J&A?",
      "FAR 15.403-4",
    ]
  ) {
    assert.ok(looksEnglish(english), english);
  }
  assert.ok(looksEnglish("when is a bond required"));
  assert.ok(!looksEnglish("¿Cuándo se requieren datos certificados de costo o precio?"));
  assert.ok(!looksEnglish("Wann braucht man zertifizierte Kostendaten?"));
  assert.ok(!looksEnglish("誰が承認しますか"));
});
