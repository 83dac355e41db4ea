import assert from "node:assert/strict";
import fc from "fast-check";
import { parseCitations, parseSuffixes } from "./citations.ts";
import { roughSections } from "./test_corpus.ts";

interface Pieces {
  part: number;
  digits: string;
  suffix: string;
}

/** Any number the regulation could have, whether or not it does. */
const anyNumber: fc.Arbitrary<Pieces> = fc.oneof(
  fc.record({
    part: fc.integer({ min: 1, max: 53 }).filter((part) => part !== 52),
    digits: fc.tuple(fc.integer({ min: 1, max: 22 }), fc.integer({ min: 0, max: 99 }))
      .map(([subpart, section]) => `${subpart}${String(section).padStart(2, "0")}`),
    suffix: fc.option(fc.integer({ min: 1, max: 70 })).map((n) => n === null ? "" : `-${n}`),
  }),
  fc.record({
    part: fc.constant(52),
    digits: fc.integer({ min: 200, max: 253 }).map(String),
    suffix: fc.integer({ min: 1, max: 150 }).map((n) => `-${n}`),
  }),
  fc.record({
    part: fc.constant(252),
    digits: fc.integer({ min: 201, max: 251 }).map(String),
    suffix: fc.integer({ min: 7000, max: 7080 }).map((n) => `-${n}`),
  }),
  fc.record({
    part: fc.integer({ min: 201, max: 251 }),
    digits: fc.integer({ min: 100, max: 7990 }).map(String),
    suffix: fc.option(fc.integer({ min: 1, max: 99 })).map((n) => n === null ? "" : `-${n}`),
  }),
);

/** How people write a number; the ones with "FAR" hold for DFARS numbers too, because the number decides. */
const NOTATIONS: ((n: Pieces, name: string) => string)[] = [
  (n) => `${n.part}.${n.digits}${n.suffix}`,
  (n, name) => `${name} ${n.part}.${n.digits}${n.suffix}`,
  (n, name) => `${name}${n.part}.${n.digits}${n.suffix}`,
  (n, name) => `${name.toLowerCase()} ${n.part}.${n.digits}${n.suffix}`,
  (n, name) => `${name}: ${n.part}.${n.digits}${n.suffix}`,
  (n, name) => `${name} clause ${n.part}.${n.digits}${n.suffix}`,
  (n, name) => `(${name}) ${n.part}.${n.digits}${n.suffix}`,
  (n) => `48 CFR ${n.part}.${n.digits}${n.suffix}`,
  (n) => `48CFR ${n.part}.${n.digits}${n.suffix}`,
  (n) => `48 C.F.R. § ${n.part}.${n.digits}${n.suffix}`,
  (n) => `§\u00a0${n.part}.${n.digits}${n.suffix.replace("-", "\u2011")}`,
  (n) => `section ${n.part}.${n.digits}${n.suffix.replace("-", "\u2013")}`,
  (n, name) => `${name} ${n.part} . ${n.digits}${n.suffix}`,
  (n, name) => `${name} ${n.part}-${n.digits}${n.suffix}`,
  (n, name) => `${name} ${n.part}.${n.digits}${n.suffix.replace("-", ".")}`,
  (n, name) => `${name} ${n.part} ${n.digits}${n.suffix}`,
  (n, name) => `${name} ${n.part} ${n.digits}${n.suffix.replace("-", " ")}`,
];

const anyParagraph = fc.tuple(
  fc.constantFrom(..."abcdefghjklmnopqrstuw"),
  fc.option(fc.integer({ min: 1, max: 40 })),
  fc.option(fc.constantFrom("i", "ii", "iii", "iv", "v", "ix")),
).map(([letter, number, roman]) =>
  `(${letter})` + (number === null ? "" : `(${number})` + (roman === null ? "" : `(${roman})`))
);

const PARAGRAPH_NOTATIONS: ((paragraph: string) => string)[] = [
  (paragraph) => paragraph,
  (paragraph) => ` ${paragraph}`,
  (paragraph) => paragraph.toUpperCase(),
  (paragraph) => paragraph.replaceAll(")(", ") ("),
  (paragraph) => ` para ${paragraph}`,
  (paragraph) => `, paragraph ${paragraph}`,
];

const AROUND: [string, string][] = [
  ["", ""],
  ["what does ", " say about pricing?"],
  ["Is it true (see ", ") that a waiver of $2.5 million is needed?"],
  ["On 11/24/2026, ", ", under 41 U.S.C. 3306, applied"],
  ["¿", "?"],
  ["Über ", "; 13 CFR 121.201 too"],
];

