/** Documents: everything that belongs to one is stored, and removed, in one transaction. */
import { createHash } from "node:crypto";
import { Problem } from "../problem.ts";
import { type Database, storable } from "./database.ts";
import type { Meta } from "./meta.ts";
import { sortKey } from "./number_order.ts";
import { documentOf, extraOf } from "./rows.ts";
import { termKey } from "./terms.ts";
import type {
  Collection,
  NewChunk,
  NewDocument,
  Section,
  SectionWithChunks,
  StoredDocument,
} from "./types.ts";
import { vectorBytes } from "./vectors.ts";

export class Documents {
  readonly #db: Database;
  readonly #meta: Meta;

  constructor(db: Database, meta: Meta) {
    this.#db = db;
    this.#meta = meta;
  }

  /** The documents, of one collection or of all, by name. */
  list(collection?: Collection): StoredDocument[] {
    const rows = collection === undefined
      ? this.#db.all("SELECT * FROM documents ORDER BY collection, name, id")
      : this.#db.all("SELECT * FROM documents WHERE collection = ? ORDER BY name, id", collection);
    return rows.map(documentOf);
  }

  get(id: number): StoredDocument | undefined {
    const row = this.#db.get("SELECT * FROM documents WHERE id = ?", id);
    return row && documentOf(row);
  }

