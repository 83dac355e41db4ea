import assert from "node:assert/strict";
import fc from "fast-check";
import { type Item, placeDesignators } from "./designators.ts";

/** The designators of plain paragraphs, one a placement; "." for none. */
function designate(...texts: string[]): string[] {
  return placeDesignators(texts.map((text) => ({ text, role: "plain" }))).map((place) =>
    place.labels.map((label) => `(${label})`).join("") || "."
  );
}

Deno.test("all six levels nest", () => {
  assert.deepEqual(
    designate("(a) A", "(1) B", "(i) C", "(A) D", "(1) E", "(i) F", "(ii) G", "(2) H", "(B) I"),
    [
      "(a)",
      "(a)(1)",
      "(a)(1)(i)",
      "(a)(1)(i)(A)",
      "(a)(1)(i)(A)(1)",
      "(a)(1)(i)(A)(1)(i)",
      "(a)(1)(i)(A)(1)(ii)",
      "(a)(1)(i)(A)(2)",
      "(a)(1)(i)(B)",
    ],
  );
});

Deno.test("(i) after (h) is the letter when (j) follows", () => {
  assert.deepEqual(designate("(g) A", "(h) B", "(i) C", "(j) D").slice(1), ["(h)", "(i)", "(j)"]);
  assert.deepEqual(
    designate("(h) A", "(1) B", "(2) C", "(i) D", "(1) E", "(2) F", "(j) G").slice(3),
    ["(i)", "(i)(1)", "(i)(2)", "(j)"],
  );
});

Deno.test("(i) after (h) is roman when (ii) follows", () => {
  assert.deepEqual(
    designate("(g) A", "(h) B", "(1) C-", "(i) D", "(ii) E", "(2) F", "(i) G").slice(2),
    ["(h)(1)", "(h)(1)(i)", "(h)(1)(ii)", "(h)(2)", "(i)"],
  );
});

Deno.test("(v), (x) and (l) are read by their neighbours", () => {
  assert.deepEqual(
    designate("(u) A", "(1) B", "(i) C", "(ii) D", "(iii) E", "(iv) F", "(v) G", "(v) H", "(w) I")
      .slice(5),
    ["(u)(1)(iv)", "(u)(1)(v)", "(v)", "(w)"],
  );
  assert.deepEqual(designate("(k) A", "(l) B", "(m) C"), ["(k)", "(l)", "(m)"]);
  assert.deepEqual(designate("(w) A", "(x) B", "(y) C", "(z) D", "(aa) E", "(bb) F").slice(1), [
    "(x)",
    "(y)",
    "(z)",
    "(aa)",
    "(bb)",
  ]);
});

Deno.test("what follows decides whether (2) closes one list or two", () => {
  const start = ["(i) A", "(A) B if-", "(1) C", "(2) D"];
  assert.deepEqual(designate("(1) Z-", ...start, "(B) E", "(2) F").slice(4), [
    "(1)(i)(A)(2)",
    "(1)(i)(B)",
    "(2)",
  ]);
});

Deno.test("several designators at the beginning of a paragraph, alone or without a space", () => {
  assert.deepEqual(designate("(a)(1) A", "(2) B", "(b)", "(1)", "(i)All", "(ii)Every"), [
    "(a)(1)",
    "(a)(2)",
    "(b)",
    "(b)(1)",
    "(b)(1)(i)",
    "(b)(1)(ii)",
  ]);
});

Deno.test("a designator run in after a heading is parted from it when its list goes on", () => {
  assert.deepEqual(designate("(a) General. (1) First words.", "(2) More.", "(b) End."), [
    "(a)",
    "(a)(1)",
    "(a)(2)",
    "(b)",
  ]);
});

Deno.test("a list inside a sentence stays in its paragraph", () => {
  assert.deepEqual(
    designate("(a) Do this: (1) First; and (2) Second.", "(b) Then stop."),
    ["(a)", "(b)"],
  );
});

Deno.test("a reserved range counts up to its end", () => {
  assert.deepEqual(designate("(a) A", "(b)-(d) [Reserved]", "(e) B"), ["(a)", "(b)", "(e)"]);
  assert.deepEqual(designate("(a) A", "(b) through (h) [Reserved]", "(i) B", "(j) C").slice(2), [
    "(i)",
    "(j)",
  ]);
});

Deno.test("a parenthesis that is no designator is none", () => {
  assert.deepEqual(designate("(a) A", "(see 15.404) and so on", "(b) B", "(End of clause)"), [
    "(a)",
    ".",
    "(b)",
    ".",
  ]);
  assert.deepEqual(designate("(a) A", "(c)(3), or (d) of the clause, must", "(b) B")[1], ".");
});

Deno.test("an undesignated paragraph between two items leaves the list open", () => {
  assert.deepEqual(designate("(a) A", "(1) B", "More about B.", "(2) C"), [
    "(a)",
    "(a)(1)",
    ".",
    "(a)(2)",
  ]);
});

Deno.test("lists may begin with (1), (i) or (A)", () => {
  assert.deepEqual(designate("(1) A", "(i) B", "(A) C", "(2) D"), [
    "(1)",
    "(1)(i)",
    "(1)(i)(A)",
    "(2)",
  ]);
  assert.deepEqual(designate("(i) A", "(ii) B", "(A) C", "(iii) D"), [
    "(i)",
    "(ii)",
    "(ii)(A)",
    "(iii)",
  ]);
  assert.deepEqual(designate("(A) A", "(B) B"), ["(A)", "(B)"]);
});

