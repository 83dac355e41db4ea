/** References inside the regulation's own text: to other sections, subparts and parts, and to paragraphs of its own. */
import { plainSigns } from "./number_forms.ts";
import type { NumberKind } from "./numbers.ts";
import { type FoundNumber, scanNumbers } from "./number_scan.ts";
import {
  printDesignators,
  readContinuations,
  readDesignators,
  type Tail,
} from "./paragraph_tails.ts";
import type { Regulation } from "./types.ts";

export interface CrossReference {
  /** Half-open offsets of the words to link. */
  start: number;
  end: number;
  collection: Regulation;
  kind: NumberKind;
  number: string;
  /** "(b)(1)" or "". */
  paragraph: string;
  /** "Alternate I" where the reference is to one. */
  alternate?: string;
}

interface Home {
  collection: Regulation;
  number: string;
}

const ALTERNATE_AFTER = /,?[ \n](?:(?:with|and) )?(?:its )?Alternate ([IVX]{1,4})(?![A-Za-z])/y;
const ALTERNATE_BEFORE =
  /Alternate ([IVX]{1,4})(?: \([^()]{4,12}\))? (?:of|to)(?: the)?(?: (?:clause|provision))?(?: at)? $/;

/** A number in the text with the paragraphs listed behind it. */
function sectionReferences(text: string, found: FoundNumber): CrossReference[] {
  if (found.regulation === "pgi") return [];
  const first: CrossReference = {
    // "FAR clause 52.219-14" is one name, but of "the clause at 52.219-14" only the number is.
    start: found.kind === "section" && !found.regulationNamed ? found.numberStart : found.start,
    end: found.end,
    collection: found.regulation,
    kind: found.kind,
    number: found.number,
    paragraph: "",
  };
  if (found.kind !== "section") return [first];
  const references = [first];
  const tail = readDesignators(text, found.end);
  if (tail && !opensEnumeration(text, found.end, tail)) {
    first.paragraph = printDesignators(tail.designators);
    first.end = tail.end;
    for (const next of readContinuations(text, tail.end, tail.designators, false)) {
      references.push({
        ...first,
        paragraph: printDesignators(next.designators),
        start: next.start,
        end: next.end,
      });
    }
  }
  ALTERNATE_AFTER.lastIndex = references[references.length - 1].end;
  const alternate = ALTERNATE_AFTER.exec(text) ??
    ALTERNATE_BEFORE.exec(text.slice(Math.max(0, found.start - 60), found.start));
  if (alternate) first.alternate = `Alternate ${alternate[1]}`;
  return references;
}

/**
 * "1.301 (a)(2)" is printed with a space here and there, but a bracket after a line break, or a lone "(1)" or "(i)" after
 * a space, starts the next item of an enumeration: "in accordance with 9.406 (1) the ...".
 */
function opensEnumeration(text: string, end: number, tail: Tail): boolean {
  const gap = text.slice(end, tail.start);
  if (gap.includes("\n")) return true;
  return gap !== "" && tail.designators.length === 1 && /^(?:\d+|i)$/.test(tail.designators[0]) &&
    /^ [a-zA-Z]/.test(text.slice(tail.end, tail.end + 2));
}

