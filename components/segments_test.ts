import assert from "node:assert/strict";
import fc from "fast-check";
import { segments, type TextRange } from "./segments.ts";

const text = "See 15.404-1(b) for price analysis.";

function flat(ranges: TextRange[], from?: number, to?: number) {
  return segments(text, ranges, from, to).flatMap((linked) =>
    linked.runs.flatMap((run) =>
      run.pieces.map((piece) =>
        [
          piece.text,
          linked.href ?? "",
          run.mark ? "mark" : "",
          piece.styles.join("+"),
        ].join("|")
      )
    )
  );
}

Deno.test("a text without ranges is one piece", () => {
  assert.deepEqual(flat([]), [`${text}|||`]);
});

Deno.test("a mark that begins inside a link and ends in italics is cut at each boundary", () => {
  assert.deepEqual(
    flat([
      { start: 4, end: 15, href: "/far/15.404-1#b" },
      { start: 10, end: 25, mark: true },
      { start: 20, end: 34, style: "italic" },
    ]),
    [
      "See |||",
      "15.404|/far/15.404-1#b||",
      "-1(b)|/far/15.404-1#b|mark|",
      " for ||mark|",
      "price||mark|italic",
      " analysis|||italic",
      ".|||",
    ],
  );
});

Deno.test("a link stays one element when a mark cuts it", () => {
  const linked = segments(text, [
    { start: 4, end: 15, href: "/x" },
    { start: 0, end: 8, mark: true },
  ]);
  assert.deepEqual(linked.map((run) => run.href), [undefined, "/x", undefined]);
  assert.deepEqual(linked[1].runs.map((run) => run.mark), [true, false]);
});

Deno.test("of two overlapping links the first wins", () => {
  const hrefs = segments(text, [
    { start: 4, end: 15, href: "/a" },
    { start: 12, end: 20, href: "/b" },
  ]).map((run) => run.href);
  assert.deepEqual(hrefs, [undefined, "/a", undefined]);
});

Deno.test("a window prints only its part, with ranges cut to it", () => {
  assert.deepEqual(
    flat([{ start: -5, end: 6, mark: true }, { start: 9, end: 999, style: "bold" }], 4, 15),
    [
      "15||mark|",
      ".40|||",
      "4-1(b)|||bold",
    ],
  );
});

Deno.test("backward and empty ranges change nothing", () => {
  assert.deepEqual(flat([{ start: 9, end: 4, mark: true }, { start: 5, end: 5, mark: true }]), [
    `${text}|||`,
  ]);
});

Deno.test("whatever the ranges, no character is lost, added or moved", () => {
  const range = fc.record({
    start: fc.integer({ min: -5, max: 60 }),
    end: fc.integer({ min: -5, max: 60 }),
    mark: fc.boolean(),
    href: fc.option(fc.constantFrom("/a", "/b"), { nil: undefined }),
    style: fc.option(fc.constantFrom("italic" as const, "bold" as const), { nil: undefined }),
  });
  fc.assert(
    fc.property(
      fc.string({ maxLength: 50, unit: "binary" }),
      fc.array(range, { maxLength: 8 }),
      (s, ranges) => {
        const joined = segments(s, ranges).flatMap((l) =>
          l.runs.flatMap((r) => r.pieces.map((p) => p.text))
        ).join("");
        assert.equal(joined, s);
      },
    ),
  );
});