Deno.test("gaps in a list do not change its level", () => {
  assert.deepEqual(designate("(b) A", "(d)(i) B", "(ii) C"), ["(b)", "(d)(i)", "(d)(ii)"]);
  assert.deepEqual(designate("(a) A", "(1) B", "(m) C", "(n) D"), ["(a)", "(a)(1)", "(m)", "(n)"]);
});

Deno.test("the DFARS' (S-70) ends the outermost list that does not go on after it", () => {
  assert.deepEqual(designate("(b) A", "(d)(i) B", "(ii) C", "(S-70) D", "(1) E").slice(3), [
    "(S-70)",
    "(S-70)(1)",
  ]);
  assert.deepEqual(designate("(a) A-", "(1) B", "(67) C", "(S-70) D", "(b) E").slice(3), [
    "(a)(S-70)",
    "(b)",
  ]);
});

Deno.test("an alternate starts its own lists and may print any of the paragraphs", () => {
  const items: Item[] = [
    { text: "(a) A", role: "plain" },
    { text: "(b) B", role: "plain" },
    { text: "Alternate I", role: "alternate" },
    { text: "(a) C", role: "plain" },
    { text: "(1) D", role: "plain" },
    { text: "(l) E", role: "plain" },
  ];
  const places = placeDesignators(items);
  assert.deepEqual(places.slice(3).map((place) => place.labels.join("-")), ["a", "a-1", "l"]);
  assert.deepEqual(places.slice(3).map((place) => place.alternate), [2, 2, 2]);
});

Deno.test("a definition has lists of its own and does not break the list around it", () => {
  const items: Item[] = [
    { text: "(a) Definitions. As used here-", role: "plain" },
    { text: "Thing means-", role: "definition" },
    { text: "(1) One;", role: "plain" },
    { text: "(i) Its part; and", role: "plain" },
    { text: "(2) Two.", role: "plain" },
    { text: "Other means that.", role: "definition" },
    { text: "(b) Policy.", role: "plain" },
    { text: "(1) Do it.", role: "plain" },
  ];
  const places = placeDesignators(items);
  assert.deepEqual(places.map((place) => place.labels.join("-")), [
    "a",
    "",
    "1",
    "1-i",
    "2",
    "",
    "b",
    "b-1",
  ]);
  assert.deepEqual(places.map((place) => place.definition), [
    undefined,
    1,
    1,
    1,
    1,
    5,
    undefined,
    undefined,
  ]);
});

Deno.test("italic numerals are levels five and six where a section has them", () => {
  const italic = (offset: number) => offset === 1;
  const items: Item[] = [
    { text: "(a) A", role: "plain" },
    { text: "(1) B", role: "plain" },
    { text: "(i) C", role: "plain" },
    { text: "(A) D", role: "plain" },
    { text: "(1) E", role: "plain", italic },
    { text: "(2) F", role: "plain" },
  ];
  assert.deepEqual(placeDesignators(items).map((place) => place.labels.join("-")).slice(4), [
    "a-1-i-A-1",
    "a-2",
  ]);
});

/** A random outline in the regulation's own order of levels, written out as paragraphs. */
const KINDS = ["lower", "number", "roman", "upper"] as const;
const ROMANS = "i ii iii iv v vi vii viii ix x xi xii".split(" ");
function label(kind: (typeof KINDS)[number], ordinal: number): string {
  if (kind === "number") return String(ordinal);
  if (kind === "roman") return ROMANS[ordinal - 1];
  const letter = String.fromCharCode("a".charCodeAt(0) + ordinal - 1);
  return kind === "lower" ? letter : letter.toUpperCase();
}
type Tree = { children: Tree[] };
const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.record({
    children: fc.oneof(
      { depthSize: "small" },
      fc.constant<Tree[]>([]),
      fc.array(tie("tree"), { minLength: 2, maxLength: 5 }),
    ),
  }),
})).tree;

Deno.test("any well-formed outline is read back as it was written", () => {
  fc.assert(
    fc.property(fc.array(tree, { minLength: 2, maxLength: 12 }), (roots) => {
      const texts: string[] = [];
      const expected: string[] = [];
      const write = (nodes: Tree[], depth: number, path: string) => {
        if (depth >= KINDS.length) return;
        nodes.forEach((node, index) => {
          const own = `(${label(KINDS[depth], index + 1)})`;
          const opens = node.children.length > 0 && depth + 1 < KINDS.length;
          texts.push(`${own} Words${opens ? "-" : "."}`);
          expected.push(path + own);
          write(node.children, depth + 1, path + own);
        });
      };
      write(roots, 0, "");
      assert.deepEqual(designate(...texts), expected);
    }),
    { numRuns: 150 },
  );
});

Deno.test("hostile labels end quickly and lose no paragraph", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.array(fc.constantFrom("a", "i", "v", "1", "2", "A", "x", "ii"), { maxLength: 4 }),
        {
          maxLength: 60,
        },
      ),
      (rows) => {
        const texts = rows.map((row) => row.map((one) => `(${one})`).join("") + " Words");
        const places = placeDesignators(texts.map((text) => ({ text, role: "plain" })));
        assert.deepEqual([...new Set(places.map((place) => place.item))], texts.map((_, at) => at));
      },
    ),
    { numRuns: 60 },
  );
});
