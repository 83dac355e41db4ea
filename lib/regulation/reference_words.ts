/** The words around a number that say what it is: a regulation's name, "part", "clause"; or a law, money, a form. */

/** What the words in front of a number claim it is. */
export interface Lead {
  /** The regulation that is named; "cfr" for "48 CFR", where the number decides. */
  regulation?: "far" | "dfars" | "pgi" | "cfr";
  /** The kind of thing that is named. */
  noun?: "part" | "subpart" | "section" | "clause";
  /** Offset of the first of these words. */
  start: number;
}

/** How much of the text in front of a number is looked at; keeps reading linear. */
const WINDOW = 80;

const LEAD = new RegExp(
  "(?:^|[^A-Za-z0-9]|(?<=[a-z])/)(" +
    "(?:dfars?\\s{1,2})?pgi|d\\.?f\\.?a\\.?r\\.?(?:s\\.?)?|f\\.?a\\.?r\\.?|48\\s?c\\.?\\s?f\\.?\\s?r\\.?" +
    "|defense\\s(?:federal\\sacquisition\\sregulation|far)\\ssupplement|federal\\sacquisition\\sregulations?" +
    ")(?:\\s?\\((?:far|dfars|48\\scfr)\\))?[\\s)\\]:/#,'\"-]{0,3}(?:the\\s)?" +
    "(?:contract\\s)?(parts?|subparts?|sub-parts?|sections?|subsections?|secs?\\.?|clauses?|provisions?|cl\\.)?" +
    '[\\s:#("]{0,2}(?:(?:at|nos?\\.?|numbers?)\\s{1,2})?(?:far\\s)?(?:\\u00a7{1,2}\\.?\\s{0,2})?$',
  "i",
);

