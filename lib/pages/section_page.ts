/** What the page of a section shows, gathered from the store. */
import { crossReferences } from "../regulation/cross_references.ts";
import { collectionName, partOf, sectionHref } from "../regulation/links.ts";
import type { Regulation } from "../regulation/types.ts";
import type { Store } from "../store/store.ts";
import type { SectionSummary, StoredSection } from "../store/types.ts";

/** A cross-reference that resolves: half-open offsets into the section's text, and where it leads. */
export interface SectionLink {
  start: number;
  end: number;
  href: string;
  /** Title of what it leads to. */
  title?: string;
}

/** One stored text of the section; a number may occur twice in the official text. */
export interface Edition {
  section: StoredSection;
  links: SectionLink[];
}

/** FARchat's own summary of the section: never the regulation. */
export interface Brief {
  text: string;
  /** The loaded text is not the one the summary was written from. */
  stale: boolean;
}

export interface SectionPage {
  collection: Regulation;
  number: string;
  title: string;
  path: SectionSummary["path"];
  reserved: boolean;
  /** Empty when the official text is not loaded. */
  editions: Edition[];
  brief?: Brief;
  /** Subsections, for a section that is only their heading. */
  subsections: SectionSummary[];
  /** Questions people ask that this section answers. */
  questions: string[];
  definitions: { term: string; anchor: string }[];
  previous?: { number: string; title: string };
  next?: { number: string; title: string };
  versionDate?: string;
}

/** More questions than these are not looked at. */
const QUESTIONS = 4;

/** The page of a section; undefined when neither the loaded text nor the outline has its number. */
export function sectionPage(
  store: Store,
  collection: Regulation,
  number: string,
): SectionPage | undefined {
  const stored = store.sections.get(collection, number);
  const known = stored[0] ?? store.outline.get(collection, number);
  if (!known) return undefined;
  const editions = stored.map((section) => ({ section, links: linksOf(store, section) }));
  const empty = stored.every((section) => section.paragraphs.length === 0);
  const neighbours = store.outline.neighbours(collection, number);
  return {
    collection,
    number,
    title: known.title,
    path: known.path,
    reserved: known.reserved,
    editions,
    brief: briefOf(store, collection, number, stored),
    subsections: empty ? subsectionsOf(store, collection, number) : [],
    questions: store.entries.questionsOf(collection, number).slice(0, QUESTIONS)
      .map((entry) => entry.text),
    definitions: definitionsOf(stored[0]),
    previous: neighbours.previous,
    next: neighbours.next,
    versionDate: stored[0]?.versionDate,
  };
}

function briefOf(
  store: Store,
  collection: Regulation,
  number: string,
  stored: StoredSection[],
): Brief | undefined {
  const entry = store.entries.brief(collection, number);
  if (!entry) return undefined;
  const same = stored.length === 0 || entry.textSha256 === undefined ||
    stored.some((section) => section.textSha256 === entry.textSha256);
  return { text: entry.text, stale: !same };
}

function subsectionsOf(store: Store, collection: Regulation, number: string): SectionSummary[] {
  const part = store.outline.part(collection, partOf(number));
  const all = part?.subparts.flatMap((subpart) => subpart.sections) ?? [];
  return all.filter((section) => section.number.startsWith(`${number}-`));
}

function definitionsOf(section: StoredSection | undefined): SectionPage["definitions"] {
  return (section?.paragraphs ?? []).flatMap(({ kind, term, anchor }) =>
    kind === "definition" && term ? [{ term, anchor }] : []
  );
}

/** The cross-references of a section that lead somewhere, those to paragraphs of its own included. */
function linksOf(store: Store, section: StoredSection): SectionLink[] {
  if (section.collection === "uploads") return [];
  const home = { collection: section.collection, number: section.number };
  const titles = new Map<string, string | undefined>();
  return crossReferences(section.text, home).flatMap((reference) => {
    const { start, end, collection, kind, number, paragraph } = reference;
    const key = `${collection} ${number}`;
    if (!titles.has(key)) titles.set(key, titleOf(store, collection, kind, number));
    const title = titles.get(key);
    if (title === undefined) return [];
    const itself = collection === home.collection && number === home.number;
    if (itself && paragraph === "") return [];
    return [{
      start,
      end,
      href: sectionHref(collection, number, paragraph),
      title: `${collectionName(collection)} ${number}, ${title}`,
    }];
  });
}

function titleOf(
  store: Store,
  collection: Regulation,
  kind: "section" | "subpart" | "part",
  number: string,
): string | undefined {
  if (kind === "section") return store.outline.get(collection, number)?.title;
  if (kind === "subpart") return store.outline.subpart(collection, number)?.subpart.title;
  return store.outline.part(collection, number)?.part.title;
}
