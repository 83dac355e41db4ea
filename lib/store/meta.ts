/** Small facts about the file itself, by key. */
import type { Database } from "./database.ts";
import { Problem } from "../problem.ts";
import type { EmbedderRecord } from "./types.ts";
import { checkDimensions } from "./vectors.ts";

export class Meta {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get(key: string): string | undefined {
    const row = this.#db.get("SELECT value FROM meta WHERE key = ?", key);
    return row && String(row.value);
  }

  set(key: string, value: string): void {
    this.#db.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", key, value);
  }

  /** A number that another one takes the place of whenever the corpus changes. */
  dataVersion(): number {
    return Number(this.get("data_version") ?? 0);
  }

  /** Says, in the caller's transaction, that sections, chunks, entries or the outline changed. */
  changed(): void {
    // Random, not counted: a number seen in a transaction that was rolled back must not come again.
    this.set("data_version", String(Math.floor(Math.random() * 2 ** 48) + 1));
  }

  embedder(): EmbedderRecord | undefined {
    const record = this.get("embedder");
    return record === undefined ? undefined : JSON.parse(record);
  }

  /**
   * Records who makes the vectors. When the model is another than before, the vectors it did not make are
   * removed in the same transaction: two models' vectors can't be compared.
   */
  setEmbedder(record: EmbedderRecord): void {
    checkDimensions(record.dimensions);
    const { name, dimensions, version } = record;
    this.#db.transaction(() => {
      const before = this.embedder();
      if (before && before.name !== name) {
        this.#db.run("DELETE FROM chunk_vectors");
        this.#db.run("DELETE FROM entry_vectors");
        this.changed();
      }
      this.set("embedder", JSON.stringify({ name, dimensions, version }));
    });
  }

  /** Throws a Problem when the vectors in the file were made otherwise; fine when there are none yet. */
  checkEmbedder(record: EmbedderRecord): void {
    const before = this.embedder();
    if (
      !before || before.name === record.name && before.dimensions === record.dimensions &&
        before.version === record.version
    ) return;
    const describe = (r: EmbedderRecord) =>
      `"${r.name}" (${r.dimensions} dimensions, version ${r.version})`;
    throw new Problem(
      `The vectors in the database were made by ${describe(before)}, but the model now is ${
        describe(record)
      }.`,
      { next: "Run `farchat ingest --re-embed` to make them anew.", status: 409 },
    );
  }
}
