/** From rows to the types of types.ts. */
import type { Row } from "./database.ts";
import type {
  Collection,
  Paragraph,
  Section,
  SectionSummary,
  StoredDocument,
  StoredSection,
} from "./types.ts";

/** Columns of a section without its text; `sections` may be joined with other tables. */
export const SUMMARY_COLUMNS =
  "sections.id, sections.collection, sections.number, sections.title, sections.reserved, sections.path, sections.clause";

export function summaryOf(row: Row): SectionSummary {
  return {
    id: Number(row.id),
    collection: row.collection as Collection,
    number: String(row.number),
    title: String(row.title),
    reserved: row.reserved === 1,
    path: pathOf(row.path),
    ...clauseOf(row),
  };
}

/** A section from its row (with `version_date` of its document) and its paragraphs' rows. */
export function sectionOf(row: Row, paragraphs: Row[]): StoredSection {
  return {
    ...summaryOf(row),
    document: Number(row.document),
    order: Number(row.position),
    text: String(row.text),
    textSha256: String(row.text_sha256),
    paragraphs: paragraphs.map(paragraphOf),
    ...(row.version_date === null ? {} : { versionDate: String(row.version_date) }),
  };
}

export function documentOf(row: Row): StoredDocument {
  return {
    id: Number(row.id),
    collection: row.collection as Collection,
    name: String(row.name),
    sha256: String(row.sha256),
    mediaType: String(row.media_type),
    bytes: Number(row.bytes),
    ...(row.version_date === null ? {} : { versionDate: String(row.version_date) }),
    sections: Number(row.sections),
    words: Number(row.words),
    chunks: Number(row.chunks),
    notices: JSON.parse(String(row.notices)),
    ingested: Number(row.ingested),
  };
}

/** What of a paragraph goes into the `extra` column: null for most. */
export function extraOf(paragraph: Paragraph): string | null {
  const { spans, table } = paragraph;
  return spans || table ? JSON.stringify({ spans, table }) : null;
}

function paragraphOf(row: Row): Paragraph {
  return {
    designator: String(row.designator),
    anchor: String(row.anchor),
    level: Number(row.level),
    kind: row.kind as Paragraph["kind"],
    start: Number(row.start_offset),
    end: Number(row.end_offset),
    ...(row.term === null ? {} : { term: String(row.term) }),
    ...(row.extra === null ? {} : JSON.parse(String(row.extra))),
  };
}

/** Headings above a section. Sections of a subpart have the same ones: parsed once, and shared, so frozen. */
export function pathOf(json: unknown): Section["path"] {
  const text = String(json);
  let path = paths.get(text);
  if (!path) {
    path = JSON.parse(text) as Section["path"];
    path.forEach(Object.freeze);
    Object.freeze(path);
    // The FAR and the DFARS have about 700; documents come and go.
    if (paths.size > 5000) paths.clear();
    paths.set(text, path);
  }
  return path;
}

const paths = new Map<string, Section["path"]>();

function clauseOf(row: Row): Pick<SectionSummary, "clause"> {
  return row.clause === null ? {} : { clause: JSON.parse(String(row.clause)) };
}