  /** The document made from these bytes, if it is in the collection. */
  findBySha256(collection: Collection, sha256: string): StoredDocument | undefined {
    const row = this.#db.get(
      "SELECT * FROM documents WHERE collection = ? AND sha256 = ?",
      collection,
      sha256,
    );
    return row && documentOf(row);
  }

  /** Removes a document with its sections, chunks, word index and vectors; false when there is none. */
  remove(id: number): boolean {
    return this.#db.transaction(() => this.#remove(id));
  }

  /**
   * Stores a document with all that belongs to it in one transaction, in place of the documents `replaces`. Until
   * it returns, readers see what was there before; a process killed half way leaves just that. `sections` is
   * read to its end before the transaction starts, so that other writers wait as shortly as may be.
   *
   * Throws a Problem when the collection has a document of the same bytes that is not replaced, and a
   * RangeError for a chunk outside its section.
   */
  replace(
    document: NewDocument,
    sections: Iterable<SectionWithChunks>,
    options: { replaces?: readonly number[] } = {},
  ): StoredDocument {
    const prepared = Array.from(sections, (item) => prepare(item, document.collection));
    return this.#db.transaction(() => {
      for (const id of options.replaces ?? []) this.#remove(id);
      if (this.findBySha256(document.collection, document.sha256)) {
        throw new Problem(
          `A document with the same content as "${document.name}" is stored already.`,
          {
            next: "Nothing has to be done; remove the stored one first to load it again.",
            status: 409,
          },
        );
      }
      const id = this.#add(document, prepared);
      this.#meta.changed();
      return this.get(id)!;
    });
  }

  #add(document: NewDocument, prepared: Prepared[]): number {
    const { lastId } = this.#db.run(
      `INSERT INTO documents (collection, name, sha256, media_type, bytes, version_date, sections, words,
         chunks, notices, ingested) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      document.collection,
      document.name,
      document.sha256,
      document.mediaType,
      document.bytes,
      document.versionDate ?? null,
      prepared.length,
      prepared.reduce((sum, item) => sum + item.words, 0),
      prepared.reduce((sum, item) => sum + item.chunks.length, 0),
      JSON.stringify(document.notices),
      Date.now(),
    );
    const added = prepared.flatMap((item) => this.#addSection(lastId, item));
    // One index after the other: FTS5 writes out what it holds whenever another table is written in between,
    // which takes three times as long.
    for (const { id, section, chunk } of added) this.#indexWords(id, section, chunk);
    for (const { id, section, chunk } of added) this.#indexMeaning(id, section, chunk);
    return lastId;
  }

  #addSection(document: number, { section, chunks, words, sha256 }: Prepared): Added[] {
    const { lastId } = this.#db.run(
      `INSERT INTO sections (document, collection, number, sort_key, title, position, reserved, words,
         text_sha256, path, clause, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      document,
      section.collection,
      section.number,
      sortKey(section.number),
      section.title,
      section.order,
      section.reserved ? 1 : 0,
      words,
      sha256,
      JSON.stringify(section.path),
      section.clause ? JSON.stringify(section.clause) : null,
      section.text,
    );
    section.paragraphs.forEach((paragraph, position) =>
      this.#db.run(
        `INSERT INTO paragraphs (section, position, designator, anchor, level, kind, start_offset,
           end_offset, term, term_key, extra) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        lastId,
        position,
        paragraph.designator,
        paragraph.anchor,
        paragraph.level,
        paragraph.kind,
        paragraph.start,
        paragraph.end,
        paragraph.term ?? null,
        paragraph.term === undefined ? null : termKey(paragraph.term),
        extraOf(paragraph),
      )
    );
    return chunks.map((chunk, position) => ({
      id: this.#addChunk(lastId, section.collection, chunk, position),
      section,
      chunk,
    }));
  }

  #addChunk(section: number, collection: Collection, chunk: NewChunk, position: number): number {
    return this.#db.run(
      `INSERT INTO chunks (section, collection, position, start_offset, end_offset, anchor, tokens, hash,
         context) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      section,
      collection,
      position,
      chunk.start,
      chunk.end,
      chunk.anchor,
      chunk.tokens,
      chunk.hash,
      chunk.context,
    ).lastId;
  }

  #indexWords(id: number, section: Section, chunk: NewChunk): void {
    this.#db.run(
      "INSERT INTO chunks_fts (rowid, title, context, body) VALUES (?, ?, ?, ?)",
      id,
      `${section.number} ${section.title}`,
      chunk.context,
      section.text.slice(chunk.start, chunk.end),
    );
  }

  #indexMeaning(id: number, section: Section, chunk: NewChunk): void {
    if (!chunk.vector) return;
    this.#db.run(
      "INSERT INTO chunk_vectors (id, collection, embedding) VALUES (?, ?, ?)",
      BigInt(id),
      section.collection,
      vectorBytes(chunk.vector),
    );
  }

  #remove(id: number): boolean {
    const chunks = this.#db.all(
      "SELECT chunks.id FROM sections JOIN chunks ON chunks.section = sections.id WHERE sections.document = ?",
      id,
    );
    // One index after the other, as in #add.
    for (const chunk of chunks) {
      this.#db.run("DELETE FROM chunks_fts WHERE rowid = ?", Number(chunk.id));
    }
    for (const chunk of chunks) {
      this.#db.run("DELETE FROM chunk_vectors WHERE id = ?", BigInt(Number(chunk.id)));
    }
    // Sections, paragraphs and chunks follow by their foreign keys.
    const removed = this.#db.run("DELETE FROM documents WHERE id = ?", id).changes > 0;
    if (removed) this.#meta.changed();
    return removed;
  }
}

/** A chunk as stored, for the indexes. */
interface Added {
  id: number;
  section: Section;
  chunk: NewChunk;
}

interface Prepared extends SectionWithChunks {
  words: number;
  sha256: string;
}

function prepare({ section, chunks }: SectionWithChunks, collection: Collection): Prepared {
  if (section.collection !== collection) {
    throw new TypeError(
      `A section of ${collection} was expected, one of ${section.collection} found`,
    );
  }
  for (const { start, end } of chunks) {
    if (!(start >= 0 && start <= end && end <= section.text.length)) {
      throw new RangeError(
        `Chunk ${start}-${end} is not inside section ${section.number} of ${section.text.length} characters`,
      );
    }
  }
  return {
    section,
    chunks,
    words: section.text.match(/\S+/g)?.length ?? 0,
    sha256: createHash("sha256").update(storable(section.text)).digest("hex"),
  };
}
