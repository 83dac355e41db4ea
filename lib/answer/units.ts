/**
 * What can be quoted from a section: a sentence, or a lead-in ("The file must contain:") with the items under it.
 * An item alone ("(ii) The date;") says nothing, and a lead-in alone promises what it does not give.
 */
import type { Paragraph } from "../regulation/types.ts";
import { sentencesOf } from "./sentences.ts";

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
  /** The items of the list that this sentence introduces; empty for a sentence. */
  items: Piece[];
  /** Run-in heading and lead-ins above it, to understand it by; may be empty. */
  context: string;
  definition: boolean;
}

/** A lead-in ends so. The eCFR prints most dashes as a hyphen. */
const LEAD_IN = /(?:[:—–-]|\bfollowing\.)\s*$/;

/** A sentence that leans on the one before it. */
const LEANS =
  /^(?:However|Such|These|This|Those|That|It|They|Otherwise|In (?:this|that|such|these) cases?|In addition|Additionally|Also|Therefore|Accordingly|If so|Similarly|Likewise|The (?:same|foregoing|above))\b/;

/** The longest quote made by putting a sentence in front of the one that leans on it. */
const LEAN_LIMIT = 520;

/** Everything quotable in the section, in its order. Source lines, headings and empty paragraphs give nothing. */
export function unitsOf(section: { text: string; paragraphs: Paragraph[] }): Unit[] {
  const { text, paragraphs } = section;
  const units: Unit[] = [];
  const contexts = contextsOf(text, paragraphs);
  for (let index = 0; index < paragraphs.length; index++) {
    const paragraph = paragraphs[index];
    if (paragraph.kind === "source" || paragraph.kind === "heading") continue;
    const sentences = paragraph.kind === "table"
      ? tableRows(text, paragraph)
      : sentencesOf(text, paragraph.start, paragraph.end);
    let heading = "";
    let previous: Unit | undefined;
    sentences.forEach((sentence, position) => {
      if (sentence.heading) {
        heading = text.slice(sentence.start, sentence.end);
        return;
      }
      const words = text.slice(sentence.start, sentence.end);
      const last = position === sentences.length - 1;
      const items = last && LEAD_IN.test(words) ? itemsOf(text, paragraphs, index) : [];
      let start = sentence.start;
      if (previous && LEANS.test(words) && sentence.end - previous.start <= LEAN_LIMIT) {
        start = previous.start;
      }
      const unit: Unit = {
        start,
        end: sentence.end,
        paragraph: index,
        designator: paragraph.designator,
        items,
        context: [contexts[index], heading].filter(Boolean).join(" "),
        definition: paragraph.kind === "definition",
      };
      units.push(unit);
      previous = { ...unit, start: sentence.start };
    });
  }
  return units;
}

/** The paragraphs under a lead-in: the next level down, until a paragraph of its own level or above. */
function itemsOf(text: string, paragraphs: Paragraph[], lead: number): Piece[] {
  const { designator, level } = paragraphs[lead];
  const items: Piece[] = [];
  let itemLevel: number | undefined;
  for (let index = lead + 1; index < paragraphs.length; index++) {
    const paragraph = paragraphs[index];
    if (
      paragraph.kind !== "text" && paragraph.kind !== "flush" && paragraph.kind !== "definition"
    ) break;
    if (designator ? !isUnder(paragraph, designator, level) : !startsList(paragraph, lead, index)) {
      break;
    }
    itemLevel ??= paragraph.level;
    if (paragraph.level > itemLevel) continue; // an item's own items
    if (paragraph.level < itemLevel) break;
    const sentences = sentencesOf(text, paragraph.start, paragraph.end);
    if (sentences.length === 0) continue;
    items.push({
      start: sentences[0].start,
      end: sentences[sentences.length - 1].end,
      paragraph: index,
      designator: paragraph.designator,
    });
  }
  return items;
}

function isUnder(paragraph: Paragraph, designator: string, level: number): boolean {
  return paragraph.designator.startsWith(designator) && paragraph.designator !== designator &&
    paragraph.level > level;
}

/** Under a lead-in without a designator stand designated paragraphs, or "Bullet" lines without one. */
function startsList(paragraph: Paragraph, lead: number, index: number): boolean {
  return paragraph.designator !== "" || (index - lead <= 12 && paragraph.kind === "flush");
}

/** For each paragraph, the lead-in sentences of the paragraphs above it. */
function contextsOf(text: string, paragraphs: Paragraph[]): string[] {
  const above: { designator: string; level: number; words: string }[] = [];
  return paragraphs.map((paragraph) => {
    while (above.length && !paragraph.designator.startsWith(above[above.length - 1].designator)) {
      above.pop();
    }
    while (above.length && above[above.length - 1].level >= paragraph.level) above.pop();
    const context = paragraph.designator ? above.map(({ words }) => words).join(" ") : "";
    if (paragraph.designator) {
      const sentences = sentencesOf(text, paragraph.start, paragraph.end);
      const last = sentences[sentences.length - 1];
      const words = last ? text.slice(last.start, last.end) : "";
      const first = sentences[0]?.heading ? text.slice(sentences[0].start, sentences[0].end) : "";
      above.push({
        designator: paragraph.designator,
        level: paragraph.level,
        words: LEAD_IN.test(words) && words.length <= 300 ? words : first,
      });
    }
    return context.slice(-400).trim();
  });
}

/** A table's rows as pieces; its text has one row a line. */
function tableRows(text: string, table: Paragraph) {
  const rows: { start: number; end: number; heading: boolean }[] = [];
  let start = table.start;
  for (let at = table.start; at <= table.end; at++) {
    if (at < table.end && text[at] !== "\n") continue;
    if (text.slice(start, at).trim()) rows.push({ start, end: at, heading: false });
    start = at + 1;
  }
  return rows;
}
