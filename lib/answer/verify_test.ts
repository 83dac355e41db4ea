import assert from "node:assert/strict";
import fc from "fast-check";
import type { Paragraph } from "../regulation/types.ts";
import { bearsOut, type CitedSection, citeRange, locate, paragraphOf } from "./verify.ts";

/** A section made of lines with their designators. */
function section(lines: [string, string][]): CitedSection {
  let at = 0;
  const paragraphs: Paragraph[] = lines.map(([designator, words], index) => {
    const start = at;
    at += words.length + 1;
    return {
      designator,
      anchor: designator.replace(/[()]+/g, "-").replace(/^-|-$/g, "") || `p-${index}`,
      level: Math.max(0, (designator.match(/\(/g) ?? []).length - 1),
      kind: "text",
      start,
      end: start + words.length,
    };
  });
  return {
    collection: "far",
    number: "1.1",
    title: "Test",
    text: lines.map(([, w]) => w).join("\n"),
    paragraphs,
  };
}

const SAMPLE = section([
  ["(a)", "(a) The officer keeps a file that holds:"],
  ["(a)(1)", "(1) The “request” of the   buyer;"],
  ["(a)(2)", "(2) The price – in dollars."],
  ["(b)", "(b) The file is kept 6 years."],
]);

Deno.test("a citation's quote is cut from the stored text and names its innermost paragraph", () => {
  const start = SAMPLE.text.indexOf("price");
  const citation = citeRange(SAMPLE, { start, end: start + 5 }, { index: 1, at: 9 })!;
  assert.equal(citation.quote, "price");
  assert.equal(citation.paragraph, "(a)(2)");
  assert.equal(citation.anchor, "a-2");
  assert.ok(bearsOut(SAMPLE, citation));
  assert.ok(!bearsOut({ text: SAMPLE.text.replace("price", "prize") }, citation));
});

Deno.test("a range over a lead-in and its items belongs to the lead-in", () => {
  assert.deepEqual(paragraphOf(SAMPLE.paragraphs, { start: 4, end: SAMPLE.paragraphs[2].end }), {
    paragraph: "(a)",
    anchor: "a",
  });
});

Deno.test("a range over paragraphs with nothing above them names the section and opens at the first", () => {
  assert.deepEqual(paragraphOf(SAMPLE.paragraphs, { start: 4, end: SAMPLE.text.length }), {
    paragraph: "",
    anchor: "a",
  });
});

Deno.test("ranges outside the text or without words are no citations", () => {
  for (const [start, end] of [[-1, 4], [5, 5], [9, 3], [0, 9999], [NaN, 3]]) {
    assert.equal(citeRange(SAMPLE, { start, end }, { index: 1, at: 0 }), undefined);
  }
});

Deno.test("words are found whatever their spaces, quotes and dashes, and only within the passage", () => {
  const found = locate(SAMPLE.text, 'The "request"\nof the buyer; (2) The price - in dollars.')!;
  assert.equal(
    SAMPLE.text.slice(found.start, found.end),
    "The “request” of the   buyer;\n(2) The price – in dollars.",
  );
  assert.equal(locate(SAMPLE.text, "6 years", { start: 0, end: 40 }), undefined);
  assert.equal(locate(SAMPLE.text, "7 years"), undefined);
  assert.equal(locate(SAMPLE.text, "  \n"), undefined);
});

Deno.test("a closing quotation mark is not taken for the opening one before it", () => {
  const found = locate(SAMPLE.text, " ” ")!;
  assert.equal(SAMPLE.text.slice(found.start, found.end), "”");
});

Deno.test("any part of a text is found again after its spaces are changed", () => {
  fc.assert(fc.property(fc.nat(SAMPLE.text.length - 1), fc.nat(60), (start, length) => {
    const part = SAMPLE.text.slice(start, start + length + 1);
    fc.pre(part.trim() !== "");
    const found = locate(SAMPLE.text, ` ${part.replace(/\s+/g, "\n\t ")} `)!;
    const squeeze = (words: string) => words.replace(/\s+/g, "");
    assert.equal(squeeze(SAMPLE.text.slice(found.start, found.end)), squeeze(part));
  }));
});
