/** A look at a database file that changes nothing in it: no migration, and no file where there is none. */
import { existsSync } from "node:fs";
import { Database } from "./database.ts";
import { Meta } from "./meta.ts";
import { MIGRATIONS } from "./migrations/mod.ts";
import { SettingsTable } from "./settings.ts";
import type { EmbedderRecord } from "./types.ts";

/** What a look found. */
export interface Inspection {
  /** The file's schema, and the newest that this FARchat knows. 0 for an empty file. */
  schemaVersion: number;
  newestVersion: number;
  /** What SQLite finds wrong in it, in its words: for logs. Empty when nothing is. */
  damage: string[];
  bytes: number;
  /** Who made the vectors; undefined while there are none. */
  embedder?: EmbedderRecord;
  /** What an administrator stored. */
  settings: Record<string, string>;
}

/**
 * Looks at the file; undefined when there is none. Reads all of it once (`PRAGMA quick_check`,
 * https://sqlite.org/pragma.html#pragma_quick_check). Throws a Problem for a file that is not FARchat's, is so damaged
 * that it can't be opened, or is out of reach.
 */
export function inspectDatabase(path: string): Inspection | undefined {
  if (!existsSync(path)) return undefined;
  const db = new Database({ path, busyTimeoutMs: 2000 });
  try {
    const schemaVersion = db.pragma("user_version");
    const newestVersion = MIGRATIONS.at(-1)?.version ?? 0;
    const known = schemaVersion > 0 && schemaVersion <= newestVersion;
    return {
      schemaVersion,
      newestVersion,
      damage: db.all("PRAGMA quick_check(5)").map((row) => String(Object.values(row)[0]))
        .filter((word) => word !== "ok"),
      bytes: db.pragma("page_count") * db.pragma("page_size"),
      // A newer schema may keep these elsewhere.
      embedder: known ? new Meta(db).embedder() : undefined,
      settings: known ? new SettingsTable(db).all() : {},
    };
  } finally {
    db.close();
  }
}
