/** Chunks: what is searched, by words and by meaning. */
import { Problem } from "../problem.ts";
import { vectorRows } from "./all_vectors.ts";
import type { Database, Row } from "./database.ts";
import type { Meta } from "./meta.ts";
import { pathOf } from "./rows.ts";
import type { Collection, Hit, StoredChunk } from "./types.ts";
import { floatVector, hitsOfDistance, limitOf, onlyCollections, vectorBytes } from "./vectors.ts";
import { searchWords } from "./word_search.ts";

/** What a word counts in each column of the word index. */
export interface ChunkWeights {
  /** In the section's number and title. */
  title: number;
  /** In the headings and the lead-in before the chunk. */
  context: number;
  body: number;
}

const EQUAL: ChunkWeights = { title: 1, context: 1, body: 1 };

const WITH_SECTION = `SELECT chunks.*, sections.number, sections.title, sections.path, sections.text
  FROM chunks JOIN sections ON sections.id = chunks.section`;

export class Chunks {
  readonly #db: Database;
  readonly #meta: Meta;

  constructor(db: Database, meta: Meta) {
    this.#db = db;
    this.#meta = meta;
  }

  /**
   * The best chunks by BM25 for an FTS5 MATCH expression, best first. Throws a Problem for a malformed expression
   * (`quoteWords` makes well-formed ones); finds nothing for an empty one.
   */
  searchWords(
    match: string,
    limit: number,
    collections?: readonly Collection[],
    weights: ChunkWeights = EQUAL,
  ): Hit[] {
    const only = onlyCollections("chunks.collection", collections);
    const rank = `bm25(${[weights.title, weights.context, weights.body].map(weightOf).join(", ")})`;
    return searchWords(
      this.#db,
      `SELECT chunks_fts.rowid AS id, chunks_fts.rank AS score FROM chunks_fts
       ${only && "JOIN chunks ON chunks.id = chunks_fts.rowid"}
       WHERE chunks_fts MATCH ? AND chunks_fts.rank MATCH ? ${only} ORDER BY chunks_fts.rank LIMIT ?`,
      match,
      rank,
      limitOf(limit, 100_000),
    );
  }

