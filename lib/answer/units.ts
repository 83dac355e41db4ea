/**
 * What can be quoted from a section: a sentence, or a lead-in ("The file must contain:") with the items under it.
 * An item alone ("(ii) The item is on a list;") can say the contrary of what its lead-in makes of it ("None of the
 * following is a reason:"), so it is never quoted without.
 */
import type { Paragraph } from "../regulation/types.ts";
import { type SentenceRange, sentencesOf } from "./sentences.ts";

/** A half-open range of the section's text in one of its paragraphs. */
export interface Piece {
  start: number;
  end: number;
  /** Position in the section's list of paragraphs. */
  paragraph: number;
  /** "(a)(2)", or "". */
  designator: string;
}

/** A sentence, or a lead-in with its items, that makes sense when quoted alone. */
export interface Unit extends Piece {
  /** Lead-ins above it that must be quoted with it, outermost first. */
  leads: Piece[];
  /** The items of the list that this sentence introduces; empty for a sentence. */
  items: Piece[];
  /** Titles above it, to understand it by; may be empty. */
  context: string;
  /** The term it defines, for the paragraph of a definition. */
  term?: string;
}

/** A lead-in ends so. The eCFR prints most dashes as a hyphen. */
const LEAD_IN = /(?:[:—–-]|\bfollowing\.)\s*$/;
/** Without a stop at its end, a paragraph with paragraphs under it is a lead-in too: "... unless". */
const STOPPED = /[.;?!)\]”"]\s*$|[;,][”"]?\s*(?:and|or)\s*$/;

/**
 * A lead-in that is only a title ("Standards for exceptions-") changes nothing in what is under it. One with any of
 * these words, or the beginning of a sentence ("The determination-", "(2) May consider ..."), does.
 */
const SAYS_SOMETHING =
  /^(?:the|an?|this|these|such)\b|\b(?:shall|must|may|is|are|will|has|have|can|cannot|does|do|agrees?|means|includes?|no|not|none|unless|except|only|if|when|where|that|which|to|by|following|each|any|all)\b/i;
const GOES_ON = /^(?:\p{Ll}|(?:Shall|Must|May|Is|Are|Will|Has|Have|Can|Cannot|Does|Do|Should)\b)/u;

/** A sentence that leans on the one before it. */
const LEANS =
  /^(?:However|Such|These|This|Those|That|It|They|Otherwise|In (?:this|that|such|these) cases?|In addition|Additionally|Also|Therefore|Accordingly|If so|Similarly|Likewise|For example|Under this|The (?:same|foregoing|above))\b/;

/** The longest quote made by putting a sentence in front of the one that leans on it. */
const LEAN_LIMIT = 520;
/** A cell of a table whose rows came as paragraphs: the cell before it says what it is about. */
const CELL_LIMIT = 160;

/** Lists up to this long are given with the items of their items. */
const WITH_DEEPER = 10;

interface Parsed {
  paragraph: Paragraph;
  sentences: SentenceRange[];
  /** The last sentence, where it introduces the paragraphs under this one. */
  lead?: Piece;
  heading: string;
}

/** Everything quotable in the section, in its order. Source lines, headings and empty paragraphs give nothing. */
export function unitsOf(section: { text: string; paragraphs: Paragraph[] }): Unit[] {
  const { text } = section;
  const parsed = section.paragraphs.map((paragraph, index) =>
    parse(text, paragraph, section.paragraphs[index + 1], index)
  );
  const above: number[] = []; // positions of the paragraphs that the current one is under
  return parsed.flatMap((entry, index) => {
    const { paragraph } = entry;
    if (paragraph.kind === "source" || paragraph.kind === "heading") {
      above.length = 0;
      return [];
    }
    while (above.length && !isUnder(parsed, index, above[above.length - 1])) above.pop();
    const holders = above.map((position) => parsed[position]);
    above.push(index);
    return unitsOfParagraph(text, parsed, index, holders);
  });
}

function unitsOfParagraph(
  text: string,
  parsed: Parsed[],
  index: number,
  holders: Parsed[],
): Unit[] {
  const { paragraph, sentences, lead, heading } = parsed[index];
  const goesOn = sentences[0] !== undefined && GOES_ON.test(text.slice(sentences[0].start));
  const leads = holders.flatMap(({ lead: above }) =>
    above && (goesOn || SAYS_SOMETHING.test(text.slice(above.start, above.end))) ? [above] : []
  );
  const context = [...holders.map((holder) => holder.heading || titleOf(text, holder)), heading]
    .filter(Boolean).join(" ");
  const units: Unit[] = [];
  let previous: SentenceRange | undefined;
  for (const sentence of sentences) {
    if (sentence.heading) continue;
    const { end } = sentence;
    const words = text.slice(sentence.start, end);
    let { start } = sentence;
    if (previous && LEANS.test(words) && end - previous.start <= LEAN_LIMIT) start = previous.start;
    else if (!previous && isCell(text, parsed, index, words)) {
      start = parsed[index - 1].sentences[0].start;
    }
    units.push({
      start,
      end,
      paragraph: index,
      designator: paragraph.designator,
      leads,
      items: lead?.end === end ? itemsOf(parsed, index) : [],
      context,
      ...(paragraph.kind === "definition" && paragraph.term && { term: paragraph.term }),
    });
    previous = sentence;
  }
  return units;
}

