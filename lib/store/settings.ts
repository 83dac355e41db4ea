/** Settings that an administrator stored, as texts by key. What is secret is encrypted before it comes here. */
import type { Database } from "./database.ts";

export class SettingsTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get(key: string): string | undefined {
    const row = this.#db.get("SELECT value FROM settings WHERE key = ?", key);
    return row && String(row.value);
  }

  set(key: string, value: string): void {
    this.#db.run("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", key, value);
  }

  /** Removes a setting; false when it was not set. */
  delete(key: string): boolean {
    return this.#db.run("DELETE FROM settings WHERE key = ?", key).changes > 0;
  }

  /** All settings, by key. */
  all(): Record<string, string> {
    return Object.fromEntries(
      this.#db.all("SELECT key, value FROM settings ORDER BY key")
        .map((row) => [String(row.key), String(row.value)]),
    );
  }
}
