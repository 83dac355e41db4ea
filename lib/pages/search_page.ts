/** What the search page shows: passages grouped by section, the words found marked. */
import { sectionHref } from "../regulation/links.ts";
import type { Collection } from "../regulation/types.ts";
import type { Passage, Retrieval } from "../retrieve/types.ts";
import { highlight } from "./highlight.ts";

export interface Excerpt {
  kind: Passage["kind"];
  text: string;
  marks: { start: number; end: number }[];
  /** Where to read on; absent for uploads. */
  href?: string;
}

export interface SearchResult {
  collection: Collection;
  number: string;
  title: string;
  path: string;
  href?: string;
  excerpts: Excerpt[];
}

/** Excerpts of one section beyond these are left to its page. */
const EXCERPTS = 2;

/** Sections in the order they were ranked, each with its best passages. */
export function searchResults(retrieval: Retrieval, query: string): SearchResult[] {
  const groups = new Map<string, SearchResult>();
  for (const passage of retrieval.passages) {
    const { collection, section, title, path } = passage;
    const key = `${collection} ${section}`;
    const hrefTo = (anchor?: string) =>
      collection === "uploads" ? undefined : sectionHref(collection, section, anchor);
    const group = groups.get(key) ??
      { collection, number: section, title, path, href: hrefTo(), excerpts: [] };
    groups.set(key, group);
    if (group.excerpts.length >= EXCERPTS) continue;
    group.excerpts.push({
      kind: passage.kind,
      text: passage.text,
      marks: highlight(passage.text, query),
      href: hrefTo(passage.anchor || undefined),
    });
  }
  const rank = new Map(
    retrieval.sections.map((section, i) => [`${section.collection} ${section.number}`, i]),
  );
  const place = (result: SearchResult) =>
    rank.get(`${result.collection} ${result.number}`) ?? rank.size;
  return [...groups.values()].sort((a, b) => place(a) - place(b));
}
