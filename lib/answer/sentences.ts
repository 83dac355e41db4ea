/**
 * Where sentences of regulation text begin and end. General splitters break "41 U.S.C. 3304", "Pub. L. 85-804" and
 * "(e.g., a $500,000 modification)"; the eCFR's text also has sentences with no space between ("July 1, 2018.When").
 */

/** A half-open range of the text that was split. */
export interface SentenceRange {
  start: number;
  end: number;
  /** A run-in heading such as "General." in front of the paragraph's first real sentence. */
  heading: boolean;
}

/** Words whose full stop does not end a sentence; compared without case. */
const ABBREVIATIONS = new Set(
  ("u.s u.s.c c.f.r e.g i.e e.o d.c no nos stat pub sec secs inc co corp ltd dr mr mrs ms vs v cf al seq " +
    "jan feb mar apr jun jul aug sept sep oct nov dec dept gov adm para paras art fig ch approx est rev ed gen " +
    "p.m a.m fed reg op app ref attn ext st vol supp")
    .split(" "),
);

const CLOSERS = /[)\]”’"']/;
const OPENERS = /[A-Z0-9“"‘'([$§•]/;

/** Designators in front of a paragraph: "(a)", "(c)(1)", "(1) ", "(i)". */
const DESIGNATORS = /^\s*(?:\((?:[a-z]{1,4}|[A-Z]{1,4}|\d{1,3}|[ivxlIVXL]{1,6})\)\s*)+/;

/**
 * The sentences of `text` between `from` and `to`, in order, without the white space around them and without the
 * paragraph's designator. Semicolons don't end a sentence. Returns an empty list when nothing but white space and
 * a designator is there.
 */
export function sentencesOf(text: string, from = 0, to = text.length): SentenceRange[] {
  const designator = DESIGNATORS.exec(text.slice(from, Math.min(to, from + 40)));
  const begin = from + (designator ? designator[0].length : 0);
  const ranges: SentenceRange[] = [];
  let start = begin;
  for (const end of boundaries(text, begin, to)) {
    const range = trimmed(text, start, end);
    if (range) ranges.push({ ...range, heading: false });
    start = end;
  }
  if (ranges.length > 1 && isHeading(text.slice(ranges[0].start, ranges[0].end))) {
    ranges[0].heading = true;
  }
  return ranges;
}

/** Whether the words are a heading run in before the text: a few words without a verb of obligation. */
function isHeading(sentence: string): boolean {
  const words = sentence.split(/\s+/);
  if (words.length > 9 || sentence.length > 90) return false;
  return !/\b(?:shall|must|may|is|are|will|has|have|see|applies|means|does|do|was|were|should|can|cannot)\b/i
    .test(sentence);
}

/** Offsets just after the last character of each sentence; the last is always `to`. */
function boundaries(text: string, from: number, to: number): number[] {
  const closing = closingOf(text, from, to);
  const ends: number[] = [];
  let inside = -1; // end of the parenthesis we are in
  for (let at = from; at < to; at++) {
    const character = text[at];
    if (character === "(" && at > inside && closing.has(at)) inside = closing.get(at)!;
    if (character === "\n" && at > inside) {
      ends.push(at);
      continue;
    }
    if (character !== "." && character !== "?" && character !== "!") continue;
    if (at < inside) continue;
    let end = at + 1;
    while (end < to && CLOSERS.test(text[end])) end++;
    if (end >= to) break;
    if (character === "." && isAbbreviation(text, from, at)) continue;
    const rest = text.slice(end, Math.min(to, end + 3));
    const spaced = /^\s+/.test(rest) && OPENERS.test(text.slice(end).trimStart()[0] ?? "");
    const joined = end === at + 1 && /[a-z0-9)]/.test(text[at - 1] ?? "") &&
      /^[A-Z][a-z]/.test(rest);
    if (spaced || joined) ends.push(end);
  }
  ends.push(to);
  return ends;
}

/** For every "(" that is closed within 600 characters, where its ")" is. */
function closingOf(text: string, from: number, to: number): Map<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  for (let at = from; at < to; at++) {
    if (text[at] === "(") open.push(at);
    else if (text[at] === ")" && open.length) {
      const start = open.pop()!;
      if (at - start <= 600) closing.set(start, at);
    }
  }
  return closing;
}

function isAbbreviation(text: string, from: number, dot: number): boolean {
  const before = /[A-Za-z.]+$/.exec(text.slice(Math.max(from, dot - 12), dot))?.[0] ?? "";
  if (/^(?:[A-Z]|.*\.[A-Za-z])$/.test(before)) return true; // an initial, or "U.S", "i.e"
  return ABBREVIATIONS.has(before.toLowerCase());
}

function trimmed(
  text: string,
  start: number,
  end: number,
): { start: number; end: number } | undefined {
  while (start < end && /\s/.test(text[start])) start++;
  while (end > start && /\s/.test(text[end - 1])) end--;
  return start < end ? { start, end } : undefined;
}
