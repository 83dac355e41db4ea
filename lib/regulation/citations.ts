/** Citations as people type them, in a question or a search box: "far 15 404-1 c", "DFARS 252-204-7012(c)". */
import { plainSigns } from "./number_forms.ts";
import { type FoundNumber, scanNumbers } from "./number_scan.ts";
import {
  type Designators,
  inRegulationCase,
  printDesignators,
  readContinuations,
  readDesignators,
} from "./paragraph_tails.ts";
import type { Citation } from "./types.ts";

export { parseSuffixes } from "./suffixes.ts";

const PARAGRAPH_WORD =
  /[ \n,]{0,3}(?:at )?(?:(?:sub)?para(?:graph)?s?\.?|¶{1,2}|par\.)[ \n:]{0,2}/yi;
const BARE_AFTER_WORD =
  /([a-z]|\d{1,2})(?:[ .]?\(?(\d{1,2})\)?)?(?:[ .]?\(?([ivx]{1,4})\)?)?(?![A-Za-z0-9])/yi;
const ATTACHED = /([a-z])(\d{1,2})?([ivx]{1,4})?(?![A-Za-z0-9])/yi;
// Followed by a space, "a" and "I" are words: "does 15.404-1 a contractor ..."; "x 3" is a multiplication.
const BARE =
  / ([b-hj-wyz](?=$|[ \n?.,;:!()])|[aix](?=$|[?.,;:!)]| ?\d{1,2}(?:$|[ ?.,;:!)])| ?\(\d))(?:[ ]?\(?(\d{1,2})(?![\d.%-])\)?)?(?:[ ]?\(?([ivx]{1,4})(?![A-Za-z0-9])\)?)?/yi;

interface Paragraph {
  designators: Designators;
  end: number;
}

function bare(match: RegExpExecArray | null, end: number): Paragraph | undefined {
  if (!match) return undefined;
  return { designators: match.slice(1).filter((piece) => piece !== undefined), end };
}

/** The paragraph that follows a number, in brackets or without. */
function readParagraph(text: string, at: number): Paragraph | undefined {
  const bracketed = readDesignators(text, at);
  if (bracketed) return bracketed;
  PARAGRAPH_WORD.lastIndex = at;
  const word = PARAGRAPH_WORD.exec(text);
  if (word) {
    const after = PARAGRAPH_WORD.lastIndex;
    BARE_AFTER_WORD.lastIndex = after;
    return readDesignators(text, after) ??
      bare(BARE_AFTER_WORD.exec(text), BARE_AFTER_WORD.lastIndex);
  }
  const pattern = /[a-z]/i.test(text[at] ?? "") ? ATTACHED : BARE;
  pattern.lastIndex = at;
  return bare(pattern.exec(text), pattern.lastIndex);
}

const NUMERALS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
const ALTERNATE =
  /(?:[ \n]?\(?[A-Z][A-Za-z]{2,8}\.? \d{4}\)?)?[ \n,(;-]{0,3}(?:(?:with|and|its|including|the) ){0,3}alt(?:ernates?|\.)?[ .-]{0,2}([ivx]{1,4}|\d{1,2})(?![A-Za-z0-9])\)?/yi;
const ALTERNATE_OF =
  /alt(?:ernates?|\.)?[ .-]{0,2}([ivx]{1,4}|\d{1,2})[ \n](?:of|to|for|in|under|from)[ \n](?:the )?(?:(?:clause|provision) )?(?:at )?$/i;
const PARAGRAPH_OF =
  /(?:(?:sub)?para(?:graph)?s?\.?|¶)[ \n]?((?:\([a-zA-Z0-9]{1,5}\) ?){1,6})(?:of|in|at|to|under|from)[ \n](?:the )?(?:(?:clause|provision|section) )?(?:at |of )?$/i;

/** "Alternate II" for "II", "ii" and "2"; undefined where there is no such numeral. */
function alternateName(numeral: string): string | undefined {
  const roman = /^\d+$/.test(numeral) ? NUMERALS[Number(numeral) - 1] : numeral.toUpperCase();
  return roman !== undefined && NUMERALS.includes(roman) ? `Alternate ${roman}` : undefined;
}

