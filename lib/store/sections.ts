/** Sections and their paragraphs, as loaded. */
import type { Database, Row } from "./database.ts";
import type { Directory } from "./directory.ts";
import { sectionOf, SUMMARY_COLUMNS, summaryOf } from "./rows.ts";
import { termKey } from "./terms.ts";
import type { Collection, Regulation, SectionSummary, StoredSection } from "./types.ts";

const WHOLE_SECTION = `SELECT sections.*, documents.version_date
  FROM sections JOIN documents ON documents.id = sections.document`;

export class Sections {
  readonly #db: Database;
  readonly #directory: Directory;

  constructor(db: Database, directory: Directory) {
    this.#db = db;
    this.#directory = directory;
  }

  /** The sections of this number with their text: none, one, or all the duplicates, in order. */
  get(collection: Collection, number: string): StoredSection[] {
    return this.#db.all(
      `${WHOLE_SECTION} WHERE sections.collection = ? AND sections.number = ?
       ORDER BY sections.document, sections.position`,
      collection,
      number,
    ).map((row) => this.#whole(row));
  }

  /** One section with its text. */
  byId(id: number): StoredSection | undefined {
    const row = this.#db.get(`${WHOLE_SECTION} WHERE sections.id = ?`, id);
    return row && this.#whole(row);
  }

  /** Summaries in the order of `ids`; ids that are no more are left out. */
  byIds(ids: readonly number[]): SectionSummary[] {
    const found: SectionSummary[] = [];
    for (const id of ids) {
      const row = this.#db.get(`SELECT ${SUMMARY_COLUMNS} FROM sections WHERE id = ?`, id);
      if (row) found.push(summaryOf(row));
    }
    return found;
  }

  /**
   * The sections before and after, other numbers than its own: in its regulation, where the outline fills in
   * what is not loaded (id 0), or in its document for an upload.
   */
  neighbours(id: number): { previous?: SectionSummary; next?: SectionSummary } {
    const row = this.#db.get(
      "SELECT collection, number, document, position FROM sections WHERE id = ?",
      id,
    );
    if (!row) return {};
    if (row.collection !== "uploads") {
      return this.#directory.neighbours(row.collection as Regulation, String(row.number));
    }
    const beside = (comparison: string, order: string) => {
      const found = this.#db.get(
        `SELECT ${SUMMARY_COLUMNS} FROM sections
         WHERE document = ? AND position ${comparison} ? AND number <> ? ORDER BY position ${order} LIMIT 1`,
        Number(row.document),
        Number(row.position),
        String(row.number),
      );
      return found && summaryOf(found);
    };
    const previous = beside("<", "DESC");
    const next = beside(">", "ASC");
    return { ...(previous && { previous }), ...(next && { next }) };
  }

  /** Whether a section of this number is loaded. */
  has(collection: Collection, number: string): boolean {
    return this.#db.get(
      "SELECT 1 FROM sections WHERE collection = ? AND number = ? LIMIT 1",
      collection,
      number,
    ) !== undefined;
  }

  /** The distinct numbers loaded, in the regulation's order. */
  numbers(collection: Collection): string[] {
    return this.#db.all(
      "SELECT DISTINCT number, sort_key FROM sections WHERE collection = ? ORDER BY sort_key, number",
      collection,
    ).map((row) => String(row.number));
  }

  /** The sections of a document, in its order. */
  ofDocument(document: number): SectionSummary[] {
    return this.#db.all(
      `SELECT ${SUMMARY_COLUMNS} FROM sections WHERE document = ? ORDER BY position`,
      document,
    ).map(summaryOf);
  }

  /**
   * Where a term is defined, in any case and number ("small businesses" finds "Small business"): the general
   * definitions (2.101, 202.101) first, then the others in order.
   */
  definition(term: string): { section: SectionSummary; anchor: string }[] {
    const key = termKey(term);
    if (key === "") return [];
    return this.#db.all(
      `SELECT ${SUMMARY_COLUMNS}, paragraphs.anchor
       FROM paragraphs JOIN sections ON sections.id = paragraphs.section
       WHERE paragraphs.term_key = ?
       ORDER BY sections.collection = 'uploads',
         CASE sections.number WHEN '2.101' THEN 0 WHEN '202.101' THEN 1 ELSE 2 END,
         sections.sort_key, sections.id, paragraphs.position`,
      key,
    ).map((row) => ({ section: summaryOf(row), anchor: String(row.anchor) }));
  }

  #whole(row: Row): StoredSection {
    const paragraphs = this.#db.all(
      "SELECT * FROM paragraphs WHERE section = ? ORDER BY position",
      Number(row.id),
    );
    return sectionOf(row, paragraphs);
  }
}
