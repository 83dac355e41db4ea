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
 * The sections whose official text was retrieved, those that the question named first, then in the order of the
 * ranking. A passage whose text is no longer what the store holds (its document was replaced in between) is left out.
 */
export function retrievedSections(
  retrieval: Retrieval,
  sources: AnswerSources,
): RetrievedSection[] {
  const found = new Map<number, RetrievedSection>();
  const add = (section: StoredSection, span: { start: number; end: number }) => {
    const entry = found.get(section.id) ?? { section, rank: 0, spans: [] };
    entry.spans.push(span);
    found.set(section.id, entry);
  };
  for (const { citation, found: exists } of retrieval.citations) {
    if (!exists || citation.kind !== "section" || citation.regulation === "pgi") continue;
    const section = sources.sections.get(citation.regulation, citation.number)
      .find(({ text }) => text.trim() !== "");
    if (!section) continue;
    const named = section.paragraphs.filter(({ designator }) =>
      citation.paragraph !== "" && designator.startsWith(citation.paragraph)
    );
    // A named section without a named paragraph has the passages that the retrieval chose from it.
    for (const paragraph of named.length > 0 ? named : section.paragraphs.slice(0, 1)) {
      add(section, paragraph);
    }
  }
  const named = new Set(found.keys());
  for (const passage of retrieval.passages) {
    if (passage.kind !== "regulation") continue;
    const section = found.get(passage.sectionId)?.section ??
      sources.sections.byId(passage.sectionId);
    // White space may differ: pieces of a paragraph are joined by a line break. The quotes come from the store.
    if (!section || !sameWords(section.text.slice(passage.start, passage.end), passage.text)) {
      continue;
    }
    add(section, passage);
  }
  const order = new Map(retrieval.sections.map((s, rank) => [`${s.collection} ${s.number}`, rank]));
  const rankOf = ({ section }: RetrievedSection) =>
    named.has(section.id) ? -1 : order.get(`${section.collection} ${section.number}`) ?? Infinity;
  const sorted = [...found.values()].sort((a, b) => Math.sign(rankOf(a) - rankOf(b)) || 0);
  sorted.forEach((entry, rank) => entry.rank = rank);
  return sorted;
}

function sameWords(a: string, b: string): boolean {
  return a === b || a.replace(/\s+/g, " ").trim() === b.replace(/\s+/g, " ").trim();
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
