/** What provisions and clauses say of themselves: date, prescription, alternates. */
import type { ClauseFacts } from "./types.ts";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const DATE = /\(\s*([A-Za-z]{3,9})\.?\s*(\d{4})\s*\)/g;

/** Whether a section prints a provision or clause: 52.2xx and 252.2xx with a hyphen. */
export function isClauseNumber(number: string): boolean {
  return /^2?52\.2\d\d-\d/.test(number);
}

/** The last "(NOV 2023)" in a title as "Nov 2023"; undefined where there is none. */
export function titleDate(text: string): string | undefined {
  let found: string | undefined;
  for (const match of text.matchAll(DATE)) {
    const month = MONTHS.find((name) => match[1].toLowerCase().startsWith(name.toLowerCase()));
    if (month) found = `${month} ${match[2]}`;
  }
  return found;
}

/** Whether a paragraph is a clause's printed title with its date: "PLANT PROTECTION (DEC 1991)". */
export function isClauseTitle(text: string): boolean {
  return text.length < 300 && !text.startsWith("(") && !/^(?:Basic|Alternate)\b/.test(text) &&
    /\(\s*[A-Za-z]{3,9}\.?\s*\d{4}\s*\)\.?$/.test(text) && titleDate(text) !== undefined;
}

/** The heading that begins an alternate, and how many characters of the paragraph it is. */
export interface AlternateHeading {
  name: string;
  date?: string;
  length: number;
}

const ALTERNATE =
  /^\(?((?:Alternate|ALTERNATE)\s+(?:[IVXL]+|[A-Z]))\)?(?=\s*[.,(—[-]|\s*$)\s*(\(\s*[A-Za-z]{3,9}\.?\s*\d{4}\s*\)|\[Reserved\])?\s*\.?/;

/** "Alternate I (Jul 1995). As prescribed ..." begins an alternate; undefined for any other paragraph. */
export function alternateHeading(text: string): AlternateHeading | undefined {
  const match = ALTERNATE.exec(text);
  if (!match) return undefined;
  const name = `Alternate ${match[1].split(/\s+/)[1]}`;
  const date = titleDate(match[2] ?? "");
  return { name, ...(date ? { date } : {}), length: match[0].length };
}

/** "Alternate I" -> "alt-i". */
export function alternateAnchor(name: string): string {
  return `alt-${name.replace(/^Alternate /, "").toLowerCase()}`;
}

/**
 * The sections that prescribe a clause, from its first line: "As prescribed in 22.407(a) and (b), insert ..." gives
 * 22.407(a) and 22.407(b). Empty where the line says nothing of the kind.
 */
export function prescribedAt(text: string): string[] {
  const words = /\bprescribed\s+(?:in|at|by|under)\s*(?:FAR |DFARS |paragraphs? )?(.{0,200})/.exec(
    text,
  )?.[1];
  if (!words) return [];
  const found: string[] = [];
  const token =
    /\s*(?:(\d{1,3}\.\d{1,5}(?:-\d{1,4})?)\s*((?:\(\s?\w{1,5}\s?\)\s*)*)|((?:\(\s?\w{1,5}\s?\)\s*)+))(?:\s*(?:,?\s*(?:and|or|through)\b|,|-|–)\s*)?/y;
  let number = "";
  for (;;) {
    const match = token.exec(words);
    if (!match) break;
    if (match[1]) number = match[1];
    else if (number === "") break;
    const groups = (match[2] ?? match[3] ?? "").replace(/\s+/g, "");
    const one = number + groups;
    if (!found.includes(one)) found.push(one);
  }
  return found;
}

/** Provision or clause, by how it says it ends or begins. */
export function clauseKind(texts: string[]): ClauseFacts["kind"] {
  for (const text of texts) {
    const end = /\(End of (provision|clause)/i.exec(text);
    if (end) return end[1].toLowerCase() as ClauseFacts["kind"];
  }
  return /\bprovisions?\b/.test(texts[0] ?? "") && !/\bclause\b/.test(texts[0] ?? "")
    ? "provision"
    : "clause";
}
