/**
 * Finds the numbers of title 48, chapters 1 and 2, in a text: the grammar that typed questions (citations.ts) and the
 * regulation's own text (cross_references.ts) share.
 */
import { type NumberToken, readNumber, withoutSuffix } from "./number_forms.ts";
import type { NumberKind } from "./numbers.ts";
import {
  belongsElsewhere,
  isCounted,
  isForeign,
  isQuantity,
  isSectionElsewhere,
  type Lead,
  readLead,
} from "./reference_words.ts";
import type { Regulation } from "./types.ts";

export interface FoundNumber {
  regulation: Regulation | "pgi";
  kind: NumberKind;
  number: string;
  /** Offset of the first word that belongs to it: "FAR", "subpart", "clause", or the number itself. */
  start: number;
  /** Whether these words begin with the regulation's name. */
  regulationNamed: boolean;
  numberStart: number;
  /** End of the number, without a paragraph. */
  end: number;
}

/** What went before, for lists: "FAR 9.406-2 and 9.407-2", "parts 12 and 13", "13 CFR 121.103 and 121.201". */
interface Before {
  end: number;
  lead: Pick<Lead, "regulation" | "noun">;
  foreign: boolean;
  part: number;
  kind: NumberKind;
}

const BETWEEN =
  /^[ \n]{0,2}(?:\((?:[a-z]{1,5}|[A-Z]{1,2}|\d{1,2})\)[ \n]?){0,6}[ \n]{0,2}(?:,|;|,?[ \n]?(?:and\/or|and|or|&|versus|vs\.?|through|thru|to)(?=[ \n])|\/|-|,[ \n]?\()[ \n]{0,2}(?:in[ \n]|at[ \n]|under[ \n])?$/i;
const LIST_GAP = 45;

const FIRST_DIGIT = /(?<!\d)\d/g;

function continuesList(text: string, before: Before | undefined, start: number): boolean {
  return before !== undefined && start - before.end <= LIST_GAP && start >= before.end &&
    BETWEEN.test(text.slice(before.end, start));
}

/** Whether the character in front allows a number to start: not inside a word, an amount, a date or a longer number. */
function startsFree(text: string, start: number, from: number): boolean {
  const previous = text[start - 1];
  if (previous === undefined || start === from) return true;
  if (/[\s([{"'\u2018-\u201f*>|;§]/.test(previous)) return true;
  // After a slash only as a member of a list; "doi.org/10.6028" is an address.
  if (/[$\u20ac\u00a3\u00a5~\u2248+_=@\\%^/]/.test(previous)) return false;
  // The official file has lost a space here and there: "as prescribed in246.370".
  if (/[a-z]/.test(previous)) {
    return /(?:^|[^A-Za-z0-9])(?:in|at|see|of|by|with|and|or|under)$/i.test(
      text.slice(Math.max(0, start - 6), start),
    );
  }
  const earlier = text[start - 2] ?? " ";
  return !/[\w]/.test(previous) && !(/[.,:-]/.test(previous) && /\d/.test(earlier));
}

/** Whether what follows cuts the number off: part of a date, an amount, a version, an address, a word. */
function endsFree(text: string, token: NumberToken, typed: boolean): boolean {
  const next = text[token.end];
  if (next === undefined) return true;
  if (/[A-Z_@°º]/.test(next)) return false;
  // "15.404-1c": a paragraph typed without its brackets.
  if (/[a-z]/.test(next)) {
    return typed && token.kind === "section" &&
      /^[a-z](?![a-z])/.test(text.slice(token.end, token.end + 2));
  }
  const rest = text.slice(token.end, token.end + 6);
  if (/^,\d{3}(?![\d.])/.test(rest)) return false;
  if (/^:\d/.test(rest)) return false;
  // A digital object identifier: "10.6028/NIST.SP.800-171".
  if (token.part === 10 && token.digits.length === 4 && rest[0] === "/") return false;
  if (/^\/\d/.test(rest)) return token.kind === "section" && token.form === "exact";
  return true;
}

const FAR_PARTS = 53;

/** Whether the number can be the FAR's or the DFARS's; with the regulation named, also a number that does not exist. */
function partIsPlausible(part: number, named: boolean): boolean {
  if (named) return (part >= 1 && part <= 99) || (part >= 201 && part <= 299);
  return (part >= 1 && part <= FAR_PARTS) || (part >= 201 && part <= 253) || part === 270;
}

function isClauseShape(token: NumberToken): boolean {
  return (token.part === 52 && /^2\d\d$/.test(token.digits) && /^-\d{1,3}$/.test(token.suffix)) ||
    (token.part === 252 && /^2\d\d$/.test(token.digits) && /^-7\d{3}$/.test(token.suffix));
}

/** Whether the words around a token suffice for how freely it is written. */
function isAccepted(
  text: string,
  token: NumberToken,
  lead: Lead,
  inList: boolean,
  from: number,
  typed: boolean,
): boolean {
  const regulation = lead.regulation !== undefined;
  if (!partIsPlausible(token.part, regulation)) return false;
  switch (token.kind) {
    case "section": {
      if (token.form === "exact") {
        if (regulation || token.suffix !== "") return true;
        if (lead.noun || inList) return true;
        return !isQuantity(text, token.end) && !isCounted(text, token.start, from);
      }
      if (isClauseShape(token)) {
        // 252-204-7012 is also a telephone number in North Carolina.
        if (lead.noun === "clause") return true;
        if (token.form !== "spaced" && !isCounted(text, token.start, from)) return true;
      }
      if (token.form === "dotted") return regulation || lead.noun !== undefined;
      return regulation;
    }
    case "subpart":
      return lead.noun === "subpart" || lead.noun === "part" || (inList && !typed) ||
        (regulation && !isQuantity(text, token.end));
    case "part":
      if (/^[ \n](?:c\.? ?f\.? ?r|u\.? ?s\.? ?c)/i.test(text.slice(token.end, token.end + 9))) {
        return false;
      }
      if (lead.noun === "part") {
        return (regulation || !belongsElsewhere(text, token.end)) &&
          !/^[ \n]?%/.test(text.slice(token.end, token.end + 2));
      }
      return regulation && lead.noun === undefined && lead.regulation !== "cfr" &&
        !/^[ \n]?[(%']/.test(text.slice(token.end, token.end + 2)) &&
        !isQuantity(text, token.end) &&
        !isAdverb(text, lead);
  }
}

/** "far" as the English word: "how far 15 ...", "so far 3 offers". */
function isAdverb(text: string, lead: Lead): boolean {
  if (!text.startsWith("far", lead.start)) return false;
  return /(?:^|[^a-z])(?:how|so|as|too|by|very|this|that|thus|not|is|are|it's|go|goes|from)[ \n]+$/i
    .test(text.slice(Math.max(0, lead.start - 12), lead.start));
}

/** The printed number and the regulation it belongs to: "DFARS 15.403" is 215.403, "FAR 252.204-7012" is the DFARS's. */
function resolve(
  token: NumberToken,
  regulation: Lead["regulation"],
): Pick<FoundNumber, "regulation" | "number"> {
  let part = token.part;
  const ofClause = part === 52 && token.suffix !== "" && Number(token.suffix.split("-")[1]) < 7000;
  if ((regulation === "dfars" || regulation === "pgi") && part < 100 && !ofClause) part += 200;
  const number = token.kind === "part" ? `${part}` : `${part}.${token.digits}${token.suffix}`;
  if (regulation === "pgi") return { regulation: "pgi", number };
  return { regulation: part >= 200 ? "dfars" : "far", number };
}

/** Cheap look at the character in front: a bare integer can only be a part after a word or in a list. */
function mayBePart(text: string, start: number, before: Before | undefined): boolean {
  if (before !== undefined && start - before.end <= LIST_GAP) return true;
  for (let i = start - 1; i >= 0 && i > start - 6; i--) {
    const character = text[i];
    if (/[a-z]/i.test(character)) return /[tsri]/i.test(character);
  }
  return false;
}

/**
 * The numbers in a text, first to last, not overlapping. `text` must have been through `plainSigns`. With `typed` the
 * free forms that people type are read as well, without it only the printed form.
 */
export function scanNumbers(text: string, typed: boolean): FoundNumber[] {
  const found: FoundNumber[] = [];
  let before: Before | undefined;
  FIRST_DIGIT.lastIndex = 0;
  let from = 0;
  for (let match = FIRST_DIGIT.exec(text); match; match = FIRST_DIGIT.exec(text)) {
    const start = match.index;
    let token = readNumber(text, start, typed);
    if (!token) continue;
    if (token.kind === "part" && !mayBePart(text, start, before)) continue;
    let lead = readLead(text, start, from);
    const glued = lead.regulation !== undefined && lead.start < start;
    const inList = !glued && lead.noun === undefined && continuesList(text, before, start);
    if (!glued && !inList && !startsFree(text, start, from)) continue;
    if (token.form !== "exact" && !isAccepted(text, token, lead, inList, from, typed)) {
      token = withoutSuffix(text, token);
    }
    if (!endsFree(text, token, typed)) continue;
    const foreign = inList && before?.foreign === true &&
        (before.part === token.part || token.kind !== "section") ||
      (lead.regulation === undefined && lead.noun !== "clause" &&
        (isForeign(text, lead.start, from) ||
          (lead.noun === "section" && token.suffix === "" &&
            isSectionElsewhere(text, token.end))));
    if (inList && before && !before.foreign) {
      // A list of sections does not go on with "13", and what people type not with "9.5".
      if (
        before.kind === "section" && (token.kind === "part" || typed && token.kind === "subpart")
      ) {
        continue;
      }
      lead = { ...before.lead, start };
    }
    if (foreign) {
      before = { end: token.end, lead: {}, foreign: true, part: token.part, kind: token.kind };
    } else if (isAccepted(text, token, lead, inList, from, typed)) {
      found.push({
        ...resolve(token, lead.regulation),
        kind: token.kind,
        start: lead.start,
        regulationNamed: lead.regulation !== undefined && lead.start < start,
        numberStart: start,
        end: token.end,
      });
      // "DFARS 204.73 and 12.301": only a list that began without the 200 goes on without it.
      const full = token.part >= 200 && lead.regulation === "dfars";
      const inherited = full ? { ...lead, regulation: undefined } : lead;
      before = {
        end: token.end,
        lead: inherited,
        foreign: false,
        part: token.part,
        kind: token.kind,
      };
    } else continue;
    from = token.end;
    FIRST_DIGIT.lastIndex = token.end;
  }
  return found;
}
