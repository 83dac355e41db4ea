import assert from "node:assert/strict";
import fc from "fast-check";
import {
  compareNumbers,
  kindOfNumber,
  nearestNumbers,
  partOf,
  regulationOfNumber,
  subpartOf,
} from "./numbers.ts";
import outline from "../../corpus/outline.json" with { type: "json" };
import { roughSections } from "./test_corpus.ts";

Deno.test("subpartOf reads one or two subpart digits and finds none before the first subpart", () => {
  const cases: [string, string | undefined][] = [
    ["15.403", "15.4"],
    ["15.403-4", "15.4"],
    ["22.1006", "22.10"],
    ["225.7001", "225.70"],
    ["219.7103-2", "219.71"],
    ["3.104-1", "3.1"],
    ["1.000", undefined],
    ["2.000", undefined],
    ["9.003", undefined],
    ["204.7304", "204.73"],
    ["52.212-4", "52.2"],
    ["252.204-7012", "252.2"],
    ["201.602-2", "201.6"],
    ["206.302-3-70", "206.3"],
    ["15.4", "15.4"],
    ["22.10", "22.10"],
    ["15", undefined],
    ["nonsense", undefined],
    ["", undefined],
  ];
  for (const [number, expected] of cases) assert.equal(subpartOf(number), expected, number);
});

Deno.test("partOf, kindOfNumber and regulationOfNumber go by the number alone", () => {
  assert.equal(partOf("252.204-7012"), "252");
  assert.equal(partOf("19"), "19");
  assert.equal(kindOfNumber("15.403-4"), "section");
  assert.equal(kindOfNumber("22.10"), "subpart");
  assert.equal(kindOfNumber("270"), "part");
  assert.equal(kindOfNumber("15.403-"), undefined);
  assert.equal(regulationOfNumber("252.204-7012"), "dfars");
  assert.equal(regulationOfNumber("52.212-4"), "far");
  assert.equal(regulationOfNumber("99.999"), "far");
  assert.equal(regulationOfNumber("552.212-4"), undefined);
  assert.equal(regulationOfNumber("1852.215-84"), undefined);
});

Deno.test("numbers sort as the regulation prints them, not as decimals", () => {
  const printed = [
    "1",
    "1.000",
    "1.1",
    "1.101",
    "1.102-1",
    "1.102-2",
    "1.2",
    "1.201",
    "2.101",
    "15.4",
    "15.400",
    "15.401",
    "15.401-1",
    "15.402",
    "22.9",
    "22.901",
    "22.10",
    "22.1000",
    "22.1006",
    "52.219-9",
    "52.219-10",
    "206.302-3",
    "206.302-3-70",
    "206.302-4",
    "225.7",
    "225.701",
    "225.70",
    "225.7001",
    "252.204-7012",
  ];
  assert.deepEqual([...printed].reverse().sort(compareNumbers), printed);
});

