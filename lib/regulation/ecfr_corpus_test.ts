/** The parser over the complete FAR and DFARS, on machines that have them (tests/support/shared.ts). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { sharedDir } from "../../tests/support/shared.ts";
import { parse } from "./ecfr_test_support.ts";
import { readings } from "./labels.ts";
import type { Paragraph, Section } from "./types.ts";

const shared = sharedDir();
const ignore = shared === undefined;
let chapters: { xml: string; sections: Section[]; milliseconds: number }[] | undefined;

/** Both chapters, parsed once in pieces as a stream would bring them. */
function corpus() {
  chapters ??= [1, 2].map((chapter) => {
    const file = join(shared!, "corpus", "ecfr", `title-48-chapter-${chapter}.xml.gz`);
    const xml = gunzipSync(readFileSync(file)).toString("utf8");
    const cuts: number[] = [];
    for (let cut = 65536; cut < xml.length; cut += 65536) cuts.push(cut);
    const started = performance.now();
    const { sections } = parse(xml, cuts);
    return { xml, sections, milliseconds: performance.now() - started };
  });
  return chapters;
}

function find(number: string): Section {
  for (const { sections } of corpus()) {
    const found = sections.find((section) => section.number === number);
    if (found) return found;
  }
  throw new Error(`no section ${number}`);
}

Deno.test({ name: "the FAR has 3,496 sections and the DFARS 2,053", ignore }, () => {
  assert.deepEqual(corpus().map(({ sections }) => sections.length), [3496, 2053]);
  assert.deepEqual(
    corpus().map(({ sections }) => new Set(sections.map((section) => section.collection))),
    [new Set(["far"]), new Set(["dfars"])],
  );
});

Deno.test({ name: "the complete FAR is read in seconds", ignore }, () => {
  // 0.8 s on two idle cores; the limit leaves room for a busy machine.
  assert.ok(corpus()[0].milliseconds < 15_000, `${corpus()[0].milliseconds} ms`);
});

Deno.test({ name: "no word of a section is lost, added or moved", ignore }, () => {
  const parted: string[] = [];
  for (const { xml, sections } of corpus()) {
    const bodies = [
      ...xml.matchAll(/<DIV8 N="[^"]*"[^>]*>\s*<HEAD>[^<]*<\/HEAD>([^]*?)<\/DIV8>/g),
    ];
    assert.equal(bodies.length, sections.length);
    sections.forEach((section, index) => {
      const source = wordsOf(plainText(bodies[index][1]));
      const found = wordsOf(section.text);
      assert.equal(found.join(""), source.join(""), section.number);
      if (found.length !== source.length) parted.push(section.number);
    });
  }
  // Where a designator follows a heading without a space, "term.(1) The", the paragraph is parted there.
  assert.ok(parted.length <= 6, parted.join(" "));
});

Deno.test({ name: "paragraphs are the text, and their anchors are unique", ignore }, () => {
  for (const { sections } of corpus()) {
    for (const { number, text, paragraphs } of sections) {
      assert.equal(
        paragraphs.map((one) => text.slice(one.start, one.end)).join("\n"),
        text,
        number,
      );
      assert.equal(new Set(paragraphs.map((one) => one.anchor)).size, paragraphs.length, number);
    }
  }
});

Deno.test({ name: "designators follow one another as in the regulation", ignore }, () => {
  const [far, dfars] = corpus().map(({ sections }) => {
    const count = { natural: 0, alternate: 0, gap: 0, odd: 0 };
    for (const section of sections) {
      for (const kind of succession(section.paragraphs)) count[kind]++;
    }
    return count;
  });
  const all = far.natural + far.alternate + far.gap + far.odd;
  // The FAR itself numbers without gaps: its own sections are held to the highest standard.
  assert.ok((far.odd + far.gap) / all < 0.0015, JSON.stringify(far));
  // Sections of the DFARS carry the numbers of the FAR paragraphs that they supplement, so gaps are theirs.
  const ours = dfars.natural + dfars.alternate + dfars.gap + dfars.odd;
  assert.ok(dfars.odd / ours < 0.004, JSON.stringify(dfars));
  assert.ok((far.natural + dfars.natural) / (all + ours) > 0.985);
});

