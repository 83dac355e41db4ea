import assert from "node:assert/strict";
import type { AnswerCitation, PassageView } from "../lib/answer/types.ts";
import { readMarks } from "./quote_marks.ts";
import { alsoFound, sourcesOf } from "./sources.ts";

const long = "word ".repeat(300);
const sectionText = `(a) First paragraph.\n(b) ${long}the quoted words ${long}end.\n(c) Last.`;

function passage(section: string, text = sectionText): PassageView {
  return {
    regulation: "far",
    section,
    title: "Tents",
    path: "FAR › Part 98",
    anchor: "a",
    text,
    start: 0,
    end: text.length,
    kind: "regulation",
    why: [],
  };
}

function citation(quote: string, more: Partial<AnswerCitation> = {}): AnswerCitation {
  const start = sectionText.indexOf(quote);
  return {
    index: 1,
    regulation: "far",
    section: "98.101",
    title: "Tents",
    paragraph: "(b)",
    anchor: "b",
    quote,
    start,
    end: start + quote.length,
    kind: "regulation",
    at: 0,
    ...more,
  };
}

function marked(source: { text: string; quotes: { start: number; end: number }[] }): string[] {
  return source.quotes.map(({ start, end }) => source.text.slice(start, end));
}

Deno.test("a source shows the paragraph of the quoted words, not its neighbors", () => {
  const [source] = sourcesOf([citation("First paragraph.")], [passage("98.101")]);
  assert.equal(source.text, "(a) First paragraph.");
  assert.deepEqual(marked(source), ["First paragraph."]);
  assert.equal(source.label, "FAR 98.101(b)");
});

Deno.test("a long paragraph is cut at words on both sides, the quoted words whole", () => {
  const [source] = sourcesOf([citation("the quoted words")], [passage("98.101")]);
  assert.ok(source.text.length < 900, `${source.text.length} characters`);
  assert.match(source.text, /^… word .* the quoted words .* word …$/);
  assert.deepEqual(marked(source), ["the quoted words"]);
});

Deno.test("citations of one number are one source with several quotes", () => {
  const [source, ...more] = sourcesOf(
    [
      citation("the quoted"),
      citation("words", {
        start: sectionText.indexOf("words"),
        end: sectionText.indexOf("words") + 5,
      }),
    ],
    [passage("98.101")],
  );
  assert.deepEqual(more, []);
  assert.deepEqual(marked(source), ["the quoted", "words"]);
});

Deno.test("without a passage the quote itself is shown", () => {
  const [source] = sourcesOf([citation("First paragraph.")], []);
  assert.equal(source.text, "First paragraph.");
  assert.deepEqual(marked(source), ["First paragraph."]);
});

Deno.test("the link marks the same words on the section's page", () => {
  const [source] = sourcesOf([citation("the quoted words")], [passage("98.101")]);
  const url = new URL(source.href!, "http://localhost");
  assert.equal(url.pathname, "/far/98.101");
  assert.equal(url.hash, "#b");
  const { ranges } = readMarks(url.searchParams.get("mark"), sectionText);
  assert.deepEqual(ranges.map((r) => sectionText.slice(r.start, r.end)), ["the quoted words"]);
});

Deno.test("a summary is not marked on the regulation's page, and an upload has no page", () => {
  const sources = sourcesOf([
    citation("First paragraph.", { kind: "brief" }),
    citation("First paragraph.", { index: 2, regulation: "uploads", section: "3" }),
  ], []);
  assert.equal(sources[0].href, "/far/98.101");
  assert.equal(sources[1].href, undefined);
  assert.equal(sources[1].official, undefined);
});

Deno.test("sections that are cited are not listed as also found, others once", () => {
  const others = alsoFound(
    [citation("First paragraph.")],
    [passage("98.101"), passage("98.102"), passage("98.102"), passage("98.103")],
  );
  assert.deepEqual(others.map((one) => one.section), ["98.102", "98.103"]);
});
