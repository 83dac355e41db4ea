/**
 * No citation is shown that the stored text does not bear out. A quote is always cut from the stored text here,
 * never taken from whoever claims it, and belongs to the innermost paragraph that holds all of it.
 */
import type { Collection, Paragraph } from "../regulation/types.ts";
import type { AnswerCitation } from "./types.ts";

/** What a citation is checked against. */
export interface CitedSection {
  collection: Collection;
  number: string;
  title: string;
  text: string;
  paragraphs: Paragraph[];
}

/** A half-open range of a section's text. */
export interface TextSpan {
  start: number;
  end: number;
}

/** The citation of a range of the stored text; undefined when the range is empty or outside it. */
export function citeRange(
  section: CitedSection,
  span: TextSpan,
  where: { index: number; at: number },
): AnswerCitation | undefined {
  const { start, end } = span;
  if (!(start >= 0 && start < end && end <= section.text.length)) return undefined;
  const quote = section.text.slice(start, end);
  if (!quote.trim()) return undefined;
  return {
    index: where.index,
    regulation: section.collection,
    section: section.number,
    title: section.title,
    ...paragraphOf(section.paragraphs, span),
    quote,
    start,
    end,
    kind: "regulation",
    at: where.at,
  };
}

/** Whether a citation still says what the stored text says, letter by letter. */
export function bearsOut(section: { text: string }, citation: AnswerCitation): boolean {
  return citation.quote !== "" &&
    citation.quote === section.text.slice(citation.start, citation.end);
}

/**
 * Designator and anchor of the innermost paragraph that holds the range. A range over several paragraphs belongs to
 * the one above them all: a lead-in "(b)" with its items "(b)(1)" and "(b)(2)" is "(b)".
 */
export function paragraphOf(
  paragraphs: Paragraph[],
  span: TextSpan,
): { paragraph: string; anchor: string } {
  const touched = paragraphs.filter((p) => p.start < span.end && p.end > span.start);
  if (touched.length === 0) return { paragraph: "", anchor: "" };
  const first = touched[0];
  // Paragraphs without a designator (a table's second cell, a closing line) belong to the one before them.
  const named = touched.filter((p) => p.designator !== "");
  if (touched.length === 1 || (named.length === 1 && first.designator !== "")) {
    return { paragraph: first.designator, anchor: first.anchor };
  }
  let common = steps(first.designator);
  for (const { designator } of first.designator ? named.slice(1) : touched.slice(1)) {
    const other = steps(designator);
    let same = 0;
    while (same < common.length && common[same] === other[same]) same++;
    common = common.slice(0, same);
  }
  const designator = common.join("");
  const holder = paragraphs.find((p) => p.designator === designator && p.start <= first.start);
  // Without a paragraph above them the citation opens at the first one and names the whole section.
  return designator && holder
    ? { paragraph: designator, anchor: holder.anchor }
    : { paragraph: designator, anchor: first.anchor };
}

/** "(a)(1)(i)" as ["(a)", "(1)", "(i)"]. */
function steps(designator: string): string[] {
  return designator.match(/\([^)]*\)/g) ?? [];
}

/**
 * Where the quoted words stand in the text, looked for letter by letter, then without regard to white space, then
 * also to kinds of quotation marks and kinds of dashes. Undefined when they are not there.
 */
export function locate(text: string, quote: string, within?: TextSpan): TextSpan | undefined {
  const from = within?.start ?? 0;
  const to = within?.end ?? text.length;
  const exact = text.indexOf(quote, from);
  if (quote.trim() && exact >= 0 && exact + quote.length <= to) {
    return { start: exact, end: exact + quote.length };
  }
  const needle = withoutSpaces(quote, 0, quote.length);
  if (!needle.letters) return undefined;
  const hay = withoutSpaces(text, from, to);
  let found = hay.letters.indexOf(needle.letters);
  if (found < 0) found = marksAlike(hay.letters).indexOf(marksAlike(needle.letters));
  if (found < 0) return undefined;
  return { start: hay.offsets[found], end: hay.offsets[found + needle.letters.length - 1] + 1 };
}

/** The text's letters without white space, and where each stood. */
function withoutSpaces(
  text: string,
  from: number,
  to: number,
): { letters: string; offsets: number[] } {
  let letters = "";
  const offsets: number[] = [];
  for (let at = from; at < to; at++) {
    if (/\s/.test(text[at])) continue;
    letters += text[at];
    offsets.push(at);
  }
  return { letters, offsets };
}

/** The letters with one kind of quotation mark and one of dash; as many as before. */
function marksAlike(letters: string): string {
  return letters.replace(/[“”„‟]/g, '"').replace(/[‘’‚‛]/g, "'").replace(/[‐‑‒–—―−]/g, "-");
}
