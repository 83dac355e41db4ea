import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type AnswerBlock,
  answerBlocks,
  type Inline,
  splitDesignator,
  withLinks,
} from "./answer_text.ts";

function line(inlines: Inline[]): string {
  return inlines.map((part) =>
    part.kind === "mark" ? `[${part.index}]` : part.strong ? `<b>${part.text}</b>` : part.text
  ).join("");
}

function shown(blocks: AnswerBlock[]): string[] {
  return blocks.map((block) =>
    block.kind === "paragraph"
      ? `P ${block.lines.map(line).join(" / ")}`
      : `L ${block.items.map(line).join(" | ")}`
  );
}

Deno.test("paragraphs, line breaks, lists and strong words are told apart", () => {
  assert.deepEqual(
    shown(answerBlocks("**Yes.** It applies.\nEven here.\n\n- one\n- two **three**\n\nEnd.")),
    ["P <b>Yes.</b> It applies. / Even here.", "L one | two <b>three</b>", "P End."],
  );
});

Deno.test("marks stand after the words they were given for", () => {
  const text = "First sentence. Second one.";
  assert.deepEqual(
    shown(answerBlocks(text, [{ index: 2, at: text.length }, { index: 1, at: 15 }])),
    ["P First sentence.[1] Second one.[2]"],
  );
});

Deno.test("a mark given between two paragraphs closes the first of them", () => {
  assert.deepEqual(
    shown(answerBlocks("One.\n\nTwo.", [{ index: 1, at: 6 }])),
    ["P One.[1]", "P Two."],
  );
});

Deno.test("a mark at the end of strong words stands after them", () => {
  assert.deepEqual(
    shown(answerBlocks("**Yes** no", [{ index: 1, at: 7 }])),
    ["P <b>Yes</b>[1] no"],
  );
});

Deno.test("markup is words", () => {
  assert.deepEqual(
    shown(answerBlocks("<script>alert(1)</script> a * b ** c")),
    ["P <script>alert(1)</script> a * b ** c"],
  );
});

Deno.test("an unfinished strong run is words until it is closed", () => {
  assert.deepEqual(shown(answerBlocks("**The contr")), ["P **The contr"]);
});

Deno.test("whatever the text, every mark is printed once and no word is lost", () => {
  const words = fc.array(
    fc.constantFrom("a", "b ", "\n", "\n\n", "- ", "**", " ", ".", "é", "<b>"),
    { maxLength: 40 },
  ).map((parts) => parts.join(""));
  fc.assert(fc.property(
    words,
    fc.array(fc.integer({ min: -3, max: 60 }), { maxLength: 5 }),
    (text, ats) => {
      const blocks = answerBlocks(text, ats.map((at, i) => ({ index: i + 1, at })));
      const inlines = blocks.flatMap((block) =>
        block.kind === "paragraph" ? block.lines.flat() : block.items.flat()
      );
      const marks = inlines.flatMap((part) => part.kind === "mark" ? [part.index] : []);
      if (inlines.some((part) => part.kind === "text" && /[a-zé.]/.test(part.text))) {
        assert.deepEqual(marks.toSorted(), ats.map((_, i) => i + 1).toSorted());
      }
      const letters = (s: string) => s.replace(/[^a-zé<>.]/g, "");
      const out = inlines.map((part) => part.kind === "text" ? part.text : "").join("");
      assert.equal(letters(out), letters(text));
    },
  ));
});

Deno.test("only addresses of the official sites become links, without the full stop after them", () => {
  assert.deepEqual(
    withLinks(
      "See https://www.ecfr.gov/current/title-48/section-15.403-4. Not https://evil.test/.",
    ),
    [
      { text: "See " },
      {
        text: "https://www.ecfr.gov/current/title-48/section-15.403-4",
        href: "https://www.ecfr.gov/current/title-48/section-15.403-4",
      },
      { text: ". Not https://evil.test/." },
    ],
  );
  for (const text of ["javascript:alert(1)", "https://www.ecfr.gov.evil.test/x", "plain", ""]) {
    assert.ok(withLinks(text).every((part) => part.href === undefined), text);
  }
});

Deno.test("the designator of a quoted item hangs in the place of the dash", () => {
  const item = (text: string): Inline[] => [{ kind: "text", text, strong: false }];
  assert.deepEqual(splitDesignator(item("(1) “When”")), {
    designator: "(1)",
    rest: item("“When”"),
  });
  for (const text of ["“When (1) then”", "(see 15.404) words", "(1)", ""]) {
    assert.deepEqual(splitDesignator(item(text)), { rest: item(text) }, text);
  }
  assert.deepEqual(splitDesignator([]), { rest: [] });
});
