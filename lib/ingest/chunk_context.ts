/** The words put in front of a chunk so that it can be understood, and found, by itself. */
import type { Paragraph, Section } from "../regulation/types.ts";
import type { TokenCounter } from "./token_counter.ts";

/** Tokens that headings may take of the model's 256. */
export const HEADING_TOKENS = 60;
/** Tokens that the lead-in may take. */
export const LEAD_IN_TOKENS = 56;
/** A paragraph above with no more tokens than this is quoted whole. */
const WHOLE_LEAD_IN = 24;
/** Tokens of its own beginning that the rest of a long paragraph carries. */
const OWN_BEGINNING = 16;

/**
 * The headings over a section: "FAR Part 15 Contracting by Negotiation > Contract Pricing > 15.403-4 Requiring
 * certified cost or pricing data". Clauses leave out part and subpart, which are the same for all of them. Where
 * it would be longer than HEADING_TOKENS, outer headings are left out and the title is cut.
 */
export function headingOf(section: Section, counter: TokenCounter): string {
  const own = `${section.number} ${section.title}${section.reserved ? " (reserved)" : ""}`.trim();
  if (section.collection === "uploads") return cutToTokens(own, HEADING_TOKENS, counter);
  const regulation = section.collection.toUpperCase();
  if (section.clause) {
    return cutToTokens(`${regulation} ${section.clause.kind} ${own}`, HEADING_TOKENS, counter);
  }
  const part = section.path.find((heading) => heading.type === "part");
  const subpart = section.path.find((heading) => heading.type === "subpart");
  const outer = [
    part && `Part ${part.number} ${readableTitle(part.title)}`,
    subpart && !sameWords(subpart.title, section.title) && readableTitle(subpart.title),
  ].filter((heading) => typeof heading === "string");
  for (; outer.length > 0; outer.pop()) {
    const heading = `${regulation} ${[...outer, own].join(" > ")}`;
    if (counter.of(heading) <= HEADING_TOKENS) return heading;
  }
  return cutToTokens(`${regulation} ${own}`, HEADING_TOKENS, counter);
}

/**
 * What is needed to understand the text from paragraph `index` on when it starts a chunk: the paragraphs it
 * continues, outermost first, shortened: "(c) Exceptions ... (1) The contracting officer shall—". When the chunk
 * starts inside the paragraph, its own beginning too. "" for a paragraph that stands by itself.
 */
export function leadInOf(
  section: Section,
  index: number,
  inside: boolean,
  counter: TokenCounter,
): string {
  const parts: string[] = [];
  let left = LEAD_IN_TOKENS;
  if (inside) {
    const beginning = cutToTokens(textOf(section, index), OWN_BEGINNING, counter);
    parts.push(beginning);
    left -= counter.of(beginning);
  }
  // The nearest says most, so it chooses first.
  for (const ancestor of ancestors(section.paragraphs, index).reverse()) {
    const short = shorten(textOf(section, ancestor), Math.min(left, WHOLE_LEAD_IN * 2), counter);
    if (short === "") continue;
    parts.unshift(short);
    left -= counter.of(short);
    if (left < 8) break;
  }
  return parts.join(" ");
}

/** Every text that `headingOf` and `leadInOf` may count, for the counter to learn. */
export function contextTexts(section: Section): string[] {
  return [
    `FAR DFARS Part clause provision > (reserved) … ${section.number} ${section.title}`,
    ...section.path.map((heading) => `${heading.number} ${readableTitle(heading.title)}`),
    ...section.text.split("\n"),
  ];
}

/** "Contracting by Negotiation" for "CONTRACTING BY NEGOTIATION"; other titles as they are. */
export function readableTitle(title: string): string {
  if (/\p{Ll}/u.test(title)) return title;
  return title.toLowerCase().replace(
    /[\p{L}']+/gu,
    (word, at: number) =>
      at > 0 && SMALL_WORDS.has(word) ? word : word[0].toUpperCase() + word.slice(1),
  );
}

function sameWords(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

const SMALL_WORDS = new Set(
  "a an and as at but by for from in into nor of on or over the to under with".split(" "),
);

function textOf(section: Section, index: number): string {
  const { start, end } = section.paragraphs[index];
  return section.text.slice(start, end).replace(/\s+/g, " ").trim();
}

/** Indices of the paragraphs that a paragraph continues, outermost first: each with a lower level than the next. */
function ancestors(paragraphs: readonly Paragraph[], index: number): number[] {
  const found: number[] = [];
  let level = paragraphs[index].level;
  for (let i = index - 1; i >= 0 && level > 0; i--) {
    const { kind } = paragraphs[i];
    if (kind === "heading") break;
    if (kind !== "text" && kind !== "definition") continue;
    if (paragraphs[i].level < level) {
      found.unshift(i);
      level = paragraphs[i].level;
    }
  }
  return found;
}

/** At most `tokens` of a paragraph that leads in: whole when short, else its last sentence when that leads on. */
function shorten(text: string, tokens: number, counter: TokenCounter): string {
  if (tokens <= 0 || text === "") return "";
  if (counter.of(text) <= Math.min(tokens, WHOLE_LEAD_IN)) return text;
  if (/[—:-]$/.test(text)) {
    const last = text.split(/(?<=[.;])\s+/).at(-1)!;
    if (last !== text && last.length > 10 && counter.of(last) + 8 <= tokens) {
      return `${cutToTokens(text, 7, counter)} ${last}`;
    }
  }
  return cutToTokens(text, tokens, counter);
}

/** The first words of a text, "…" after them when some were left out; at most `tokens`. */
export function cutToTokens(text: string, tokens: number, counter: TokenCounter): string {
  if (counter.of(text) <= tokens) return text;
  const words = text.split(" ");
  let kept = "";
  let sum = 1; // for the "…"
  for (const word of words) {
    sum += counter.of(word);
    if (sum > tokens) break;
    kept = kept === "" ? word : `${kept} ${word}`;
  }
  return kept === "" ? "" : `${kept} …`;
}
