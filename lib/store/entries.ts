/** Our own words about sections: questions people ask of them, and briefs. Never the regulation's text. */
import { vectorRows } from "./all_vectors.ts";
import type { Database, Row } from "./database.ts";
import type { Meta } from "./meta.ts";
import type { Collection, Hit, NewEntry, Regulation, StoredEntry } from "./types.ts";
import { hitsOfDistance, limitOf, onlyCollections, toInt8, vectorBytes } from "./vectors.ts";
import { quoteWords, searchWords } from "./word_search.ts";

/** Which entries to search; all when absent. */
export interface EntryFilter {
  kind?: NewEntry["kind"];
  collections?: readonly Collection[];
}

export class Entries {
  readonly #db: Database;
  readonly #meta: Meta;

  constructor(db: Database, meta: Meta) {
    this.#db = db;
    this.#meta = meta;
  }

  /** The version given to the last `replaceAll`. */
  version(): string | undefined {
    return this.#meta.get("entries_version");
  }

  /** Puts these in the place of all entries, in one transaction. */
  replaceAll(version: string, entries: Iterable<NewEntry>): void {
    this.#db.transaction(() => {
      this.#db.run("DELETE FROM entries");
      this.#db.run("DELETE FROM entry_vectors");
      this.#db.run("INSERT INTO entries_fts (entries_fts) VALUES ('delete-all')");
      const added = Array.from(entries, (entry) => ({ id: this.#add(entry), entry }));
      // One index after the other, as documents.ts does.
      for (const { id, entry } of added) {
        this.#db.run("INSERT INTO entries_fts (rowid, text) VALUES (?, ?)", id, entry.text);
      }
      for (const { id, entry } of added) {
        if (entry.vector) this.#addVector(id, entry.kind, entry.collection, entry.vector);
      }
      this.#meta.set("entries_version", version);
      this.#meta.changed();
    });
  }

  /** Gives entries their vectors, in one transaction; ids that are no more are left out. */
  setVectors(rows: Iterable<{ id: number; vector: Int8Array | Float32Array }>): void {
    this.#db.transaction(() => {
      for (const { id, vector } of rows) {
        const entry = this.#db.get("SELECT kind, collection FROM entries WHERE id = ?", id);
        if (!entry) continue;
        this.#db.run("DELETE FROM entry_vectors WHERE id = ?", BigInt(id));
        this.#addVector(
          id,
          entry.kind as NewEntry["kind"],
          entry.collection as Regulation,
          vector instanceof Int8Array ? vector : toInt8(vector),
        );
      }
      this.#meta.changed();
    });
  }

  /** How many entries have a vector. */
  vectors(): number {
    return Number(this.#db.get("SELECT count(*) AS n FROM entry_vectors")?.n ?? 0);
  }

  /** The best entries by BM25, best first; a malformed MATCH expression throws a Problem. */
  searchWords(match: string, limit: number, filter: EntryFilter = {}): Hit[] {
    const only = onlyEntries("entries.", filter);
    return searchWords(
      this.#db,
      `SELECT entries_fts.rowid AS id, entries_fts.rank AS score FROM entries_fts
       ${only && "JOIN entries ON entries.id = entries_fts.rowid"}
       WHERE entries_fts MATCH ? ${only} ORDER BY entries_fts.rank LIMIT ?`,
      match,
      limitOf(limit, 100_000),
    );
  }

  /** The nearest entries by cosine, best first; at most 4096. */
  searchVectors(vector: Float32Array, limit: number, filter: EntryFilter = {}): Hit[] {
    return hitsOfDistance(this.#db.all(
      `SELECT id, distance FROM entry_vectors WHERE embedding MATCH vec_int8(?) AND k = ?
       ${onlyEntries("", filter)}`,
      vectorBytes(toInt8(vector)),
      limitOf(limit),
    ));
  }

  /** Entries in the order of `ids`; ids that are no more are left out. */
  get(ids: readonly number[]): StoredEntry[] {
    const found: StoredEntry[] = [];
    for (const id of ids) {
      const row = this.#db.get("SELECT * FROM entries WHERE id = ?", id);
      if (row) found.push(entryOf(row));
    }
    return found;
  }

  /** Every entry, in the order of ids: for an index in memory. */
  all(): StoredEntry[] {
    return this.#db.all("SELECT * FROM entries ORDER BY id").map(entryOf);
  }

  /** Every vector there is, in no particular order: for an index in memory. */
  allVectors(): { id: number; vector: Int8Array }[] {
    return [...this.eachVector()];
  }

  /** The same one after the other. */
  *eachVector(): Generator<{ id: number; vector: Int8Array }> {
    for (const { id, bytes } of vectorRows(this.#db, "entry_vectors")) {
      yield { id, vector: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
    }
  }

  /** Entries that have no vector, in order: what is left to embed. */
  withoutVector(limit: number): StoredEntry[] {
    return this.#db.all(
      `SELECT * FROM entries WHERE id NOT IN (SELECT id FROM entry_vectors) ORDER BY id LIMIT ?`,
      limitOf(limit, 1_000_000),
    ).map(entryOf);
  }

  /** The brief of a section. */
  brief(collection: Collection, number: string): StoredEntry | undefined {
    return this.#of(collection, number, "brief")[0];
  }

  /** The questions this section answers. */
  questionsOf(collection: Collection, number: string): StoredEntry[] {
    return this.#of(collection, number, "question");
  }

  /**
   * Questions to offer while somebody types: those with all the words, the last of which may be unfinished, and
   * then, to fill up, those with some. Any text is safe.
   */
  suggest(prefixWords: string, limit: number): StoredEntry[] {
    const words = prefixWords.match(/[\p{L}\p{N}]+/gu)?.slice(0, 24) ?? [];
    if (words.length === 0) return [];
    const terms = words.map((word, i) => quoteWords(word) + (i === words.length - 1 ? "*" : ""));
    const found = new Set<number>();
    for (const joint of [" ", " OR "]) {
      if (found.size >= limit) break;
      for (const hit of this.searchWords(terms.join(joint), limit, { kind: "question" })) {
        if (found.size < limit) found.add(hit.id);
      }
    }
    return this.get([...found]);
  }

  #of(collection: Collection, number: string, kind: NewEntry["kind"]): StoredEntry[] {
    return this.#db.all(
      "SELECT * FROM entries WHERE collection = ? AND number = ? AND kind = ? ORDER BY id",
      collection,
      number,
      kind,
    ).map(entryOf);
  }

  #add(entry: NewEntry): number {
    return this.#db.run(
      "INSERT INTO entries (kind, collection, number, text, text_sha256) VALUES (?, ?, ?, ?, ?)",
      entry.kind,
      entry.collection,
      entry.number,
      entry.text,
      entry.textSha256 ?? null,
    ).lastId;
  }

  #addVector(id: number, kind: NewEntry["kind"], collection: Regulation, vector: Int8Array): void {
    this.#db.run(
      "INSERT INTO entry_vectors (id, kind, collection, embedding) VALUES (?, ?, ?, vec_int8(?))",
      BigInt(id),
      kind,
      collection,
      vectorBytes(vector),
    );
  }
}

function onlyEntries(table: string, filter: EntryFilter): string {
  const kind = filter.kind === undefined
    ? ""
    : `AND ${table}kind = '${filter.kind === "brief" ? "brief" : "question"}'`;
  return `${kind} ${onlyCollections(`${table}collection`, filter.collections)}`.trim();
}

function entryOf(row: Row): StoredEntry {
  return {
    id: Number(row.id),
    kind: row.kind as NewEntry["kind"],
    collection: row.collection as Regulation,
    number: String(row.number),
    text: String(row.text),
    ...(row.text_sha256 === null ? {} : { textSha256: String(row.text_sha256) }),
  };
}