Deno.test({ name: "paragraphs that people cite are where they are cited", ignore }, () => {
  const cited: [string, string[]][] = [
    ["2.101", ["def-acquisition", "def-bundling-1-i", "def-micro-purchase-threshold-1", "def-day"]],
    ["9.406-2", ["a-1-iii", "b-1-v-A-2", "b-1-vi-C", "c"]],
    ["12.301", ["b-4-ii-B-2", "d-14", "f"]],
    ["15.403-1", ["b-5", "c-1-ii-A-1-ii", "c-3-iv", "c-4"]],
    ["15.404-1", ["b-2-vii", "c-2-iii-E", "g-1-iii", "h-3"]],
    ["16.505", ["a-4-iii-A-2", "b-2-ii-D-4"]],
    ["25.1101", ["b-1-iii", "e-2"]],
    ["31.205-6", ["o-2-iii-A-1-iii", "p-4-iii-B", "q-2-iv-B"]],
    ["52.209-5", ["a-1-i-D-2-iv", "a-2", "e"]],
    ["52.212-4", ["i-6-vi-C", "l", "v", "alt-i", "alt-i-a-5-i", "alt-i-i-6-viii", "alt-i-m"]],
    ["52.212-5", ["b-34-ii", "e-1-xxvii", "alt-ii-e-1-ii-Z"]],
    ["52.222-41", ["c-2-iv-C", "i-1-i-D", "t"]],
    ["202.101", ["def-cyber-incident", "def-milestone-decision-authority"]],
    ["225.1101", ["2-iv-B", "10-i-L-3", "10-iii"]],
    ["252.204-7012", [
      "def-rapidly-report",
      "def-covered-defense-information-2",
      "b-2-ii-D",
      "m-2-ii",
    ]],
    ["252.225-7001", ["def-domestic-end-product-1-ii-A-2", "d", "alt-iii-d"]],
  ];
  for (const [number, anchors] of cited) {
    const has = new Set(find(number).paragraphs.map((paragraph) => paragraph.anchor));
    assert.deepEqual(anchors.filter((anchor) => !has.has(anchor)), [], number);
  }
});

Deno.test({ name: "clauses know their date, prescription and alternates", ignore }, () => {
  const commercial = find("52.212-4").clause!;
  assert.equal(commercial.kind, "clause");
  assert.deepEqual(commercial.prescribedAt, ["12.301(b)(3)"]);
  assert.deepEqual(commercial.alternates.map(({ name }) => name), ["Alternate I"]);
  assert.match(commercial.date!, /^[A-Z][a-z]{2} \d{4}$/);
  assert.equal(find("252.225-7036").clause!.alternates.length, 11);
  let dated = 0, prescribed = 0, all = 0;
  for (const { sections } of corpus()) {
    for (const { clause, reserved, text } of sections) {
      if (!clause || reserved || text === "") continue;
      all++;
      if (clause.date) dated++;
      if (clause.prescribedAt.length > 0) prescribed++;
    }
  }
  assert.ok(
    all > 950 && dated / all > 0.99 && prescribed / all > 0.99,
    `${all} ${dated} ${prescribed}`,
  );
});

Deno.test({ name: "the definitions of 2.101 are found, in alphabetical order", ignore }, () => {
  const terms = find("2.101").paragraphs
    .filter((one) => one.kind === "definition" && one.designator === "").map((one) => one.term!);
  assert.ok(terms.length > 235, String(terms.length));
  const plain = (term: string) => term.toLowerCase().replace(/[^a-z0-9]+/g, "");
  const disorder = terms.filter((term, at) => at > 0 && plain(terms[at - 1]) > plain(term));
  assert.ok(disorder.length <= 5, disorder.join("; "));
});

function plainText(xml: string): string {
  return xml.replace(/<[^>]*>/g, " ").replace(/&lt;/g, "<").replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&amp;/g, "&");
}

function wordsOf(text: string): string[] {
  return text.replace(/[\u200B-\u200D\u2060\uFEFF\u00AD]/g, "").split(/\s+/).filter(Boolean);
}

type Step = "natural" | "alternate" | "gap" | "odd";

/** How each designated paragraph follows the one before it among the paragraphs of its definition or alternate. */
function* succession(paragraphs: Paragraph[]): Generator<Step> {
  const open = new Map<string, string[]>();
  for (const { designator, anchor, start, end } of paragraphs) {
    if (designator === "" || start === end) continue;
    const labels = designator.slice(1, -1).split(")(");
    const scope = anchor.replace(/_\d+$/, "").slice(0, -labels.join("-").length);
    const before = open.get(scope) ?? [];
    open.set(scope, labels);
    let at = 0;
    while (at < labels.length && labels[at] === before[at]) at++;
    const firsts = labels.slice(at + 1).every((label) => isFirst(label));
    const step = at === labels.length ? undefined : distance(before[at], labels[at]);
    if (step === 1 && firsts) yield "natural";
    else if (scope.startsWith("alt-") && step !== undefined) yield "alternate";
    else if (anchor.includes("_") || step === undefined) yield "odd";
    else yield "gap";
  }
}

function isFirst(label: string): boolean {
  return readings(label).some(({ ordinal }) => ordinal === 1);
}

/** 1 for a successor or the first of a new list, more for a gap, undefined when it goes backwards or mixes kinds. */
function distance(before: string | undefined, label: string): number | undefined {
  const steps = readings(label).flatMap((to) =>
    before === undefined
      ? [to.ordinal]
      : readings(before).filter((from) => from.kind === to.kind).map((from) =>
        to.ordinal - from.ordinal
      )
  ).filter((step) => step > 0);
  return steps.length > 0 ? Math.min(...steps) : undefined;
}
