/** Makes a database fit to be put into an executable. */
import { join } from "node:path";
import { seedStarter } from "../../lib/retrieve/starter.ts";
import { openStore } from "../../lib/store/mod.ts";

/**
 * Copies the database into `folder` while it may be in use, brings it up to date and takes out of the copy what is
 * somebody's own: conversations and settings. Returns its path and how much there is in it. Throws a Problem for what
 * is no database of FARchat, an Error for one without text.
 */
export function prepareDatabase(
  path: string,
  folder: string,
): { path: string; sections: number; vectors: number } {
  if (!Deno.statSync(path).isFile) throw new Error(`--with-corpus: ${path} is not a file`);
  const copy = join(folder, "farchat.db");
  const original = openStore({ path });
  try {
    original.copyTo(copy);
  } finally {
    original.close();
  }
  const store = openStore({ path: copy });
  try {
    store.conversations.deleteAll();
    for (const key of Object.keys(store.settings.all())) store.settings.delete(key);
    seedStarter(store);
    const { sections, vectors } = store.counts();
    const total = sections.far + sections.dfars;
    if (total === 0) {
      throw new Error(
        "--with-corpus: expected a database with the FAR or the DFARS, found none in it",
      );
    }
    // The executable carries this one file, without a write-ahead log.
    if (!store.checkpoint()) throw new Error("--with-corpus: the copy is in use");
    return { path: copy, sections: total, vectors };
  } finally {
    store.close();
  }
}
