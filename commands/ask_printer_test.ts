import assert from "node:assert/strict";
import fc from "fast-check";
import { withMarks } from "../lib/answer/marks.ts";
import type { AnswerCitation, AnswerEvent } from "../lib/answer/types.ts";
import { AskPrinter } from "./ask_printer.ts";

function printed(events: AnswerEvent[]): string {
  let out = "";
  const printer = new AskPrinter((text) => out += text);
  for (const event of events) printer.take(event);
  printer.end();
  return out;
}

const text = (delta: string): AnswerEvent => ({ type: "text", delta });
const mark = (index: number, at: number): AnswerEvent => ({
  type: "citation",
  citation: { index, at } as AnswerCitation,
});
const start: AnswerEvent = {
  type: "passages",
  mode: "claude",
  passages: [],
  query: "",
  notices: [],
};

Deno.test("a mark stands behind its words although the space after them came first", () => {
  assert.equal(
    printed([
      start,
      text("**Yes**"),
      text(".\n\n"),
      mark(1, 8),
      mark(2, 8),
      text("No."),
      mark(3, 13),
    ]),
    "Yes. [1][2]\n\nNo. [3]\n",
  );
});

Deno.test("an answer that is begun again says so", () => {
  assert.equal(
    printed([start, text("The ten"), start, text("“Tents”"), mark(1, 7)]),
    "The ten\n\n(Begun again.)\n\n“Tents” [1]\n",
  );
});

Deno.test("however the text is cut into pieces, the same is printed as the stored answer has with its marks", () => {
  const words = fc.array(fc.constantFrom("Yes.", " ", "\n\n", "- item", "**", "bold"), {
    maxLength: 20,
  });
  fc.assert(fc.property(words, (pieces) => {
    const answer = pieces.join("");
    const events: AnswerEvent[] = [start];
    const citations: { index: number; at: number }[] = [];
    let length = 0;
    pieces.forEach((piece, index) => {
      events.push(text(piece));
      length += piece.length;
      if (!piece.endsWith(".")) return;
      citations.push({ index, at: length });
      events.push(mark(index, length));
    });
    assert.equal(
      printed(events).trimEnd(),
      withMarks(answer, citations).replaceAll("**", "").trimEnd(),
    );
  }));
});
