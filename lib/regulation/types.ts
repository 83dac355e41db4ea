/** The vocabulary of the regulation: what a section and its paragraphs are. No I/O. */

/** The two regulations FARchat ships an outline of. */
export type Regulation = "far" | "dfars";

/** Where a text belongs: one of the regulations, or a document somebody uploaded. */
export type Collection = Regulation | "uploads";

/** Inline markup inside a paragraph. Offsets are relative to the paragraph's own text. */
export interface Span {
  start: number;
  end: number;
  style: "italic" | "bold" | "sup" | "sub";
}

/**
 * What a paragraph is, which decides how it is printed:
 * `text` an ordinary (designated or not) paragraph, `definition` one that defines `term`,
 * `heading` an HD1-HD3 or an alternate's heading, `flush` an FP, `note` a NOTE, `table` a GPOTABLE
 * (rows in `table`), `source` a CITA line such as "[48 FR 42187, Sept. 19, 1983]".
 */
export type ParagraphKind =
  | "text"
  | "definition"
  | "heading"
  | "flush"
  | "note"
  | "table"
  | "source";

export interface Paragraph {
  /** Full designator path, "(c)(1)(i)", or "" where the paragraph has none. */
  designator: string;
  /** Unique in its section and stable: "c-1-i", "def-acquisition", "alt-i-c-2", "p-4". */
  anchor: string;
  /** Indentation: 0 for "(a)" and undesignated paragraphs, 1 for "(1)", 2 for "(i)", ... */
  level: number;
  kind: ParagraphKind;
  /** Half-open offsets into `Section.text` (UTF-16 code units, as JavaScript counts). */
  start: number;
  end: number;
  /** The defined term, for `definition`. */
  term?: string;
  spans?: Span[];
  /** Rows of cells, for `table`; the first `headerRows` rows are its head. */
  table?: { headerRows: number; rows: string[][] };
}

/** What a clause section says of itself. */
export interface ClauseFacts {
  kind: "clause" | "provision";
  /** "Nov 2023" as printed after the title, where it is. */
  date?: string;
  /** The prescribing sections named in its first line, e.g. ["12.301(b)(3)"]. */
  prescribedAt: string[];
  /** "Alternate I", "Alternate II", ... with the anchor of the paragraph that starts it. */
  alternates: { name: string; date?: string; anchor: string }[];
}

export interface Section {
  collection: Collection;
  /** "15.403-1", "252.204-7012"; for uploads a number within the document: "3". */
  number: string;
  /** Heading without the number and the final full stop: "Scope of part". */
  title: string;
  /** Position in its document, from 0. */
  order: number;
  /** Headings above it, outermost first: subchapter, part, subpart. */
  path: { type: "subchapter" | "part" | "subpart"; number: string; title: string }[];
  reserved: boolean;
  /** The section's paragraphs joined by "\n"; every offset points into this. */
  text: string;
  paragraphs: Paragraph[];
  clause?: ClauseFacts;
}

/** A citation as somebody typed it, resolved as far as the words go (not yet looked up). */
export interface Citation {
  /** Absent when the words do not say and the number does not decide (parts 201-299 are DFARS). */
  regulation: Regulation | "pgi";
  kind: "section" | "subpart" | "part";
  /** "15.404-1", "9.4", "19". */
  number: string;
  /** "(c)(2)(i)" or "". */
  paragraph: string;
  /** "Alternate I" where one is named. */
  alternate?: string;
  /** Half-open offsets of the words in the text that was parsed. */
  start: number;
  end: number;
}
