/** Brings a database file to the newest schema, one numbered step at a time, after a copy of the file. */
import { Problem } from "../problem.ts";
import { APPLICATION_ID, type Database } from "./database.ts";

/** One step. `up` runs in a transaction of its own, and the version is set in the same one. */
export interface Migration {
  /** 1, 2, 3 ... without gaps. */
  version: number;
  /** For the error message: "add uploads". */
  name: string;
  up(db: Database): void;
}

/**
 * Runs the steps the file lacks. An older file is first copied beside itself as `<name>.before-v<N>.bak`,
 * N being the version it is brought to. Throws a Problem for a file of a newer FARchat, and when a step
 * fails: the file is then as it was before that step.
 */
export function migrate(db: Database, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  const version = checkVersion(db, newest);
  if (version === newest) return;
  const copy = version > 0 ? copyBefore(db, newest) : undefined;
  for (const migration of migrations) step(db, migration, copy);
}

/** The file's schema version; throws when this FARchat can't work with it. */
function checkVersion(db: Database, newest: number): number {
  const version = db.pragma("user_version");
  if (version > newest) {
    throw new Problem(
      `The database has schema version ${version}, made by a newer FARchat; this one knows versions up to ${newest}.`,
      {
        next:
          `Start the newer FARchat again, or restore the copy it made before the update (${db.name}.before-v${version}.bak).`,
        status: 500,
      },
    );
  }
  return version;
}

function step(db: Database, migration: Migration, copy: string | undefined): void {
  let from = migration.version - 1;
  try {
    db.transaction(() => {
      // Read again: another process may have done this step while we waited for our turn to write.
      from = db.pragma("user_version");
      if (from >= migration.version) return;
      migration.up(db);
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      db.exec(`PRAGMA user_version = ${migration.version}`);
    });
  } catch (cause) {
    if (cause instanceof Problem && cause.status === 503) throw cause;
    throw new Problem(
      `The database could not be brought from schema version ${from} to ${migration.version} (${migration.name}); it was left at version ${from}.`,
      {
        next: (cause instanceof Problem ? cause.next + " " : "") +
          (copy
            ? `The older FARchat still works with it. A copy from before is beside it: ${copy}.`
            : "Check the data folder's permissions and free space, then start FARchat again."),
        status: 500,
        cause,
      },
    );
  }
}

/** Copies the file, write-ahead log included, and returns the copy's name. */
function copyBefore(db: Database, version: number): string {
  try {
    db.copyTo(`${db.path}.before-v${version}.bak`);
  } catch (cause) {
    throw new Problem(
      "The database has to be updated, but the copy that is made before could not be written; nothing was changed.",
      {
        next: "Free as much space on the disk as the database takes, and start FARchat again.",
        status: 500,
        cause,
      },
    );
  }
  return `${db.name}.before-v${version}.bak`;
}