const NOUN =
  /(?:^|[^A-Za-z0-9])(parts?|subparts?|sub-parts?|sections?|subsections?|secs?\.?|clauses?|provisions?|cl\.|(?<=^|\W)\u00a7{1,2})[\s:#("]{0,3}(?:(?:at|nos?\.?|numbers?)\s{1,2})?(?:\u00a7{1,2}\s{0,2})?$/i;

/** Names that make the number something else: laws, other titles of the CFR, other agencies' supplements, documents. */
const FOREIGN = new RegExp(
  "(?:^|[^A-Za-z0-9])(?:" +
    "\\d{1,2}\\s{0,2}(?:u\\.?\\s?s\\.?\\s?c(?:ode)?|c\\.?\\s?f\\.?\\s?r|f\\.?\\s?r|stat|fed\\.?\\s?reg)" +
    "|u\\.?\\s?s\\.?\\s?c(?:ode)?|pub(?:lic|\\.)?\\s?l(?:aw)?|p\\.\\s?l|pl|e\\.?\\s?o|executive\\sorders?|c\\.?\\s?f\\.?\\s?r" +
    "|treas(?:ury|\\.)?\\s?reg(?:ulations?|s)?|ndaa|title\\s(?!48)\\d{1,2}" +
    "|gsa[rm]|nfs|d?affars|afars|nmcars|dlad|soars|vaa[rm]|dear|hhsar|dosar|aidar|agar|epaar|dolar|edar|hsa[rm]|hudar|iaar" +
    "|jar|diar|dtar|tar|doiar|fehbar|lifar|transar|nsf|dfas|nasa\\sfar\\ssupplement|cas|gagas|itar|ear|dodgars" +
    "|nist|sp|iso|iec|ansi|eia|mil-std|astm|fips|rfc|omb|circulars?|dodi|dodd|dodm|instruction|directive" +
    "|standard\\sform|forms?|s\\.?f|o\\.f|dd|naics|sic|psc|cage|duns|uei|fac|case|docket|dpas" +
    "|versions?|ver|v|rev|revision|release|usd|eur|gbp|tel|telephone|phone|fax|cell" +
    ")[\\s.:#\"'\u00a7-]{0,4}(?:(?:parts?|subparts?|sections?|secs?\\.?|\u00a7{1,2}|chapters?|nos?\\.?|numbers?|is)[\\s.:\u00a7]{0,3})?$",
  "i",
);

/** Words that make a bare decimal a quantity or a place in a document; too common to overrule "15.403-4". */
const COUNTING =
  /(?:^|[^A-Za-z0-9])(?:(?:factor|rates?|ratio|average|score|total|price|cost|multiplier) of|times|multiplied by|approximately|approx|roughly|nearly|tables?|figures?|fig|pages?|pp?|exhibit|appendix|line|clin|slin|lot|step|option|room|suite|call|ip|\+1)[ .:#=]{1,3}$/i;

/** What makes the number in front of it a quantity. */
const UNIT =
  /[ \n]{0,2}-?(?:%|\u00b0|percent(?:age)?|pct|per ?cent|million|billion|trillion|thousand|hundred|mil|[mb]n|dollars?|cents?|usd|eur|points?|times|fold|x|hours?|hrs?|minutes?|mins?|seconds?|secs?|ms|days?|weeks?|months?|years?|yrs?|a\.?m\.?|p\.?m\.?|[kmg]?g|kgs?|grams?|kilograms?|lbs?|pounds?|oz|ounces?|tons?|tonnes?|[kcm]?m|miles?|mi|kilometers?|meters?|metres?|feet|foot|ft|inch(?:es)?|yards?|acres?|gallons?|gal|liters?|litres?|barrels?|bbl|[kmgt]b|[kmg]?hz|[kmg]?w|kwh|volts?|amps?|watts?|psi|degrees?|knots?|mph|mpg)(?![A-Za-z0-9])/yi;

/** The words directly in front of a number, as far as they name a regulation or a kind; `from` bounds the search. */
export function readLead(text: string, number: number, from: number): Lead {
  const base = Math.max(from, number - WINDOW, 0);
  const before = text.slice(base, number);
  let match = LEAD.exec(before);
  if (match) {
    const name = match[1].toLowerCase().replaceAll(/[^a-z0-9]/g, "");
    const regulation = name.endsWith("pgi")
      ? "pgi"
      : name.endsWith("cfr")
      ? "cfr"
      : name.startsWith("d")
      ? "dfars"
      : "far";
    const start = base + match.index + match[0].indexOf(match[1]);
    return { regulation, noun: nounOf(match[2]), start };
  }
  match = NOUN.exec(before);
  if (match) {
    return { noun: nounOf(match[1]), start: base + match.index + match[0].indexOf(match[1]) };
  }
  return { start: number };
}

function nounOf(word: string | undefined): Lead["noun"] {
  if (word === undefined) return undefined;
  const lower = word.toLowerCase();
  if (lower.startsWith("part")) return "part";
  if (/^sub-?part/.test(lower)) return "subpart";
  return /^(?:cl|prov)/.test(lower) ? "clause" : "section";
}

/** Whether the words in front of an offset make a number there something other than a FAR or DFARS citation. */
export function isForeign(text: string, at: number, from: number): boolean {
  return FOREIGN.test(text.slice(Math.max(from, at - WINDOW, 0), at));
}

/** Whether the words in front of a bare decimal make it a quantity, a page or the like. */
export function isCounted(text: string, at: number, from: number): boolean {
  return COUNTING.test(text.slice(Math.max(from, at - WINDOW, 0), at));
}

/** Whether the words after a number make it a quantity: "percent", "million", "days", "kg". */
export function isQuantity(text: string, end: number): boolean {
  UNIT.lastIndex = end;
  return UNIT.test(text);
}

const OTHER_SECTION =
  /(?:[ \n,]|and|or|through|\d{1,3}\.\d{3,4}){0,8}[ \n]of[ \n](?:the[ \n])?(?:U\.S\.|United[ \n]States|Act|Code|Treasury|IRS|Internal|Customs|Foreign)/y;

/** Whether a section's number is followed by the law or the regulation it is in: "sections 10.101 and 10.102 of the Code". */
export function isSectionElsewhere(text: string, end: number): boolean {
  OTHER_SECTION.lastIndex = end;
  return OTHER_SECTION.test(text);
}

const OTHER_OWNER =
  /[ \n]{1,2}of[ \n]{1,2}(?!(?:the[ \n])?(?:far|dfars?|federal[ \n]acq|defense[ \n]federal|48[ \n]|title[ \n]48|this[ \n]regulation))/yi;

/** Whether a part's number is followed by "of" something that is not the FAR: "part 2 of the form". */
export function belongsElsewhere(text: string, end: number): boolean {
  OTHER_OWNER.lastIndex = end;
  return OTHER_OWNER.test(text);
}