// "-7012" of "252.204-7008, -7009 and -7012"; "/9" of "52.219-8/9".
const NEXT_SUFFIX =
  /[ \n]?(?:(?:,|,? ?(?:and|or|&|through|thru|to))[ \n]?-|\/-?)(\d{1,4})(?![\d./]\d|-\d|,\d|\d)/yi;
// DFARS clauses are also listed without the hyphen: "252.204-7012, 7019 and 7020".
const NEXT_CLAUSE =
  /[ \n]?(?:,|\/|,? ?(?:and|or|&|through|thru|to)(?=[ \n]))[ \n]?-?(7\d{3})(?![\d]|[.-]\d|,\d)/yi;

/** The numbers that repeat only the last suffix of the one before. */
function suffixesAfter(
  text: string,
  number: string,
  at: number,
): { number: string; start: number; end: number }[] {
  const found = [];
  let end = at;
  const pattern = number.startsWith("252.") ? NEXT_CLAUSE : NEXT_SUFFIX;
  while (number.includes("-") && found.length < 30) {
    pattern.lastIndex = end;
    const match = pattern.exec(text);
    if (!match) break;
    end = pattern.lastIndex;
    const start = end - match[1].length;
    found.push({ number: number.replace(/\d+$/, match[1]), start, end });
  }
  return found;
}

/** One number with what belongs to it before and behind; several citations where paragraphs or suffixes are listed. */
function citationsAt(text: string, found: FoundNumber, from: number): Citation[] {
  const first: Citation = {
    regulation: found.regulation,
    kind: found.kind,
    number: found.number,
    paragraph: "",
    start: found.start,
    end: found.end,
  };
  if (found.kind !== "section") return [first];

  const before = text.slice(Math.max(from, found.start - 60), found.start);
  const of = PARAGRAPH_OF.exec(before);
  const alternateOf = of ? null : ALTERNATE_OF.exec(before);
  if (of) {
    const tail = readDesignators(of[1], 0);
    if (tail) first.paragraph = printDesignators(inRegulationCase(tail.designators));
  }
  if (alternateOf) first.alternate = alternateName(alternateOf[1]);
  const lead = of ?? alternateOf;
  if (lead) first.start = found.start - before.length + lead.index;

  const citations = [first];
  const paragraph = readParagraph(text, found.end);
  if (paragraph) {
    first.paragraph = printDesignators(inRegulationCase(paragraph.designators));
    first.end = paragraph.end;
    for (const next of readContinuations(text, paragraph.end, paragraph.designators, true)) {
      citations.push({
        ...first,
        paragraph: printDesignators(inRegulationCase(next.designators)),
        start: next.start,
        end: next.end,
      });
    }
  }
  const last = citations[citations.length - 1];
  ALTERNATE.lastIndex = last.end;
  const alternate = ALTERNATE.exec(text);
  const name = alternate && alternateName(alternate[1]);
  if (name) {
    last.alternate = name;
    last.end = ALTERNATE.lastIndex;
  }
  for (const next of suffixesAfter(text, found.number, last.end)) {
    citations.push({ ...first, alternate: undefined, paragraph: "", ...next });
  }
  return citations.map((citation) => {
    if (citation.alternate === undefined) delete citation.alternate;
    return citation;
  });
}

/**
 * The citations of the FAR, the DFARS and its PGI in words that somebody typed, in the order they stand, with exact
 * offsets into `text`. Numbers are not looked up: "52.299-99" is a citation too.
 *
 * "DFARS 15.403" is read as 215.403 and "FAR 252.204-7012" as the DFARS's, because the number is what people copy.
 * A list gives each of its members, a range ("(b)(1) through (b)(5)", "9.406-1 to 9.406-5") its two ends. Laws, other
 * titles of the CFR, other agencies' supplements, money, dates, versions and quantities give none.
 */
export function parseCitations(text: string): Citation[] {
  const plain = plainSigns(text);
  const citations: Citation[] = [];
  for (const found of scanNumbers(plain, true)) {
    const from = citations.at(-1)?.end ?? 0;
    // A paragraph or a suffix read with the citation before can reach over this number.
    if (found.start < from) continue;
    citations.push(...citationsAt(plain, found, from));
  }
  return citations;
}