Deno.test("any number in any notation is read back as itself, with its paragraph and exact offsets", () => {
  fc.assert(
    fc.property(
      anyNumber,
      fc.constantFrom(...NOTATIONS),
      fc.option(anyParagraph),
      fc.constantFrom(...PARAGRAPH_NOTATIONS),
      fc.constantFrom(...AROUND),
      (number, notation, paragraph, writeParagraph, [before, after]) => {
        const dfars = number.part > 200;
        const words = notation(number, dfars ? "DFARS" : "FAR") +
          (paragraph === null ? "" : writeParagraph(paragraph));
        const text = before + words + after;
        const citations = parseCitations(text);
        assert.equal(citations.length, 1, text);
        const [citation] = citations;
        assert.equal(citation.regulation, dfars ? "dfars" : "far", text);
        assert.equal(citation.kind, "section");
        assert.equal(citation.number, `${number.part}.${number.digits}${number.suffix}`, text);
        assert.equal(citation.paragraph, paragraph ?? "", text);
        const cited = text.slice(citation.start, citation.end);
        assert.ok(words.endsWith(cited) || words.replace(/^\(|^48 C/, "").includes(cited), cited);
        assert.equal(citation.end, before.length + words.length, text);
      },
    ),
    { numRuns: 3000 },
  );
});

const digits = (min: number, max: number) => fc.integer({ min, max });
const innocent = fc.oneof(
  fc.tuple(digits(0, 999), digits(0, 999)).map(([a, b]) => `$${a}.${b}`),
  fc.tuple(digits(0, 999), digits(0, 999)).map(([a, b]) => `$${a}.${b} million`),
  fc.tuple(digits(1, 999), digits(100, 999), digits(100, 999)).map(([a, b, c]) => `${a},${b}.${c}`),
  fc.tuple(
    digits(1, 60),
    digits(100, 999),
    fc.constantFrom(
      "kg",
      "percent",
      "%",
      "hours",
      "miles",
      "million",
      "lbs",
      "days",
      "points",
      "km",
    ),
  )
    .map(([a, b, unit]) => `${a}.${b} ${unit}`),
  fc.tuple(digits(1, 60), digits(0, 9)).map(([a, b]) => `${a}.${b}`),
  fc.tuple(digits(1990, 2040), digits(10, 12), digits(10, 31)).map((date) => date.join("-")),
  fc.tuple(digits(1, 12), digits(1, 31), digits(1990, 2040)).map((date) => date.join("/")),
  fc.tuple(digits(1, 12), digits(1, 31), digits(1990, 2040)).map((date) => date.join(".")),
  fc.tuple(digits(0, 23), digits(10, 59)).map((time) => time.join(":")),
  fc.tuple(digits(1, 54), digits(100, 9999), fc.constantFrom("U.S.C.", "USC", "U. S. C. §"))
    .map(([title, section, name]) => `${title} ${name} ${section}(a)(1)`),
  fc.tuple(digits(1, 47), digits(1, 999), digits(1, 999), fc.constantFrom("CFR", "C.F.R.", "CFR §"))
    .map(([title, part, section, name]) => `${title} ${name} ${part}.${section}`),
  fc.tuple(digits(1, 47), digits(1, 400)).map(([title, part]) => `${title} CFR part ${part}`),
  fc.tuple(digits(90, 120), digits(1, 400)).map(([a, b]) => `Pub. L. ${a}-${b}`),
  digits(10000, 14500).map((n) => `E.O. ${n}`),
  fc.tuple(digits(500, 800), digits(1, 300)).map(([a, b]) => `NIST SP ${a}-${b}`),
  digits(20, 2000).map((n) => `SF ${n}`),
  fc.tuple(digits(11, 99), digits(100, 9999)).map(([a, b]) => `NAICS ${a}.${b}`),
  fc.tuple(digits(1, 60), digits(100, 999)).map(([a, b]) => `version ${a}.${b}`),
  fc.tuple(digits(0, 99), digits(0, 999), digits(0, 99)).map((v) => `v${v.join(".")}`),
  fc.tuple(digits(0, 255), digits(0, 255), digits(0, 255), digits(0, 255)).map((ip) =>
    ip.join(".")
  ),
  fc.tuple(digits(200, 999), digits(200, 999), digits(1000, 9999))
    .map(([a, b, c]) => `call ${a}-${b}-${c}`),
  fc.tuple(digits(200, 999), digits(200, 999), digits(1000, 9999))
    .map(([a, b, c]) => `(${a}) ${b}-${c}`),
  fc.tuple(digits(501, 999), digits(200, 299), digits(1, 99)).map(([a, b, c]) => `${a}.${b}-${c}`),
  fc.tuple(digits(1801, 5399), digits(100, 299)).map(([a, b]) => `AFFARS ${a}.${b}`),
  digits(0, 100000).map(String),
);
const words = fc.constantFrom(
  ..."the contractor shall pay of for a contract value section far from price under form item and or above to in I a"
    .split(" "),
);

Deno.test("prose full of money, dates, laws and quantities has no citation", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(innocent, fc.array(words, { minLength: 1, maxLength: 4 })), {
        maxLength: 8,
      }),
      (pieces) => {
        const text = pieces.map(([number, prose]) => `${prose.join(" ")} pays ${number}`).join(
          "; ",
        );
        assert.deepEqual(parseCitations(text), [], text);
      },
    ),
    { numRuns: 3000 },
  );
});

