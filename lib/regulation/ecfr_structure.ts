/** The divisions of title 48 around a section, and what their headings and numbers say. */
import type { Regulation, Section } from "./types.ts";

interface Division {
  element: string;
  type: "subchapter" | "part" | "subpart" | undefined;
  number: string;
  heading: string;
}

const TYPES: Record<string, Division["type"]> = {
  SUBCHAP: "subchapter",
  SUBCHAPTER: "subchapter",
  PART: "part",
  SUBPART: "subpart",
};
const BY_ELEMENT: Record<string, Division["type"]> = {
  DIV4: "subchapter",
  DIV5: "part",
  DIV6: "subpart",
};

/** The divisions that are open where the parser is. */
export class DivisionStack {
  #open: Division[] = [];
  #title: string | undefined;

  open(element: string, type: string, number: string): void {
    this.#open.push({
      element,
      type: TYPES[type] ?? BY_ELEMENT[element],
      number: number.replace(/^(?:subchapter|part|subpart)\s+/i, ""),
      heading: "",
    });
  }

  close(): void {
    this.#open.pop();
  }

  /** The heading of the innermost open division. */
  setHeading(text: string): void {
    const division = this.#open.at(-1);
    if (!division) return;
    division.heading = divisionTitle(text);
    this.#title ??= division.heading;
  }

  get depth(): number {
    return this.#open.length;
  }

  /** Title of the outermost division with a heading. */
  get title(): string | undefined {
    return this.#title;
  }

  /** Subchapter, part and subpart around a section. */
  path(): Section["path"] {
    const path: Section["path"] = [];
    for (const { type, number, heading } of this.#open) {
      if (type) path.push({ type, number, title: heading });
    }
    return path;
  }
}

/** "Subpart 15.4—Contract Pricing" -> "Contract Pricing". */
export function divisionTitle(heading: string): string {
  return heading.replace(
    /^(?:title|chapter|subchapter|part|subpart)\s+[\dA-Z.]+\s*(?:[—–:-]|\s)\s*/i,
    "",
  ).trim();
}

/** Number, title without the final full stop, and whether it is reserved. */
export function readSectionHead(
  number: string,
  heading: string,
): { number: string; title: string; reserved: boolean } {
  const clean = (words: string) => words.replace(/^(?:§+|Sec\.)\s*/i, "").trim();
  const head = clean(heading);
  let found = clean(number);
  const appendix = /^(Appendix\s+[A-Z]{1,2}\d*)\b/i.exec(found || head);
  if (appendix) found = appendix[1].replace(/^a/, "A").replace(/\s+/, " ");
  if (found === "") found = /^\S+/.exec(head)?.[0] ?? "";
  let title = head;
  if (appendix) title = head.replace(/^Appendix\s+\S+(?:\s+to\s+[^—–]*?)?\s*(?:[—–-]\s*|$)/i, "");
  else if (head.startsWith(found)) title = head.slice(found.length);
  else title = head.replace(/^\d{1,3}\.\d+(?:-\d+)*\s+/, "");
  title = title.trim().replace(/^[—–-]\s*/, "");
  const reserved = /^\[?\s*reserved\s*\]?\.?$/i.test(title);
  if (reserved) title = "[Reserved]";
  else if (title.endsWith(".") && !title.endsWith("..")) title = title.slice(0, -1).trimEnd();
  return { number: found, title, reserved };
}

/** Chapter 1 of title 48 is the FAR, chapter 2 the DFARS. */
export function collectionOfChapter(number: string): Regulation | undefined {
  return number === "1" ? "far" : number === "2" ? "dfars" : undefined;
}

/** Parts 1-99 are the FAR's, 201-299 the DFARS'. */
export function collectionOfSection(number: string): Regulation | undefined {
  const part = Number(/^(\d+)/.exec(number)?.[1]);
  if (part >= 1 && part <= 99) return "far";
  return part >= 201 && part <= 299 ? "dfars" : undefined;
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** "Oct. 1, 2026" or "2026-10-01" as "2026-10-01"; undefined for anything else. */
export function isoDate(text: string): string | undefined {
  const iso = /^\s*(\d{4}-\d{2}-\d{2})\b/.exec(text);
  if (iso) return iso[1];
  const words = /([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})/.exec(text);
  if (!words) return undefined;
  const month = MONTHS.indexOf(words[1].slice(0, 3).toLowerCase());
  return month < 0
    ? undefined
    : `${words[3]}-${String(month + 1).padStart(2, "0")}-${words[2].padStart(2, "0")}`;
}
