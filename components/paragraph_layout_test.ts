import assert from "node:assert/strict";
import type { Paragraph } from "../lib/regulation/types.ts";
import { layoutParagraphs } from "./paragraph_layout.ts";

/** Builds a section's text and paragraphs from lines of [designator path, level, words]. */
function section(lines: [string, number, string][]): { text: string; paragraphs: Paragraph[] } {
  let text = "";
  const paragraphs = lines.map(([designator, level, words], index): Paragraph => {
    const start = text.length + (index > 0 ? 1 : 0);
    text += (index > 0 ? "\n" : "") + words;
    const anchor = designator
      ? designator.slice(1, -1).replaceAll(")(", "-").toLowerCase()
      : `p-${index + 1}`;
    return { designator, anchor, level, kind: "text", start, end: text.length };
  });
  return { text, paragraphs };
}

function shown(lines: [string, number, string][]) {
  const { text, paragraphs } = section(lines);
  return layoutParagraphs(text, paragraphs).map((block) =>
    `${block.level} ${block.designators.map((d) => `${d.text}#${d.anchor}`).join(" ")} | ${
      text.slice(block.contentStart, block.paragraph.end)
    }`
  );
}

Deno.test("a designator hangs and the words begin after it", () => {
  assert.deepEqual(
    shown([["(a)", 0, "(a) The buyer decides."], ["(a)(1)", 1, "(1) In writing."]]),
    [
      "0 (a)#a | The buyer decides.",
      "1 (1)#a-1 | In writing.",
    ],
  );
});

Deno.test("a paragraph that is only its designator stands before the next deeper one, and keeps its anchor", () => {
  assert.deepEqual(
    shown([["(a)", 0, "(a)"], ["(a)(1)", 1, "(1) First."], ["(a)(4)", 1, "(4)"], [
      "(a)(4)(i)",
      2,
      "(i) Late.",
    ]]),
    ["0 (a)#a (1)#a-1 | First.", "1 (4)#a-4 (i)#a-4-i | Late."],
  );
});

Deno.test("two designators printed on one line hang together at the outer level", () => {
  assert.deepEqual(shown([["(c)(1)", 1, "(c)(1) When asked."]]), ["0 (c)#c (1)#c-1 | When asked."]);
});

Deno.test("an empty designator followed by something else is printed on its own", () => {
  assert.deepEqual(shown([["(a)", 0, "(a)"], ["", 0, "Flush words."], ["(b)", 0, "(b)"]]), [
    "0 (a)#a | ",
    "0  | Flush words.",
    "0 (b)#b | ",
  ]);
});

Deno.test("a parenthesis that is not the designator stays in the words", () => {
  assert.deepEqual(shown([["", 0, "(See part 15.)"], ["(b)", 0, "(see 1.1) not a designator"]]), [
    "0  | (See part 15.)",
    "0  | (see 1.1) not a designator",
  ]);
});

Deno.test("several waiting designators pile up in order", () => {
  assert.deepEqual(
    shown([["(a)", 0, "(a)"], ["(a)(1)", 1, "(1)"], ["(a)(1)(i)", 2, "(i) Deep."]]),
    ["0 (a)#a (1)#a-1 (i)#a-1-i | Deep."],
  );
});
