/** Where designators may stand in a paragraph's words: at its beginning, and run in after a heading or a sentence. */
import { readings } from "./labels.ts";

/** Consecutive labels, "(a)(1)", that may designate what follows them. */
export interface LabelGroup {
  /** Offset of the first parenthesis in the paragraph's text. */
  start: number;
  labels: string[];
  /** Where each label's own parenthesis begins. */
  offsets: number[];
  /** Offset of the first character after the labels and the space that follows. */
  end: number;
  /** False for labels in the middle of the paragraph. */
  leading: boolean;
  /** Middle of a paragraph: right after a short heading, "(b) Policy. (1)". */
  afterHeading: boolean;
  /** "(b)-(d) [Reserved]": the last label of the range. */
  rangeEnd?: string;
}

const LABEL = /\(\s?((?:S[-–]\d\d)|[A-Za-z]{1,7}|\d{1,2})\s?\)\s?/y;
const RANGE =
  /(?:[-–—]|through|thru|and)\s?\(\s?([A-Za-z]{1,7}|\d{1,2})\s?\)(?=\s*\[?\s*reserved)/iy;
/** What may stand in front of a label run into a paragraph. */
const RUN_IN = /(?:[.;:—–-]|; and|; or|, and|, or)\s?(?=\()/g;
/** "(b) Price analysis for commercial products." and nothing more. */
const SHORT_HEADING = /^[A-Z“"][^.;:—]{0,110}[.:—–-]{1,2}\s?$/;

/** Every group of labels that may be a designator, in order. */
export function scanLabels(text: string): LabelGroup[] {
  const groups: LabelGroup[] = [];
  let leadingEnd = 0;
  if (text.startsWith("(")) {
    const lead = groupAt(text, 0, true);
    if (lead) {
      groups.push(lead);
      leadingEnd = lead.end;
      RANGE.lastIndex = lead.end;
      const range = RANGE.exec(text);
      if (range && readings(range[1]).length > 0) lead.rangeEnd = range[1];
    }
  }
  if (text.indexOf("(", leadingEnd) < 0) return groups;
  RUN_IN.lastIndex = leadingEnd;
  for (let match = RUN_IN.exec(text); match; match = RUN_IN.exec(text)) {
    const at = match.index + match[0].length;
    const group = groupAt(text, at, false);
    if (!group) continue;
    // A designator's words begin with a capital, a quotation mark or a bracket; "(1) the price" is a list in a sentence.
    if (!/[A-Z“"\[$]/.test(text[group.end] ?? "")) continue;
    group.afterHeading = leadingEnd > 0 && groups.length === 1 &&
      SHORT_HEADING.test(text.slice(leadingEnd, at));
    groups.push(group);
    RUN_IN.lastIndex = group.end;
  }
  return groups;
}

function groupAt(text: string, start: number, leading: boolean): LabelGroup | undefined {
  const labels: string[] = [];
  const offsets: number[] = [];
  let end = start;
  for (;;) {
    LABEL.lastIndex = end;
    const match = LABEL.exec(text);
    if (!match || readings(match[1]).length === 0) break;
    labels.push(match[1]);
    offsets.push(end);
    end = LABEL.lastIndex;
  }
  if (labels.length === 0) return undefined;
  return { start, labels, offsets, end, leading, afterHeading: false };
}