const PARAGRAPH = /(?<![A-Za-z])(?:sub)?(?:paragraph|division)s?[ \n]{0,2}(?=\()/gi;
const OWN_WITHOUT_WORD = / of this (?:section|subsection|clause|provision)(?![a-z])/g;
const DESIGNATORS = "(?:\\((?:[a-z]{1,4}|\\d{1,2}|[A-Z])\\)){1,6}";
const LIST_BEFORE = new RegExp(
  `(?<![\\w)]|\\) )${DESIGNATORS}(?:(?:,|,? (?:and|or|through)) ?${DESIGNATORS}){0,5}$`,
);

/** What the words after a paragraph say it belongs to. */
const OWNER =
  /[ \n](?:of|in|at|under|to)[ \n](?:(this)[ \n](section|subsection|clause|provision)|the[ \n]basic[ \n](?:clause|provision)|(FAR|DFARS|\d|the|that|this|those|these|an?|its|such|each|either|any|section|sections|Section|Public|Pub|Executive|E\.O|Title|title|subpart|part|paragraph|subparagraph|Appendix|appendix|clause|provision|DoD|Alternate|OMB|Standard|Article|Part)(?![a-z]))/y;
/** Words that may stand between "paragraph (b) of" and the number of the section it is in. */
const TO_NUMBER =
  /^[ \n](?:of|in|at|under)(?:[ \n](?:the|both|either))?(?:[ \n](?:contract|basic))?(?:[ \n](?:clauses?|provisions?|sections?|subsections?))?(?:[ \n](?:at|of|in))?[ \n]$/;

/** Where a paragraph stands that is named by its designators alone: at home, in a section named nearby, or unknown. */
function ownerOf(
  text: string,
  home: Home,
  start: number,
  end: number,
  before: CrossReference | undefined,
  after: FoundNumber | undefined,
): Home | undefined {
  // "FAR 9.104-1, paragraph (d)", "52.222-43 (subparagraphs (d)(1) and (2))"
  if (before?.kind === "section" && /^,?[ \n]\(?$/.test(text.slice(before.end, start))) {
    return { collection: before.collection, number: before.number };
  }
  // "paragraph (b) of the clause at 52.219-14"
  if (after && after.start - end < 60 && TO_NUMBER.test(text.slice(end, after.start))) {
    if (after.regulation === "pgi" || after.kind !== "section") return undefined;
    return { collection: after.regulation, number: after.number };
  }
  OWNER.lastIndex = end;
  const owner = OWNER.exec(text);
  if (!owner || owner[3] === undefined) return home;
  // "of the definition", "of section 3(p)", "of this definition": not a paragraph that can be addressed from here.
  return undefined;
}

/** Paragraphs named without a number: "paragraph (a)(1)(ii) of this subsection", "paragraphs (b) and (c)". */
function paragraphReferences(
  text: string,
  home: Home,
  numbers: FoundNumber[],
  references: CrossReference[],
): CrossReference[] {
  const own: CrossReference[] = [];
  let number = 0;
  let reference = 0;
  let done = 0;
  for (const word of text.matchAll(PARAGRAPH)) {
    if (word.index < done) continue;
    const first = readDesignators(text, word.index + word[0].length);
    if (!first) continue;
    const members = [first, ...readContinuations(text, first.end, first.designators, true)];
    const end = members[members.length - 1].end;
    while (number < numbers.length && numbers[number].start < end) number++;
    while (reference < references.length && references[reference].end <= word.index) reference++;
    const before = references[reference - 1];
    if (references[reference] && references[reference].start < end) continue;
    done = end;
    const target = ownerOf(text, home, word.index, end, before, numbers[number]);
    if (!target) continue;
    for (const [i, member] of members.entries()) {
      own.push({
        start: i === 0 ? word.index : member.start,
        end: member.end,
        ...target,
        kind: "section",
        paragraph: printDesignators(member.designators),
      });
    }
  }
  for (const phrase of text.matchAll(OWN_WITHOUT_WORD)) {
    const from = Math.max(0, phrase.index - 60);
    const list = LIST_BEFORE.exec(text.slice(from, phrase.index));
    const first = list && readDesignators(text, from + list.index);
    if (!first) continue;
    for (
      const tail of [first, ...readContinuations(text, first.end, first.designators, false)]
    ) {
      if (overlaps(own, tail) || overlaps(references, tail)) continue;
      own.push({
        start: tail.start,
        end: tail.end,
        ...home,
        kind: "section",
        paragraph: printDesignators(tail.designators),
      });
    }
  }
  return own;
}

function overlaps(references: CrossReference[], tail: Tail): boolean {
  return references.some((other) => other.start < tail.end && tail.start < other.end);
}

/**
 * The references in a section's text, in the order they stand and never overlapping: to sections, subparts and parts
 * of the FAR and DFARS, and to paragraphs of the section itself ("paragraph (b) of this clause": number is `home`'s).
 * They are not looked up, so the number or the paragraph may not exist. A range gives its two ends. References to the
 * PGI, to laws, to other titles of the CFR and to other agencies' supplements are left out.
 */
export function crossReferences(text: string, home: Home): CrossReference[] {
  const plain = plainSigns(text);
  const numbers = scanNumbers(plain, false);
  const references = numbers.flatMap((found) => sectionReferences(plain, found));
  const own = paragraphReferences(
    plain,
    { collection: home.collection, number: home.number },
    numbers,
    references,
  );
  return [...references, ...own].sort((a, b) => a.start - b.start);
}
