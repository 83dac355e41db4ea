/** Makes a database fit to be put into an executable. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { seedStarter } from "../../lib/retrieve/starter.ts";
import { openStore } from "../../lib/store/mod.ts";

/** A database for an executable. */
export interface PreparedDatabase {
  path: string;
  sections: number;
  vectors: number;
}

/**
 * Makes the database that a first start finds: what ships with FARchat alone, which a start would otherwise take half a
 * second to store, or a copy of `original`, taken while it may be in use and brought up to date, without what is
 * somebody's own: conversations and settings. Throws a Problem for what is no database of FARchat, an Error for one
 * without text.
 */
export function prepareDatabase(folder: string, original?: string): PreparedDatabase {
  const path = join(folder, "farchat.db");
  if (original !== undefined) copyDatabase(original, path);
  const store = openStore({ path });
  try {
    store.conversations.deleteAll();
    for (const key of Object.keys(store.settings.all())) store.settings.delete(key);
    seedStarter(store);
    const { sections, vectors } = store.counts();
    const total = sections.far + sections.dfars;
    if (original !== undefined && total === 0) {
      throw new Error(
        "--with-corpus: expected a database with the FAR or the DFARS, found none in it",
      );
    }
    // The executable carries this one file, without a write-ahead log.
    if (!store.checkpoint()) throw new Error("the prepared database is in use");
    return { path, sections: total, vectors };
  } finally {
    store.close();
  }
}

function copyDatabase(original: string, path: string): void {
  if (!existsSync(original)) {
    throw new Error(`--with-corpus: expected a database, found no file ${original}`);
  }
  const store = openStore({ path: original });
  try {
    store.copyTo(path);
  } finally {
    store.close();
  }
}
