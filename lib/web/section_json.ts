/** A section as the API gives it. */
import type { z } from "zod";
import type { Section } from "../api/schemas/regulation.ts";
import type { Farchat } from "../farchat.ts";
import { sectionPage } from "../pages/section_page.ts";
import { citationLabel, officialLinks, sectionHref } from "../regulation/links.ts";
import type { Regulation } from "../regulation/types.ts";

export type SectionJson = z.output<typeof Section>;

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

function neighbour(
  section: { number: string; title: string } | undefined,
): SectionJson["next"] {
  return section && { number: section.number, title: section.title };
}
