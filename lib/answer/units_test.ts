import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ROPES, sectionOf, TENTS } from "../../tests/support/answer_sections.ts";
import { sharedDir } from "../../tests/support/shared.ts";
import { EcfrParser } from "../regulation/ecfr.ts";
import type { Section } from "../regulation/types.ts";
import { type Unit, unitsOf } from "./units.ts";

function shown(section: { text: string }, unit: Unit): string {
  const cut = ({ start, end }: { start: number; end: number }) => section.text.slice(start, end);
  return [cut(unit), ...unit.items.map((item) => `* ${cut(item)}`)].join(" ");
}

Deno.test("a lead-in is quoted with the items under it", () => {
  const list = unitsOf(TENTS).find(({ items }) => items.length > 0)!;
  assert.equal(
    shown(TENTS, list),
    "A request for approval must contain the following: * The number of tents; * The price of each tent; and * A drawing of the campsite.",
  );
  assert.deepEqual(list.items.map(({ designator }) => designator), ["(b)(1)", "(b)(2)", "(b)(3)"]);
});

Deno.test("a run-in heading is context, not a quote", () => {
  const first = unitsOf(TENTS)[0];
  assert.equal(
    shown(TENTS, first),
    "The tent officer shall approve every purchase of tents above $40,000 in writing.",
  );
  assert.equal(first.context, "General.");
});

Deno.test("an item knows the lead-ins above it", () => {
  const item = unitsOf(TENTS).find(({ designator }) => designator === "(b)(2)")!;
  assert.deepEqual(item.leads.map(({ start, end }) => TENTS.text.slice(start, end)), [
    "A request for approval must contain the following:",
  ]);
});

Deno.test("a sentence that leans on the one before it brings that one along", () => {
  const section = sectionOf("97.1", "Test", [[
    "",
    "Tents are dry. However, they leak in storms. Ropes are long.",
  ]]);
  assert.deepEqual(unitsOf(section).map((unit) => shown(section, unit)), [
    "Tents are dry.",
    "Tents are dry. However, they leak in storms.",
    "Ropes are long.",
  ]);
});

Deno.test("items of items come behind their item, and the next paragraph of the same level ends the list", () => {
  const section = sectionOf("97.2", "Test", [
    ["(a)", "(a) Check-"],
    ["(a)(1)", "(1) The poles, that is-"],
    ["(a)(1)(i)", "(i) The long ones;"],
    ["(a)(2)", "(2) The pegs."],
    ["(b)", "(b) Then rest."],
  ]);
  const units = unitsOf(section).filter(({ items }) => items.length > 0);
  assert.deepEqual(units.map((unit) => shown(section, unit)), [
    "Check- * The poles, that is- * The long ones; * The pegs.",
    "The poles, that is- * The long ones;",
  ]);
});

Deno.test("a lead-in without a designator introduces the paragraphs (a), (b) after it", () => {
  const section = sectionOf("97.3", "Test", [["", "The clerk shall:"], ["(a)", "(a) Count."], [
    "(b)",
    "(b) Pay.",
  ]]);
  assert.equal(shown(section, unitsOf(section)[0]), "The clerk shall: * Count. * Pay.");
});

Deno.test("every unit lies in its paragraph", () => {
  for (const section of [TENTS, ROPES]) {
    for (const unit of unitsOf(section)) {
      const paragraph = section.paragraphs[unit.paragraph];
      assert.ok(
        unit.start >= paragraph.start && unit.end <= paragraph.end && unit.start < unit.end,
      );
    }
  }
});

Deno.test("without a stop at its end a paragraph leads in to those under it, and deep items carry every lead-in", () => {
  const section = sectionOf("97.4", "Test", [
    ["(a)", "(a) Pegs. The clerk shall not buy pegs unless"],
    ["(a)(1)", "(1) They are cheap, and-"],
    ["(a)(1)(i)", "(i) Made of wood; or"],
    ["(a)(1)(ii)", "(ii) Made of tin."],
    ["(b)", "(b) Ropes are bought freely."],
  ]);
  const units = unitsOf(section);
  const deep = units.find(({ designator }) => designator === "(a)(1)(ii)")!;
  assert.deepEqual(deep.leads.map(({ start, end }) => section.text.slice(start, end)), [
    "The clerk shall not buy pegs unless",
    "They are cheap, and-",
  ]);
  assert.equal(deep.context, "Pegs.");
  assert.deepEqual(units.at(-1)!.leads, []);
});

