/** What stands beside an answer: the cited paragraphs with the cited words, and the other passages found. */
import type { AnswerCitation, PassageView } from "../lib/answer/types.ts";
import type { Collection } from "../lib/regulation/types.ts";
import { citationLabel, officialLinks, sectionHref } from "../lib/regulation/links.ts";
import { markParameter } from "./quote_marks.ts";

/** One numbered source of an answer. */
export interface Source {
  index: number;
  kind: AnswerCitation["kind"];
  collection: Collection;
  section: string;
  /** "FAR 15.403-4(a)(1)". */
  label: string;
  title: string;
  /** The paragraphs around the quoted words, as far as the passage has them. */
  text: string;
  /** The quoted words in `text`. */
  quotes: { start: number; end: number }[];
  /** The paragraph in FARchat, its words marked; absent for uploads. */
  href?: string;
  official?: { ecfr: string; acquisition: string };
}

/** Sources in the order of their numbers; citations that share a number are one source. */
export function sourcesOf(citations: AnswerCitation[], passages: PassageView[]): Source[] {
  const groups = new Map<number, AnswerCitation[]>();
  for (const citation of citations) {
    groups.set(citation.index, [...groups.get(citation.index) ?? [], citation]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => sourceOf(group, passages));
}

/** Passages whose section no citation names, one a section, best first. */
export function alsoFound(citations: AnswerCitation[], passages: PassageView[]): PassageView[] {
  const seen = new Set(citations.map((citation) => `${citation.regulation} ${citation.section}`));
  return passages.filter((passage) => {
    const key = `${passage.regulation} ${passage.section}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Where a passage can be read in FARchat; undefined for uploads. */
export function passageHref(passage: PassageView): string | undefined {
  if (passage.regulation === "uploads") return undefined;
  return sectionHref(passage.regulation, passage.section, passage.anchor || undefined);
}

function sourceOf(group: AnswerCitation[], passages: PassageView[]): Source {
  const first = group[0];
  const { regulation, section, kind } = first;
  const start = Math.min(...group.map((citation) => citation.start));
  const end = Math.max(...group.map((citation) => citation.end));
  // The passage is what the answer was written from; it has the words around the quote.
  const passage = passages.find((candidate) =>
    candidate.regulation === regulation && candidate.section === section &&
    candidate.kind === kind && candidate.start <= start && candidate.end >= end
  );
  const shown = passage ? around(passage, start, end) : { text: first.quote, offset: first.start };
  const quotes = group
    .map((citation) => ({
      start: Math.max(0, citation.start - shown.offset),
      end: Math.min(shown.text.length, citation.end - shown.offset),
    }))
    .filter((quote) => quote.start < quote.end);
  const before = cutBefore(shown.text, Math.min(...quotes.map((quote) => quote.start)));
  const after = cutAfter(shown.text, Math.max(...quotes.map((quote) => quote.end)));
  return {
    index: first.index,
    kind,
    collection: regulation,
    section,
    label: citationLabel(regulation, section, first.paragraph || undefined),
    title: first.title,
    text: before.mark + shown.text.slice(before.at, after.at) + after.mark,
    quotes: quotes.map((quote) => ({
      start: quote.start - before.at + before.mark.length,
      end: quote.end - before.at + before.mark.length,
    })),
    href: regulation === "uploads" ? undefined : hrefOf(first, group),
    official: regulation === "uploads"
      ? undefined
      : officialLinks(regulation, section, first.paragraph || undefined),
  };
}

/** As much as is shown of a long paragraph on either side of the quoted words, in characters. */
const CONTEXT = 420;

/** Where the text before a quote begins: at its beginning, or at a word with an ellipsis before it. */
function cutBefore(text: string, quote: number): { at: number; mark: string } {
  if (quote <= CONTEXT) return { at: 0, mark: "" };
  const space = text.indexOf(" ", quote - CONTEXT);
  return space < 0 || space >= quote ? { at: quote, mark: "… " } : { at: space + 1, mark: "… " };
}

/** Where the text after a quote ends. */
function cutAfter(text: string, quote: number): { at: number; mark: string } {
  if (text.length - quote <= CONTEXT) return { at: text.length, mark: "" };
  const space = text.lastIndexOf(" ", quote + CONTEXT);
  return { at: space <= quote ? quote : space, mark: " …" };
}

function hrefOf(first: AnswerCitation, group: AnswerCitation[]): string {
  const address = sectionHref(
    first.regulation as "far" | "dfars",
    first.section,
    first.anchor || undefined,
  );
  if (first.kind === "brief") return address.split("#")[0];
  const [path, anchor] = address.split("#");
  const mark = markParameter(
    group.map(({ start, end, quote }) => ({ start, end, words: quote })),
  );
  return `${path}?mark=${mark}${anchor ? `#${anchor}` : ""}`;
}

/** The whole paragraphs of a passage that hold the words from `start` to `end` (offsets of the section). */
function around(
  passage: PassageView,
  start: number,
  end: number,
): { text: string; offset: number } {
  const from = passage.text.lastIndexOf("\n", start - passage.start - 1) + 1;
  const newline = passage.text.indexOf("\n", end - passage.start);
  const to = newline < 0 ? passage.text.length : newline;
  return { text: passage.text.slice(from, to), offset: passage.start + from };
}
