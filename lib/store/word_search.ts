/** Searching words with FTS5. */
import { Problem } from "../problem.ts";
import type { Database, Value } from "./database.ts";
import { sqliteCode } from "./errors.ts";
import type { Hit } from "./types.ts";

/**
 * Runs a query that has an FTS5 MATCH expression among its values. An expression of spaces finds nothing; a
 * malformed one throws a Problem, without SQLite's text.
 */
export function searchWords(db: Database, sql: string, match: string, ...values: Value[]): Hit[] {
  if (match.trim() === "") return [];
  try {
    return db.all(sql, match, ...values).map((row) => ({
      id: Number(row.id),
      // FTS5's bm25 is smaller for better rows.
      score: -Number(row.score),
    }));
  } catch (error) {
    // Code 1 is a mistake in what was asked, and of all that is asked only the expression is not ours.
    if (error instanceof Problem && sqliteCode(error.cause) === 1) {
      throw new Problem("The search words could not be read as a search.", {
        next: "Search for plain words.",
        status: 400,
        cause: error.cause,
      });
    }
    throw error;
  }
}

/** A word or phrase as FTS5 takes it literally: in double quotes. Joined by " " all must occur, by " OR " any. */
export function quoteWords(words: string): string {
  // FTS5 reads up to the first NUL.
  return `"${words.replaceAll("\0", " ").replaceAll('"', '""')}"`;
}
