import type { Citation, Collection } from "../regulation/types.ts";

/** One earlier exchange of the conversation, oldest first. */
export interface Turn {
  question: string;
  answer: string;
}

export interface Filters {
  /** Only these collections; all when absent. */
  collections?: Collection[];
  /** How many distinct sections to return; 10 when absent. */
  k?: number;
  /** What somebody made of a follow-up: a question that can be understood alone, searched in its place. */
  standAlone?: string;
}

/**
 * A piece of text as retrieved. `kind` "regulation" is official text with offsets into the stored
 * section; "brief" is FARchat's own summary of a section whose text is not loaded: never the regulation.
 */
export interface Passage {
  kind: "regulation" | "brief";
  collection: Collection;
  /** Section number, "15.403-1". */
  section: string;
  /** Database id of the section (0 for a brief). */
  sectionId: number;
  title: string;
  /** "FAR › Part 15 › Subpart 15.4", for people. */
  path: string;
  text: string;
  /** Offsets of `text` in the stored section text; 0,length for a brief. */
  start: number;
  end: number;
  /** Anchor of the first paragraph of the passage; "" for a brief. */
  anchor: string;
  score: number;
  /** Why it was found, for people and for tests: "cited", "words", "meaning", "question", ... */
  why: string[];
}

/** A section as ranked, best first; `farchat eval` scores these. */
export interface RankedSection {
  collection: Collection;
  number: string;
  title: string;
  score: number;
  why: string[];
}

/** A citation somebody typed and what became of it. */
export interface CitationLookup {
  citation: Citation;
  found: boolean;
  /** Nearest existing numbers where it was not found. */
  nearest: { collection: Collection; number: string; title: string }[];
}

export interface Retrieval {
  /** The question as searched: rewritten with the conversation where it was a follow-up. */
  query: string;
  citations: CitationLookup[];
  sections: RankedSection[];
  passages: Passage[];
  /** Set when the FAR and DFARS do not answer this, with the reason to show. */
  abstain?: { reason: string };
  /** False when only words were searched (no model, or vectors not built). */
  usedVectors: boolean;
  /** Milliseconds. */
  timings: { total: number; embed: number; search: number };
}