  /** The nearest chunks by cosine, best first; at most 4096. */
  searchVectors(
    vector: Float32Array,
    limit: number,
    collections?: readonly Collection[],
  ): Hit[] {
    return hitsOfDistance(this.#db.all(
      `SELECT id, distance FROM chunk_vectors WHERE embedding MATCH ? AND k = ?
       ${onlyCollections("collection", collections)}`,
      vectorBytes(vector),
      limitOf(limit),
    ));
  }

  /** Chunks with their text, in the order of `ids`; ids that are no more are left out. */
  get(ids: readonly number[]): StoredChunk[] {
    const found: StoredChunk[] = [];
    for (const id of ids) {
      const row = this.#db.get(`${WITH_SECTION} WHERE chunks.id = ?`, id);
      if (row) found.push(chunkOf(row));
    }
    return found;
  }

  /** A section's chunks, in order. */
  ofSection(sectionId: number): StoredChunk[] {
    return this.#db.all(
      `${WITH_SECTION} WHERE chunks.section = ? ORDER BY chunks.position`,
      sectionId,
    ).map(chunkOf);
  }

  /** The vectors of these chunks, of those that have one. */
  vectorsOf(ids: readonly number[]): Map<number, Float32Array> {
    const vectors = new Map<number, Float32Array>();
    for (const id of ids) {
      const vector = this.#vector(id);
      if (vector) vectors.set(id, vector);
    }
    return vectors;
  }

  /** Every chunk's section, in the order of ids: for an index in memory. */
  places(): { id: number; sectionId: number }[] {
    return this.#db.all("SELECT id, section FROM chunks ORDER BY id")
      .map((row) => ({ id: Number(row.id), sectionId: Number(row.section) }));
  }

  /** Every vector there is, in no particular order: for an index in memory. */
  allVectors(): { id: number; vector: Float32Array }[] {
    return [...this.eachVector()];
  }

  /** The same one after the other: together they take 21 MB for both regulations. */
  *eachVector(): Generator<{ id: number; vector: Float32Array }> {
    for (const { id, bytes } of vectorRows(this.#db, "chunk_vectors")) {
      yield { id, vector: new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4) };
    }
  }

  /**
   * Vectors already made for texts with these hashes, staged or stored; `embedder` is the model's name, the
   * recorded one when absent. Stored vectors count only for the recorded model.
   */
  vectorsByHash(hashes: Iterable<string>, embedder?: string): Map<string, Float32Array> {
    const recorded = this.#meta.embedder()?.name;
    const name = embedder ?? recorded;
    const vectors = new Map<string, Float32Array>();
    if (name === undefined) return vectors;
    for (const hash of hashes) {
      const staged = this.#db.get(
        "SELECT vector FROM staged_vectors WHERE hash = ? AND embedder = ?",
        hash,
        name,
      );
      const vector = staged ? floatVector(staged.vector) : this.#storedByHash(hash, recorded, name);
      if (vector) vectors.set(hash, vector);
    }
    return vectors;
  }

  /**
   * Keeps vectors of texts whose document is not stored yet, in a short transaction of its own: what was
   * computed before a kill is not computed again. `embedder` as for `vectorsByHash`.
   */
  stage(rows: Iterable<{ hash: string; vector: Float32Array }>, embedder?: string): void {
    const name = embedder ?? this.#meta.embedder()?.name;
    if (name === undefined) {
      throw new Problem(
        "Vectors were to be stored, but the database has no record of their model.",
        {
          next: "Record the model before its vectors (setEmbedder).",
          status: 500,
        },
      );
    }
    this.#db.transaction(() => {
      for (const { hash, vector } of rows) {
        this.#db.run(
          "INSERT OR REPLACE INTO staged_vectors (hash, embedder, vector) VALUES (?, ?, ?)",
          hash,
          name,
          vectorBytes(vector),
        );
      }
    });
  }

  /** Forgets the staged vectors, once their documents are stored. */
  clearStaged(): void {
    this.#db.transaction(() => this.#db.run("DELETE FROM staged_vectors"));
  }

  /**
   * Gives chunks that were stored without a vector theirs, e.g. when the model was unavailable at ingestion.
   * Ids that are no more are left out. One transaction.
   */
  setVectors(rows: Iterable<{ id: number; vector: Float32Array }>): void {
    this.#db.transaction(() => {
      for (const { id, vector } of rows) {
        const chunk = this.#db.get("SELECT collection FROM chunks WHERE id = ?", id);
        if (!chunk) continue;
        this.#db.run("DELETE FROM chunk_vectors WHERE id = ?", BigInt(id));
        this.#db.run(
          "INSERT INTO chunk_vectors (id, collection, embedding) VALUES (?, ?, ?)",
          BigInt(id),
          String(chunk.collection),
          vectorBytes(vector),
        );
      }
      this.#meta.changed();
    });
  }

  /** Chunks that have no vector, in order: what is left to embed. */
  withoutVector(limit: number): StoredChunk[] {
    return this.#db.all(
      `${WITH_SECTION} WHERE chunks.id NOT IN (SELECT id FROM chunk_vectors) ORDER BY chunks.id LIMIT ?`,
      limitOf(limit, 1_000_000),
    ).map(chunkOf);
  }

  #storedByHash(hash: string, recorded: string | undefined, name: string) {
    if (recorded !== name) return undefined;
    // The first one may have been stored without a vector.
    for (const row of this.#db.all("SELECT id FROM chunks WHERE hash = ? ORDER BY id", hash)) {
      const vector = this.#vector(Number(row.id));
      if (vector) return vector;
    }
    return undefined;
  }

  #vector(id: number): Float32Array | undefined {
    const row = this.#db.get("SELECT embedding FROM chunk_vectors WHERE id = ?", BigInt(id));
    return row && floatVector(row.embedding);
  }
}

function weightOf(weight: number): string {
  if (!Number.isFinite(weight)) {
    throw new RangeError(`A finite weight was expected, found ${weight}`);
  }
  return weight.toFixed(4);
}

function chunkOf(row: Row): StoredChunk {
  const start = Number(row.start_offset);
  const end = Number(row.end_offset);
  return {
    id: Number(row.id),
    sectionId: Number(row.section),
    collection: row.collection as Collection,
    section: String(row.number),
    title: String(row.title),
    path: pathOf(row.path),
    start,
    end,
    anchor: String(row.anchor),
    context: String(row.context),
    text: String(row.text).slice(start, end),
  };
}