/** The words of a lead-in that is only a title. */
function titleOf(text: string, { lead }: Parsed): string {
  const words = lead ? text.slice(lead.start, lead.end) : "";
  return SAYS_SOMETHING.test(words) ? "" : words;
}

function parse(
  text: string,
  paragraph: Paragraph,
  next: Paragraph | undefined,
  index: number,
): Parsed {
  const sentences = paragraph.kind === "table"
    ? tableRows(text, paragraph)
    : sentencesOf(text, paragraph.start, paragraph.end);
  const heading = sentences[0]?.heading ? text.slice(sentences[0].start, sentences[0].end) : "";
  const last = sentences.at(-1);
  const words = last ? text.slice(last.start, last.end) : "";
  const parent = paragraph.designator !== "" && next !== undefined && isBelow(next, paragraph);
  const leadsIn = last && (LEAD_IN.test(words) || (parent && !STOPPED.test(words)));
  return {
    paragraph,
    sentences,
    heading,
    ...(leadsIn &&
      {
        lead: {
          start: last.start,
          end: last.end,
          paragraph: index,
          designator: paragraph.designator,
        },
      }),
  };
}

/** Whether one paragraph's designator continues the other's: "(a)(1)" below "(a)". */
function isBelow(paragraph: Paragraph, holder: Paragraph): boolean {
  return paragraph.designator.startsWith(holder.designator) &&
    paragraph.designator !== holder.designator && paragraph.level >= holder.level;
}

/** "(a)(1)" as its steps, and what kind of numbering the last of them is. */
function stepsOf(designator: string): { depth: number; kind: string; first: boolean } {
  const steps = designator.match(/\([^)]*\)/g) ?? [];
  const last = steps.at(-1) ?? "";
  const kind = /\d/.test(last) ? "1" : /[A-Z]/.test(last) ? "A" : "a";
  return { depth: steps.length, kind, first: ["(1)", "(a)", "(i)", "(A)", "(I)"].includes(last) };
}

/**
 * Whether the paragraph at `index` stands under the one at `holder`. Under a lead-in without a designator stand the
 * paragraphs that begin a numbering right behind it and go on with it, or flush lines.
 */
function isUnder(parsed: Parsed[], index: number, holder: number): boolean {
  const { paragraph } = parsed[index];
  const above = parsed[holder];
  if (above.paragraph.designator !== "") {
    return paragraph.designator !== "" && isBelow(paragraph, above.paragraph);
  }
  if (!above.lead) return false;
  if (paragraph.designator === "") return paragraph.kind === "flush" && index - holder <= 12;
  const first = stepsOf(parsed[holder + 1]?.paragraph.designator ?? "");
  const own = stepsOf(paragraph.designator);
  return first.first &&
    (own.depth > first.depth || (own.depth === first.depth && own.kind === first.kind));
}

/**
 * The paragraphs under a lead-in, in order; items under an item come right behind it with a deeper designator.
 * A list of more than `WITH_DEEPER` items in all is given by its upper level alone.
 */
function itemsOf(parsed: Parsed[], lead: number): Piece[] {
  const items: (Piece & { deeper: boolean })[] = [];
  let level: number | undefined;
  for (let index = lead + 1; index < parsed.length; index++) {
    const { paragraph, sentences } = parsed[index];
    if (paragraph.kind === "heading" || paragraph.kind === "source" || paragraph.kind === "table") {
      break;
    }
    if (!isUnder(parsed, index, lead)) break;
    level ??= paragraph.level;
    if (paragraph.level < level) break;
    if (sentences.length === 0) continue;
    items.push({
      start: sentences[0].start,
      end: sentences[sentences.length - 1].end,
      paragraph: index,
      designator: paragraph.designator,
      deeper: paragraph.level > level,
    });
  }
  const shown = items.length > WITH_DEEPER ? items.filter(({ deeper }) => !deeper) : items;
  return shown.map(({ deeper: _, ...item }) => item);
}

/** A short paragraph without a designator behind a designated one: the second cell of a row. */
function isCell(text: string, parsed: Parsed[], index: number, words: string): boolean {
  const { paragraph, sentences } = parsed[index];
  const before = parsed[index - 1];
  if (
    !before || paragraph.designator !== "" || paragraph.kind !== "text" ||
    before.paragraph.designator === ""
  ) return false;
  if (
    sentences.length !== 1 || words.length > CELL_LIMIT || before.lead ||
    before.sentences.length === 0
  ) return false;
  if (/^[[(□]/.test(text.slice(sentences[0].start))) return false;
  return paragraph.end - before.sentences[0].start <= LEAN_LIMIT;
}

/** A table's rows as pieces; its text has one row a line. */
function tableRows(text: string, table: Paragraph): SentenceRange[] {
  const rows: SentenceRange[] = [];
  let start = table.start;
  for (let at = table.start; at <= table.end; at++) {
    if (at < table.end && text[at] !== "\n") continue;
    if (text.slice(start, at).trim()) rows.push({ start, end: at, heading: false });
    start = at + 1;
  }
  return rows;
}