Deno.test("the second cell of a table's row is quoted with the first", () => {
  const section = sectionOf("97.5", "Test", [
    ["(1)", "(1) Lists of ropes."],
    ["", "3 years after the last rope is gone."],
    ["(2)", "(2) Drawings."],
    ["", "Until burnt."],
  ]);
  assert.deepEqual(unitsOf(section).map((unit) => shown(section, unit)), [
    "Lists of ropes.",
    "Lists of ropes.\n3 years after the last rope is gone.",
    "Drawings.",
    "Drawings.\nUntil burnt.",
  ]);
});

Deno.test("of a long list the items of items are left out", () => {
  const lines: [string, string][] = [["(a)", "(a) Check-"]];
  for (let item = 1; item <= 6; item++) {
    lines.push([`(a)(${item})`, `(${item}) Item ${item}, that is-`], [
      `(a)(${item})(i)`,
      `(i) Detail ${item};`,
    ]);
  }
  const list = unitsOf(sectionOf("97.6", "Test", lines))[0];
  assert.deepEqual(
    list.items.map(({ designator }) => designator),
    [1, 2, 3, 4, 5, 6].map((n) => `(a)(${n})`),
  );
});

Deno.test("a list under a lead-in without a designator ends where another numbering goes on", () => {
  const section = sectionOf("97.7", "Test", [
    ["(a)", "(a) Definition."],
    ["def:Working dog", "Working dog means a dog that-"],
    ["(1)", "(1) Works; and"],
    ["(2)", "(2) Barks."],
    ["(b)", "(b) The clerk shall feed it."],
  ]);
  const units = unitsOf(section);
  const dog = units.find(({ term }) => term === "Working dog")!;
  assert.equal(shown(section, dog), "Working dog means a dog that- * Works; and * Barks.");
  assert.deepEqual(units.at(-1)!.leads, []);
});

Deno.test("the beginning of a sentence is quoted with what goes on, a title is not", () => {
  const section = sectionOf("97.8", "Test", [
    ["(a)", "(a) The choice of pegs-"],
    ["(a)(1)", "(1) Shall be written down; and"],
    ["(b)", "(b) Standards for ropes-"],
    ["(b)(1)", "(1) Length. A rope is 30 feet long."],
  ]);
  const leads = unitsOf(section).map((unit) =>
    unit.leads.map(({ start, end }) => section.text.slice(start, end))
  );
  assert.deepEqual(leads, [[], ["The choice of pegs-"], [], []]);
});

const shared = sharedDir();

Deno.test({
  name:
    "in the complete FAR every word of every section can be quoted, each piece in its paragraph",
  ignore: shared === undefined,
  fn: () => {
    const sections: Section[] = [];
    const parser = new EcfrParser((section) => sections.push(section));
    const file = join(shared!, "corpus", "ecfr", "title-48-chapter-1.xml.gz");
    parser.write(gunzipSync(readFileSync(file)).toString("utf8"));
    parser.close();
    assert.ok(sections.length > 3000);
    const letters = (text: string) => text.replace(/\s+/g, "").length;
    let all = 0;
    let covered = 0;
    for (const section of sections) {
      const units = unitsOf(section);
      const seen = new Uint8Array(section.text.length);
      for (const unit of units) {
        for (const piece of [unit, ...unit.leads, ...unit.items]) {
          const { start, end } = section.paragraphs[piece.paragraph];
          // Only a table's second cell begins in the paragraph before its own.
          const from = piece === unit
            ? section.paragraphs[Math.max(0, piece.paragraph - 1)].start
            : start;
          assert.ok(
            piece.start >= from && piece.end <= end && piece.start < piece.end,
            section.number,
          );
        }
        assert.ok(unit.leads.every((lead) => lead.end <= unit.start), section.number);
        assert.ok(unit.items.every((item) => item.start >= unit.end), section.number);
        seen.fill(1, unit.start, unit.end);
      }
      for (const { kind, start, end } of section.paragraphs) {
        if (kind === "heading" || kind === "source") continue;
        for (let at = start; at < end; at++) covered += seen[at];
        all += letters(section.text.slice(start, end));
      }
    }
    // What is left over are designators and run-in headings.
    assert.ok(covered / all > 0.97, `${covered} of ${all}`);
  },
});
