/** What answerers read: stored sections and briefs. The store satisfies it; tests may give less. */
import type { Collection, Regulation } from "../regulation/types.ts";
import type { StoredEntry, StoredSection } from "../store/types.ts";
import type { Passage, Retrieval } from "../retrieve/types.ts";
import type { PassageView } from "./types.ts";

/** The part of the store that answering reads. */
export interface AnswerSources {
  sections: {
    byId(id: number): StoredSection | undefined;
    get(collection: Collection, number: string): StoredSection[];
  };
  entries: { brief(collection: Regulation, number: string): StoredEntry | undefined };
}

/** A stored section with the ranges of it that were retrieved, best first. */
export interface RetrievedSection {
  section: StoredSection;
  /** Position among the sections with official text, from 0. */
  rank: number;
  spans: { start: number; end: number }[];
}

/**
 * The sections whose official text was retrieved, in the order of the ranking. A passage whose text is no longer
 * what the store holds (its document was replaced in between) is left out.
 */
export function retrievedSections(
  retrieval: Retrieval,
  sources: AnswerSources,
): RetrievedSection[] {
  const order = new Map(retrieval.sections.map((s, rank) => [`${s.collection} ${s.number}`, rank]));
  const found = new Map<number, RetrievedSection>();
  for (const passage of retrieval.passages) {
    if (passage.kind !== "regulation") continue;
    const known = found.get(passage.sectionId);
    const section = known?.section ?? sources.sections.byId(passage.sectionId);
    if (!section || section.text.slice(passage.start, passage.end) !== passage.text) continue;
    const entry = known ?? { section, rank: 0, spans: [] };
    entry.spans.push({ start: passage.start, end: passage.end });
    found.set(passage.sectionId, entry);
  }
  const rankOf = ({ section }: RetrievedSection) =>
    order.get(`${section.collection} ${section.number}`) ?? Infinity;
  const sorted = [...found.values()].map((entry, position) => ({ entry, position }))
    .sort((a, b) => rankOf(a.entry) - rankOf(b.entry) || a.position - b.position)
    .map(({ entry }) => entry);
  sorted.forEach((entry, rank) => entry.rank = rank);
  return sorted;
}

/** A passage as clients see it. */
export function viewOf(passage: Passage): PassageView {
  return {
    regulation: passage.collection,
    section: passage.section,
    title: passage.title,
    path: passage.path,
    anchor: passage.anchor,
    text: passage.text,
    start: passage.start,
    end: passage.end,
    kind: passage.kind,
    why: passage.why,
  };
}
