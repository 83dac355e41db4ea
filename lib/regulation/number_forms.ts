/** The forms in which people write numbers of title 48, from "15.403-4" to "15 403 4". */
import type { NumberKind } from "./numbers.ts";

/**
 * How far the writing is from the printed form: `exact` 15.403-4, 9.4, 19; `dotted` 252.204.7012; `dashed` 52-212-4;
 * `spaced` 15 . 403-4, 15 404-1. The further away, the more the words around must say that it is a citation.
 */
export type Form = "exact" | "dotted" | "dashed" | "spaced";

export interface NumberToken {
  kind: NumberKind;
  form: Form;
  part: number;
  /** Digits after the point: "4", "403"; "" for a part. */
  digits: string;
  /** "-4", "-3-70" or "". */
  suffix: string;
  start: number;
  end: number;
}

const EXACT = /(\d{1,3})\.(\d{3,4})(?!\d)((?:-\d{1,4}(?![\d]|\.\d)){0,3})(?!\.\d)/y;
const DOTTED = /(\d{1,3})\.(\d{3,4})\.(\d{1,4})(?!\d|\.\d|-\d)/y;
const DASHED = /(\d{1,3})-(\d{3,4})(?!\d)((?:[-.]\d{1,4}(?!\d)){0,3})(?![-.]\d)/y;
// A last number after a mere space must not start the next words: "FAR 15 404 3 exceptions".
const SPACED =
  /(\d{1,3})(?: ?\. ?| ?- ?| {1,2})(\d{3,4})(?!\d)([. ]\d{1,4}(?!\d|\.\d|,\d|-\d)(?! [a-z]{2,}s(?![a-z]))|(?: ?- ?\d{1,4}(?!\d|\.\d)){0,3})(?!\.\d)/y;
const SUBPART = /(\d{1,3})\.(\d{1,2})(?!\d|\.\d|-\d)/y;
const PART = /(\d{1,3})(?!\d|[.-]\d|,\d{3})/y;

/**
 * The number that starts at an offset, in the most literal form that fits, or undefined. `text` has plain hyphens and
 * spaces; without `typed` only the printed form is read.
 */
export function readNumber(text: string, start: number, typed: boolean): NumberToken | undefined {
  if (text[start] === "0") return undefined;
  const token = (
    kind: NumberKind,
    form: Form,
    match: RegExpExecArray,
    suffix: string,
  ): NumberToken => ({
    kind,
    form,
    part: Number(match[1]),
    digits: match[2] ?? "",
    suffix,
    start,
    end: start + match[0].length,
  });
  const at = (pattern: RegExp) => {
    pattern.lastIndex = start;
    return pattern.exec(text);
  };
  let match = at(EXACT);
  if (match) {
    const exact = token("section", "exact", match, match[3]);
    if (typed && match[3] === "") {
      // "15.404 -1": the spaces belong to the number where the words say that it is one.
      const spaced = at(SPACED);
      if (spaced && spaced[3].includes("-")) {
        return token("section", "spaced", spaced, spaced[3].replaceAll(" ", ""));
      }
    }
    return exact;
  }
  if ((match = at(SUBPART))) return token("subpart", "exact", match, "");
  if (typed) {
    if ((match = at(DOTTED))) return token("section", "dotted", match, `-${match[3]}`);
    if ((match = at(DASHED))) {
      return token("section", "dashed", match, match[3].replaceAll(".", "-"));
    }
    if ((match = at(SPACED))) {
      const suffix = match[3].trim().replaceAll(/ ?- ?|[. ]/g, "-");
      return token(
        "section",
        "spaced",
        match,
        suffix === "" || suffix.startsWith("-") ? suffix : `-${suffix}`,
      );
    }
  }
  if ((match = at(PART))) return token("part", "exact", match, "");
  return undefined;
}

/** The exact form of a token cut off before its suffix, for "15.404 -1" where nothing says that it is one number. */
export function withoutSuffix(text: string, token: NumberToken): NumberToken {
  EXACT.lastIndex = token.start;
  const match = EXACT.exec(text);
  if (!match) return token;
  return { ...token, form: "exact", suffix: match[3], end: token.start + match[0].length };
}

/**
 * The text with every kind of dash as "-" and every kind of space as " ", character for character, so that
 * offsets stay true. Line breaks are kept.
 */
export function plainSigns(text: string): string {
  return text
    .replace(/[\u00ad\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]/g, "-")
    .replace(/[^\S\n ]|[\u200b\u2060\ufeff]/g, " ");
}
