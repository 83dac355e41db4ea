/** DFARS clauses called by their last four digits: "DFARS 7012", "the 7012 clause". */
import { plainSigns } from "./number_forms.ts";

export interface ClauseSuffix {
  /** "7012": the digits after the last hyphen of the clause's number. */
  suffix: string;
  /** Half-open offsets of the digits in the text that was parsed. */
  start: number;
  end: number;
}

const LEAD =
  /(?<![A-Za-z])(?:dfars?|clauses?|provisions?)[ \n:'"(#]{0,3}(?:(?:clauses?|provisions?|nos?\.?|numbers?) {0,2})?-?(?=7\d{3}(?![\d.-]))/gi;
const MEMBER = /7\d{3}(?![\d]|[.,]\d|-\d)/y;
const NEXT = /[ \n]?(?:,? ?(?:and|or|&|through|thru|to)|,|\/)[ \n]?-?(?=7\d{3}(?!\d))/yi;
const TRAIL =
  /(?<![\d$€£.,:\/-]|\d )(-?)(7\d{3})(?= (?:dfars?|clauses?|provisions?|compliance|compliant|flow-?downs?)(?![a-z]))/gi;

/**
 * Four-digit clause suffixes (7000-7999, which only DFARS clauses have) that stand beside the words DFARS, clause or
 * provision: they name a clause without its subpart, so the caller looks up which clause that is. In the order of
 * the text; a suffix inside a full number ("252.204-7012") is not one.
 */
export function parseSuffixes(text: string): ClauseSuffix[] {
  const plain = plainSigns(text);
  const found = new Map<number, ClauseSuffix>();
  const add = (start: number) =>
    found.set(start, { suffix: plain.slice(start, start + 4), start, end: start + 4 });
  for (const lead of plain.matchAll(LEAD)) {
    let at = lead.index + lead[0].length;
    while (true) {
      MEMBER.lastIndex = at;
      if (!MEMBER.test(plain)) break;
      add(at);
      NEXT.lastIndex = at + 4;
      const next = NEXT.exec(plain);
      if (!next) break;
      at = next.index + next[0].length;
    }
  }
  for (const trail of plain.matchAll(TRAIL)) add(trail.index + trail[1].length);
  return [...found.values()].sort((a, b) => a.start - b.start);
}
