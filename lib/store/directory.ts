/**
 * The sections of a regulation in order, the loaded ones and those only the outline knows, kept in memory: 5,500
 * summaries, read again when the corpus changed.
 */
import type { Database, Row } from "./database.ts";
import type { Meta } from "./meta.ts";
import { SUMMARY_COLUMNS, summaryOf } from "./rows.ts";
import type { Regulation, SectionSummary } from "./types.ts";

/** A regulation's sections in order, and where in the list each number comes first. */
export interface Listing {
  sections: SectionSummary[];
  first: Map<string, number>;
}

export class Directory {
  readonly #db: Database;
  readonly #meta: Meta;
  readonly #listings = new Map<Regulation, Listing>();
  #version = -1;

  constructor(db: Database, meta: Meta) {
    this.#db = db;
    this.#meta = meta;
  }

  /** Duplicates of a number stand beside each other, in the order they were loaded. */
  listing(collection: Regulation): Listing {
    const version = this.#meta.dataVersion();
    if (version !== this.#version) {
      this.#listings.clear();
      this.#version = version;
    }
    let listing = this.#listings.get(collection);
    if (!listing) this.#listings.set(collection, listing = this.#read(collection));
    return listing;
  }

  /** The sections of this number: all the duplicates. */
  find(collection: Regulation, number: string): SectionSummary[] {
    const { sections, first } = this.listing(collection);
    const start = first.get(number);
    if (start === undefined) return [];
    let end = start;
    while (sections[end]?.number === number) end++;
    return sections.slice(start, end);
  }

  /** The sections before and after a number that exists. */
  neighbours(
    collection: Regulation,
    number: string,
  ): { previous?: SectionSummary; next?: SectionSummary } {
    const { sections, first } = this.listing(collection);
    const start = first.get(number);
    if (start === undefined) return {};
    const next = sections[start + this.find(collection, number).length];
    const before = sections[start - 1];
    const previous = before && sections[first.get(before.number)!];
    return { ...(previous && { previous }), ...(next && { next }) };
  }

  #read(collection: Regulation): Listing {
    const loaded = this.#db.all(
      `SELECT ${SUMMARY_COLUMNS}, sort_key FROM sections WHERE collection = ?
       ORDER BY sort_key, number, document, position`,
      collection,
    );
    const outlined = this.#db.all(
      `SELECT 0 AS id, collection, number, title, reserved, path, NULL AS clause, sort_key FROM outline
       WHERE collection = ? AND number NOT IN (SELECT number FROM sections WHERE collection = ?)
       ORDER BY sort_key, number, id`,
      collection,
      collection,
    );
    const sections = merge(loaded, outlined).map(summaryOf);
    const first = new Map<string, number>();
    sections.forEach(({ number }, i) => first.has(number) || first.set(number, i));
    return { sections, first };
  }
}

/** Two lists in order as one. */
function merge(a: Row[], b: Row[]): Row[] {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
  return [...a, ...b].sort((x, y) => {
    const [left, right] = [String(x.sort_key), String(y.sort_key)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}