Deno.test("compareNumbers is a total order", () => {
  const number = fc.oneof(
    fc.tuple(fc.nat(270), fc.nat(9999), fc.nat(99)).map(([p, s, n]) => `${p}.${s}-${n}`),
    fc.tuple(fc.nat(60), fc.nat(99)).map(([p, s]) => `${p}.${s}`),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(fc.property(number, number, number, (a, b, c) => {
    assert.equal(Math.sign(compareNumbers(a, b)), -Math.sign(compareNumbers(b, a)) + 0);
    if (compareNumbers(a, b) <= 0 && compareNumbers(b, c) <= 0) {
      assert.ok(compareNumbers(a, c) <= 0);
    }
  }));
});

Deno.test("nearestNumbers finds a slip of the keys first, then the printed neighbours", () => {
  const all = ["9.406-2", "15.403-4", "15.404-1", "15.430", "52.219-8", "52.219-9", "252.204-7012"];
  assert.equal(nearestNumbers("15.403-5", all, 1)[0], "15.403-4");
  assert.equal(nearestNumbers("51.403-4", all, 1)[0], "15.403-4");
  assert.equal(nearestNumbers("252.204-7021", all, 1)[0], "252.204-7012");
  assert.equal(nearestNumbers("52.204-7012", all, 1)[0], "252.204-7012");
  assert.equal(nearestNumbers("209.406-2", all, 1)[0], "9.406-2");
  assert.equal(nearestNumbers("52.219-10", all, 2).includes("52.219-9"), true);
  assert.deepEqual(nearestNumbers("15.403-4", all, 0), []);
  assert.equal(nearestNumbers("", all, 3).length, 3);
  assert.equal(nearestNumbers("x".repeat(200), all, 3).length, 3);
});

/** The numbers of the outline that ships, without the reserved ones. */
const outlined = [...outline.far, ...outline.dfars].flatMap((part) =>
  [...part.sections, ...part.subparts.flatMap(({ sections }) => sections)]
    .filter(([, , reserved]) => !reserved)
    .map(([number]) => number as string)
);

Deno.test("of the real numbers, one within a slip of one key is nearest", () => {
  const slips: [typed: string, meant: string][] = [
    ["15.4004-1", "15.404-1"], // a key too many
    ["215.4004-1", "215.404-1"],
    ["52.2199-9", "52.219-9"],
    ["52.212-44", "52.212-4"],
    ["52.21-4", "52.211-4"], // a key too few
    ["252.204-7102", "252.204-7012"], // two swapped
    ["15.430-4", "15.403-4"],
    ["9.460-2", "9.406-2"],
    ["51.403-4", "15.403-4"],
    ["9.406-9", "9.406-5"], // one changed
    ["15.506-3", "15.506"], // a subsection that is not there
    ["252.212-4", "52.212-4"], // the other regulation's
    ["52.204-7012", "252.204-7012"],
  ];
  for (const [typed, meant] of slips) {
    assert.ok(!outlined.includes(typed), `${typed} exists`);
    assert.equal(nearestNumbers(typed, outlined, 1)[0], meant, typed);
  }
});

Deno.test("without a slip, the real numbers of the same family, subpart and part are nearest", () => {
  const near = (typed: string) => nearestNumbers(typed, outlined, 5);
  const clauses = near("52.299-99");
  assert.ok(clauses.every((number) => /^52\.25[23]-/.test(number)), clauses.join(" "));
  const defense = near("252.299-9999");
  assert.ok(defense.every((number) => /^252\.2(?:70|51)-/.test(number)), defense.join(" "));
  assert.ok(near("52.219-77").every((number) => number.startsWith("52.219-")));
  assert.ok(near("12.999").every((number) => number.startsWith("12.")));
  assert.ok(near("9.77").every((number) => number.startsWith("9.")), "a subpart that is not there");
  // Beside what was meant stand its neighbours, not those of the slip.
  assert.ok(near("15.4004-1").every((number) => number.startsWith("15.404")));
  assert.ok(near("52.212-44").slice(0, 3).every((number) => /^52\.2[12]2-/.test(number)));
});

Deno.test("whatever is typed, the nearest are real numbers, each once", () => {
  const typed = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.stringMatching(/^\d{1,3}\.\d{1,5}(-\d{1,5}){0,2}$/),
  );
  fc.assert(
    fc.property(typed, fc.nat(8), (number, limit) => {
      const near = nearestNumbers(number, outlined, limit);
      assert.equal(near.length, limit);
      assert.equal(new Set(near).size, limit);
      assert.ok(near.every((found) => found !== number && outlined.includes(found)));
    }),
    { numRuns: 50 },
  );
});

const corpus = roughSections();

Deno.test({
  name: "in the whole FAR and DFARS, part, subpart, regulation and order follow from the number",
  ignore: corpus === undefined,
  fn() {
    const sections = corpus!;
    assert.equal(sections.length, 5549);
    for (const section of sections) {
      assert.equal(partOf(section.number), section.part);
      assert.equal(regulationOfNumber(section.number), section.collection);
      assert.equal(kindOfNumber(section.number), "section");
      // Part 4's subparts 20 to 23 have lost their subpart element in the official file.
      if (section.subpart !== undefined || subpartOf(section.number) === undefined) {
        assert.equal(subpartOf(section.number), section.subpart);
      } else {
        assert.match(section.number, /^4\.2[0-3]\d\d$/);
      }
    }
    const printed = sections.map((section) => section.number);
    const outOfOrder = printed.filter((number, i) =>
      i > 0 && compareNumbers(printed[i - 1], number) > 0
    );
    // Subpart 253.2 is printed out of order in the official file itself.
    assert.deepEqual(outOfOrder, ["253.209", "253.204"]);
  },
});
