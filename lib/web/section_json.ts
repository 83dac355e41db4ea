/** A section as the API gives it. */
import type { Farchat } from "../farchat.ts";
import { sectionPage } from "../pages/section_page.ts";
import { citationLabel, officialLinks, sectionHref } from "../regulation/links.ts";
import type { ClauseFacts, Paragraph, Regulation } from "../regulation/types.ts";

interface Neighbour {
  number: string;
  title: string;
}

export interface SectionJson {
  regulation: Regulation;
  number: string;
  /** "FAR 15.403-1". */
  label: string;
  title: string;
  /** Headings above it, outermost first. */
  path: { type: string; number: string; title: string }[];
  reserved: boolean;
  /** Its page here. */
  href: string;
  /** Its pages on ecfr.gov and acquisition.gov. */
  official: { ecfr: string; acquisition: string };
  /** The official texts under this number, mostly one; empty while the regulation is not loaded. */
  texts: {
    title: string;
    /** The paragraphs joined by line breaks; all offsets are UTF-16 code units of it. */
    text: string;
    paragraphs: Paragraph[];
    clause?: ClauseFacts;
    versionDate?: string;
  }[];
  /** FARchat's own summary, not the regulation. `stale` when it was written from another text. */
  brief?: { text: string; stale: boolean };
  previous?: Neighbour;
  next?: Neighbour;
}

/** The section; undefined when neither the loaded text nor the outline has it. */
export function sectionJson(
  { store }: Farchat,
  regulation: Regulation,
  number: string,
): SectionJson | undefined {
  const page = sectionPage(store, regulation, number);
  if (!page) return undefined;
  const { title, path, reserved, editions, brief, previous, next } = page;
  return {
    regulation,
    number,
    label: citationLabel(regulation, number),
    title,
    path,
    reserved,
    href: sectionHref(regulation, number),
    official: officialLinks(regulation, number),
    texts: editions.map(({ section }) => ({
      title: section.title,
      text: section.text,
      paragraphs: section.paragraphs,
      clause: section.clause,
      versionDate: section.versionDate,
    })),
    brief,
    previous: neighbour(previous),
    next: neighbour(next),
  };
}

function neighbour(section: Neighbour | undefined): Neighbour | undefined {
  return section && { number: section.number, title: section.title };
}