Deno.test("offsets lie inside any text, in order, and nothing is thrown", () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.string({ unit: "binary", maxLength: 4 }),
    fc.constantFrom(
      ..."FAR |DFARS|PGI |part |subpart |clause |§|15|.|403|-|4|252.204-7012|52|(|)|(a)|(1)| through | and |/|,| alt I| para |paragraph (b) of |Alternate II to |\u2011|\u00a0|\n|$|CFR |7012 "
        .split("|"),
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      let end = 0;
      for (const citation of parseCitations(text)) {
        assert.ok(citation.start >= end && citation.end > citation.start, text);
        assert.ok(citation.end <= text.length, text);
        assert.match(citation.number, /^\d{1,3}(?:\.\d{1,4}(?:-\d{1,4})*)?$/);
        assert.match(citation.paragraph, /^(?:\([A-Za-z0-9]+\))*$/);
        end = citation.end;
      }
      for (const suffix of parseSuffixes(text)) {
        assert.match(suffix.suffix, /^7\d{3}$/);
        assert.equal(suffix.end - suffix.start, 4);
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("hostile text of 20,000 characters takes time in proportion to its length", () => {
  const units = [
    "15.4(",
    "15.403-1(a)",
    "15.403-1(b)(1) through (b)(5), ",
    "FAR ",
    "FAR 15 ",
    "1.",
    "1-1",
    "7012/",
    "(a)",
    "clause 7012, ",
    "252.204-7008, -7009",
    "part 1, 2, ",
    " ",
    "paragraph (a) of ",
    "9".repeat(50),
    "alt I of ",
    "u.s.c.",
  ];
  for (const unit of units) {
    // The quickest of three: the machine that runs the tests may be busy with other things.
    const time = (length: number) => {
      const text = unit.repeat(Math.ceil(length / unit.length));
      return Math.min(...[1, 2, 3].map(() => {
        const started = performance.now();
        parseCitations(text);
        parseSuffixes(text);
        return performance.now() - started;
      }));
    };
    time(2_000);
    const short = time(20_000);
    const long = time(80_000);
    assert.ok(short < 500, `${JSON.stringify(unit)}: ${short} ms`);
    // Four times the text: a quadratic reading would take sixteen times as long.
    assert.ok(long < 10 * short + 200, `${JSON.stringify(unit)}: ${short} ms, then ${long} ms`);
  }
});

const corpus = roughSections();

Deno.test({
  name: "every section of the FAR and DFARS is found by its number in every notation",
  ignore: corpus === undefined,
  fn() {
    for (const section of corpus!) {
      const match = /^(\d+)\.(\d+)((?:-\d+)*)$/.exec(section.number)!;
      const number = { part: Number(match[1]), digits: match[2], suffix: match[3] };
      // Two suffixes ("206.302-3-70") have no form with spaces or points.
      const notations = number.suffix.lastIndexOf("-") > 0 ? NOTATIONS.slice(0, 14) : NOTATIONS;
      for (const notation of notations) {
        const text = notation(number, section.collection.toUpperCase());
        const found = parseCitations(`what is ${text}?`);
        assert.deepEqual(
          found.map((citation) => [citation.regulation, citation.number]),
          [[section.collection, section.number]],
          text,
        );
      }
    }
  },
});
