/** The connection: pragmas, cached statements, transactions, and SQLite's errors in words for people. */
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { backup, DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { getLoadablePath } from "sqlite-vec";
import { Problem } from "../problem.ts";
import { asProblem, damaged, isBusy, notADatabase } from "./errors.ts";

export type Row = Record<string, unknown>;
export type Value = SQLInputValue;

/** How to open a file. */
export interface OpenOptions {
  /** The database file; it and its folder are created when missing. */
  path: string;
  /** How long to wait for another process that writes, in milliseconds; 5000 when absent. */
  busyTimeoutMs?: number;
  /** Where sqlite-vec's library is, when not in its npm package (a compiled program unpacks it). */
  vectorExtension?: string;
}

/** "FARc" in ASCII: marks a file as FARchat's (https://sqlite.org/pragma.html#pragma_application_id). */
export const APPLICATION_ID = 0x46415263;

/** One connection to the file. Every method throws Problems in place of SQLite's errors. */
export class Database {
  readonly path: string;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #busyTimeoutMs: number;
  #depth = 0;
  #closed = false;

  /** Opens the file, or creates it. Throws a Problem for a file that is no database, damaged or out of reach. */
  constructor(options: OpenOptions) {
    this.path = options.path;
    this.#busyTimeoutMs = options.busyTimeoutMs ?? 5000;
    this.#db = problems(() => {
      makeFolder(options.path);
      return new DatabaseSync(options.path, { allowExtension: true });
    });
    try {
      problems(() => {
        this.#db.exec(`PRAGMA busy_timeout = ${Math.trunc(this.#busyTimeoutMs)}`);
        this.#refuseOthers();
        this.#db.exec("PRAGMA journal_mode = WAL");
        // In WAL mode NORMAL loses at most the last commits on a power cut, and never damages the file.
        this.#db.exec("PRAGMA synchronous = NORMAL");
        this.#db.exec("PRAGMA foreign_keys = ON");
        // What people delete, and the drafts of answers, are overwritten; it costs ingestion nothing measurable.
        this.#db.exec("PRAGMA secure_delete = ON");
        // Storing a whole regulation makes a large write-ahead log; it is cut back to this afterwards.
        this.#db.exec("PRAGMA journal_size_limit = 16777216");
        // 16 MiB of pages: the inner nodes of every index and the word index's hot parts.
        this.#db.exec("PRAGMA cache_size = -16384");
        this.#db.exec("PRAGMA temp_store = MEMORY");
      });
      loadVectors(this.#db, options.vectorExtension);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /** The file's name without its folder, fit to be shown. */
  get name(): string {
    return basename(this.path);
  }

  /** All rows. */
  all(sql: string, ...values: Value[]): Row[] {
    return problems(() => this.#statement(sql).all(...values.map(storable)) as Row[]);
  }

  /** The first row. */
  get(sql: string, ...values: Value[]): Row | undefined {
    return problems(() => this.#statement(sql).get(...values.map(storable)) as Row | undefined);
  }

  /** Runs a statement; returns how many rows it changed and the id of the last row inserted. */
  run(sql: string, ...values: Value[]): { changes: number; lastId: number } {
    return problems(() => {
      const { changes, lastInsertRowid } = this.#statement(sql).run(...values.map(storable));
      return { changes: Number(changes), lastId: Number(lastInsertRowid) };
    });
  }

  /** Runs statements without values and results. */
  exec(sql: string): void {
    problems(() => this.#db.exec(sql));
  }

  /** An integer pragma such as "user_version". */
  pragma(name: string): number {
    return Number(Object.values(this.get(`PRAGMA ${name}`) ?? {})[0] ?? 0);
  }

  /**
   * Runs `work` in a transaction: all of it is stored, or, when it throws, nothing. It takes the right to write
   * at once (IMMEDIATE), so that it never fails half way because another process wrote. A transaction inside
   * another is a savepoint of it.
   */
  transaction<T>(work: () => T): T {
    const savepoint = `level_${this.#depth}`;
    this.exec(this.#depth === 0 ? "BEGIN IMMEDIATE" : `SAVEPOINT ${savepoint}`);
    this.#depth++;
    try {
      const result = work();
      if (result instanceof Promise) {
        throw new TypeError(
          "A transaction's work was expected to end before it returns, found a promise",
        );
      }
      this.exec(this.#depth === 1 ? "COMMIT" : `RELEASE ${savepoint}`);
      return result;
    } catch (error) {
      // A full disk ends the transaction by itself; there is nothing to roll back then.
      if (this.#db.isTransaction) {
        this.#db.exec(
          this.#depth === 1 ? "ROLLBACK" : `ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`,
        );
      }
      throw error;
    } finally {
      this.#depth--;
    }
  }

  /** Runs `work` waiting at most `ms` for another writer, where it can as well be done later. */
  withBusyTimeout<T>(ms: number, work: () => T): T {
    this.exec(`PRAGMA busy_timeout = ${Math.trunc(ms)}`);
    try {
      return work();
    } finally {
      this.exec(`PRAGMA busy_timeout = ${Math.trunc(this.#busyTimeoutMs)}`);
    }
  }

  /** Moves the write-ahead log into the file and empties it; false when others' reading or writing is in the way. */
  checkpoint(): boolean {
    try {
      return this.get("PRAGMA wal_checkpoint(TRUNCATE)")?.busy === 0;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  }

  /** Puts the write-ahead log into the file and does without one; false when another connection has it open. */
  leaveLog(): boolean {
    try {
      return this.withBusyTimeout(
        0,
        () => this.get("PRAGMA journal_mode = DELETE")?.journal_mode === "delete",
      );
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  }

  /**
   * Copies the whole file, write-ahead log included; a copy of that name is replaced when the new one is
   * complete. Throws when it can't be written.
   */
  copyTo(path: string): void {
    // Under another name first: a copy cut short must not look like one.
    const unfinished = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
    try {
      const before = this.pragma("page_count");
      // Not VACUUM INTO: Deno allows no attached files unless it runs with every permission. Deno's backup is done
      // when it returns, and its promise only says so later; so whether it is, is seen by looking at the copy.
      // (Inside a transaction of this connection it would wait for itself.)
      backup(this.#db, unfinished).catch(() => {});
      // Another process may write all the while: the copy is of a moment between these two counts.
      if (pagesOf(unfinished) < Math.min(before, this.pragma("page_count"))) {
        throw new Error("The copy of the database is incomplete");
      }
      renameSync(unfinished, path);
    } finally {
      for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(unfinished + end, { force: true });
    }
  }

  /** Closes the file; may be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#statements.clear();
    problems(() => this.#db.close());
  }

  /**
   * Reads the file for the first time, where SQLite finds it no database or cut short, and refuses another
   * program's database before it is even switched to WAL. The file is never opened but by SQLite: closing it
   * would drop the locks that other connections of this process have on it
   * (https://sqlite.org/howtocorrupt.html, 2.2).
   */
  #refuseOthers(): void {
    const hadLog = hasLog(this.path);
    const { application_id: application } = this.get("PRAGMA application_id")!;
    if (application !== APPLICATION_ID) {
      if (this.get("SELECT 1 FROM sqlite_schema LIMIT 1") !== undefined) throw notADatabase();
      return;
    }
    // SQLite takes a last page that is cut for a whole one. With a write-ahead log beside the file, also one that
    // another process has just begun, missing pages may be there.
    const expected = this.pragma("page_count") * this.pragma("page_size");
    const short = statSync(this.path).size < expected;
    if (short && !hadLog && !hasLog(this.path)) throw damaged();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, statement = this.#db.prepare(sql));
    return statement;
  }
}

/**
 * The value as SQLite gives it back: Deno reads a text only up to its first NUL, so a NUL, which some PDFs
 * have, becomes U+FFFD, as long as it in UTF-16.
 */
export function storable<T extends Value>(value: T): T {
  return (typeof value === "string" && value.includes("\0")
    ? value.replaceAll("\0", "\uFFFD")
    : value) as T;
}

/** Runs `work`, with SQLite's errors as Problems. */
function problems<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asProblem(error);
  }
}

function makeFolder(path: string): void {
  if (existsSync(dirname(path))) return;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new Problem("The data folder could not be created.", {
      next:
        "Give FARchat write access to the folder it is to be in, or choose another with --data.",
      status: 500,
      cause,
    });
  }
}

/** How many pages another database file has. */
function pagesOf(path: string): number {
  return problems(() => {
    const db = new DatabaseSync(path);
    try {
      return Number(db.prepare("PRAGMA page_count").get()?.page_count);
    } finally {
      db.close();
    }
  });
}

function hasLog(path: string): boolean {
  return existsSync(path + "-wal") && statSync(path + "-wal").size > 0;
}

/** Loads sqlite-vec. SQL itself can't load extensions: Deno leaves `load_extension()` unauthorized. */
function loadVectors(db: DatabaseSync, path?: string): void {
  try {
    db.loadExtension(path ?? getLoadablePath());
    // Node's API has this; Deno's up to 2.9 doesn't, and needs it not.
    (db as { enableLoadExtension?: (allow: boolean) => void }).enableLoadExtension?.(false);
  } catch (cause) {
    // An executable that can't unpack it says so itself.
    if (cause instanceof Problem) throw cause;
    throw new Problem("The vector search extension (sqlite-vec) could not be loaded.", {
      next:
        "Install the dependencies again with `deno install`; FARchat needs the permissions --allow-ffi and --allow-read.",
      status: 500,
      cause,
    });
  }
}
