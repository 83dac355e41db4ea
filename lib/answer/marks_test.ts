import assert from "node:assert/strict";
import fc from "fast-check";
import { copyText, withMarks } from "./marks.ts";
import type { AnswerCitation } from "./types.ts";

function citation(index: number, at: number, more: Partial<AnswerCitation> = {}): AnswerCitation {
  return {
    index,
    at,
    regulation: "far",
    section: "15.403-4",
    title: "Requiring certified cost or pricing data",
    paragraph: "(a)(1)",
    anchor: "a-1",
    quote: "x",
    start: 0,
    end: 1,
    kind: "regulation",
    ...more,
  };
}

Deno.test("marks stand after the words they support, those of one place together and none twice", () => {
  assert.equal(
    withMarks("Yes. No.", [citation(3, 8), citation(2, 4), citation(1, 4), citation(2, 4)]),
    "Yes. [1][2] No. [3]",
  );
});

Deno.test("a mark beyond the text stands at its end", () => {
  assert.equal(withMarks("Yes.", [citation(1, 99), citation(2, -1)]), " [2]Yes. [1]");
});

Deno.test("taking the marks out again gives the answer", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.nat(60))),
      (text, marks) => {
        fc.pre(!/\[\d+\]/.test(text));
        const marked = withMarks(text, marks.map(([index, at]) => ({ index, at })));
        assert.equal(marked.replace(/ (?:\[\d+\])+/g, ""), text);
      },
    ),
  );
});

Deno.test("copied text has marks, no asterisks, and each source once with its official address", () => {
  const text = copyText("**Yes**, always.", [
    citation(1, 16),
    citation(1, 7),
    citation(2, 16, {
      kind: "brief",
      paragraph: "",
      anchor: "",
      section: "215.371-2",
      regulation: "dfars",
    }),
  ]);
  assert.equal(
    text,
    "Yes [1], always. [1][2]\n\n" +
      "[1] FAR 15.403-4(a)(1), https://www.ecfr.gov/current/title-48/section-15.403-4#p-15.403-4(a)(1)\n" +
      "[2] DFARS 215.371-2 (FARchat’s summary, not the regulation), https://www.ecfr.gov/current/title-48/section-215.371-2",
  );
});
