/** The one SQLite file: everything FARchat keeps. */
import { Problem } from "../problem.ts";
import { Chunks } from "./chunks.ts";
import { Conversations } from "./conversations.ts";
import { Database, type OpenOptions } from "./database.ts";
import { Directory } from "./directory.ts";
import { Documents } from "./documents.ts";
import { Entries } from "./entries.ts";
import { integrityOf } from "./integrity.ts";
import { Meta } from "./meta.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/mod.ts";
import { Outline } from "./outline.ts";
import { Sections } from "./sections.ts";
import { SettingsTable } from "./settings.ts";
import type { EmbedderRecord, StoreCounts } from "./types.ts";

/** The schema version that this FARchat reads and writes. */
export const SCHEMA_VERSION: number = MIGRATIONS.at(-1)!.version;

/**
 * Opens the database file, creates it when it is missing, and brings an older one up to date after a copy of it
 * (`<name>.before-v<N>.bak` beside it). Throws a Problem for a file that is not FARchat's, is damaged, is from a
 * newer version or can't be written.
 */
export function openStore(options: OpenOptions): Store {
  const db = new Database(options);
  try {
    migrate(db, MIGRATIONS);
    return new Store(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Puts the write-ahead log into the file and does without one, so that the file may be moved; of whatever schema it is.
 * False when another connection has it open: it is then left as it was. Throws a Problem for a damaged file.
 */
export function foldLog(path: string): boolean {
  const db = new Database({ path });
  try {
    return db.leaveLog();
  } finally {
    db.close();
  }
}

/**
 * The tables of one file, a table family a property. Several processes may have the same file open: one that
 * writes makes other writers wait, never readers. Errors are Problems that name no path and no SQL.
 */
export class Store {
  readonly path: string;
  readonly sections: Sections;
  readonly documents: Documents;
  readonly chunks: Chunks;
  readonly entries: Entries;
  readonly outline: Outline;
  readonly conversations: Conversations;
  readonly settings: SettingsTable;
  readonly #db: Database;
  readonly #meta: Meta;
  #counted: { version: number; counts: Omit<StoreCounts, "bytes"> } | undefined;

  /** Use `openStore`. */
  constructor(db: Database) {
    this.#db = db;
    this.#meta = new Meta(db);
    const directory = new Directory(db, this.#meta);
    this.path = db.path;
    this.sections = new Sections(db, directory);
    this.documents = new Documents(db, this.#meta);
    this.chunks = new Chunks(db, this.#meta);
    this.entries = new Entries(db, this.#meta);
    this.outline = new Outline(db, this.#meta, directory);
    this.conversations = new Conversations(db);
    this.settings = new SettingsTable(db);
  }

  /** Who made the vectors in the file; undefined while there are none. */
  embedder(): EmbedderRecord | undefined {
    return this.#meta.embedder();
  }

  /**
   * Records who makes the vectors. When its name differs from the recorded one, all vectors of chunks and entries
   * are removed with it: do that in one `transaction` with the new ones.
   */
  setEmbedder(record: EmbedderRecord): void {
    this.#meta.setEmbedder(record);
  }

  /** Throws a Problem that names `farchat ingest --re-embed` unless the vectors were made just so, or there are none. */
  checkEmbedder(record: EmbedderRecord): void {
    this.#meta.checkEmbedder(record);
  }

  /** Runs `work` in one transaction: all that it changes in this store is stored, or nothing when it throws. */
  transaction<T>(work: () => T): T {
    return this.#db.transaction(work);
  }

  /** How much there is of everything. Counted once for a data version. */
  counts(): StoreCounts {
    const version = this.dataVersion();
    if (this.#counted?.version !== version) this.#counted = { version, counts: this.#count() };
    const bytes = this.#db.pragma("page_count") * this.#db.pragma("page_size");
    return { ...this.#counted.counts, bytes };
  }

  /**
   * A number that is another one after documents, chunks, entries or the outline changed, by whichever process;
   * conversations and settings don't count. For caches.
   */
  dataVersion(): number {
    return this.#meta.dataVersion();
  }

  /** Whether the file still has the schema this FARchat knows: a newer one may have brought it further meanwhile. */
  isCurrent(): boolean {
    return this.#db.pragma("user_version") === SCHEMA_VERSION;
  }

  /** Moves the write-ahead log into the file, as after an ingestion; false when others are in the way. */
  checkpoint(): boolean {
    return this.#db.checkpoint();
  }

  /**
   * Copies the whole file to `path` while it is in use, as a backup. Never copy it by reading it: closing a file
   * descriptor of one's own drops SQLite's locks on it. Throws a Problem when the copy can't be written.
   */
  copyTo(path: string): void {
    try {
      this.conversations.flush();
      this.#db.copyTo(path);
    } catch (cause) {
      throw new Problem("The copy of the database could not be written.", {
        next:
          "Choose a folder that FARchat may write in, on a disk with as much free space as the database takes.",
        status: 500,
        cause,
      });
    }
  }

  /** What is wrong with the file, for logs; empty when nothing is. Reads all of it. */
  integrity(): string[] {
    return integrityOf(this.#db);
  }

  /** Lets SQLite renew the figures it plans its queries by; short, and most often nothing. */
  optimize(): void {
    this.#db.exec("PRAGMA optimize");
  }

  /** Writes what conversations still hold and closes the file; may be called twice. */
  close(): void {
    try {
      this.conversations.close();
    } finally {
      this.#db.close();
    }
  }

  #count(): Omit<StoreCounts, "bytes"> {
    const one = (sql: string) => Number(this.#db.get(sql)?.n ?? 0);
    const sections = { far: 0, dfars: 0, uploads: 0 };
    for (
      const row of this.#db.all(
        "SELECT collection, count(*) AS n FROM sections GROUP BY collection",
      )
    ) {
      sections[row.collection as keyof typeof sections] = Number(row.n);
    }
    return {
      documents: one("SELECT count(*) AS n FROM documents"),
      sections,
      chunks: one("SELECT count(*) AS n FROM chunks"),
      vectors: one("SELECT count(*) AS n FROM chunk_vectors"),
      paragraphs: one("SELECT count(*) AS n FROM paragraphs"),
      words: one("SELECT coalesce(sum(words), 0) AS n FROM documents"),
      entries: {
        questions: one("SELECT count(*) AS n FROM entries WHERE kind = 'question'"),
        briefs: one("SELECT count(*) AS n FROM entries WHERE kind = 'brief'"),
      },
    };
  }
}
