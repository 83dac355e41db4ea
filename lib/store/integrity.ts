/** Whether a database file is whole, as far as SQLite can tell. */
import type { Database } from "./database.ts";

/** So many findings say enough. */
const FINDINGS = 10;

/**
 * What is wrong with the file, in SQLite's words, for logs; empty when nothing is. Reads all of it: about a second
 * for the complete FAR and DFARS. Word indexes are checked too (https://sqlite.org/pragma.html#pragma_integrity_check).
 */
export function integrityOf(db: Database): string[] {
  const findings = db.all(`PRAGMA integrity_check(${FINDINGS})`)
    .map((row) => String(Object.values(row)[0]))
    .filter((word) => word !== "ok");
  if (findings.length > 0) return findings;
  const orphans = db.all("PRAGMA foreign_key_check");
  return orphans.length === 0 ? [] : [`${orphans.length} rows refer to rows that are not there`];
}
