import assert from "node:assert/strict";
import fc from "fast-check";
import { sentencesOf } from "./sentences.ts";

function split(text: string): string[] {
  return sentencesOf(text).map(({ start, end }) => text.slice(start, end));
}

Deno.test("sentences end at full stops but not inside citations of law", () => {
  assert.deepEqual(
    split(
      "Agencies follow 41 U.S.C. 3304 and Pub. L. 85-804. Deviations are rare. See E.O. 12549 for more.",
    ),
    [
      "Agencies follow 41 U.S.C. 3304 and Pub. L. 85-804.",
      "Deviations are rare.",
      "See E.O. 12549 for more.",
    ],
  );
});

Deno.test("a parenthesis is never cut, whatever stops stand in it", () => {
  assert.deepEqual(
    split("Adjust both ways (e.g., a change of $5. A second one counts too). Then stop."),
    ["Adjust both ways (e.g., a change of $5. A second one counts too).", "Then stop."],
  );
});

Deno.test("sentences with no space between them are told apart, section numbers are not cut", () => {
  assert.deepEqual(
    split(
      "It applies from July 1, 2018.When a clause refers to 15.403-4 it follows. See www.acquisition.gov today.",
    ),
    [
      "It applies from July 1, 2018.",
      "When a clause refers to 15.403-4 it follows.",
      "See www.acquisition.gov today.",
    ],
  );
});

Deno.test("the designator is left out and a run-in heading is recognised", () => {
  const text = "(a)(1) General policy. The officer shall decide in 5 days.";
  const found = sentencesOf(text);
  assert.deepEqual(found.map((s) => [text.slice(s.start, s.end), s.heading]), [
    ["General policy.", true],
    ["The officer shall decide in 5 days.", false],
  ]);
});

Deno.test("a paragraph that is only a designator has no sentence", () => {
  assert.deepEqual(sentencesOf("(a)"), []);
  assert.deepEqual(sentencesOf("  \n "), []);
});

Deno.test("whatever the text, sentences are ordered, do not overlap and lose only space and designators", () => {
  const piece = fc.constantFrom(
    "(a) ",
    "The officer",
    " shall ",
    "pay.",
    " U.S.C. ",
    "(see 4. X)",
    ".",
    "?",
    "\n",
    "”",
    " 5",
    "When",
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
    const text = pieces.join("");
    let last = 0;
    let kept = "";
    for (const { start, end } of sentencesOf(text)) {
      assert.ok(start >= last && end > start && end <= text.length);
      kept += text.slice(start, end);
      last = end;
    }
    const all = text.replace(/^\s*(?:\(a\)\s*)+/, "").replace(/\s+/g, "");
    assert.equal(kept.replace(/\s+/g, ""), all);
  }));
});
