/** What a data folder holds, read from outside. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openStore, type Store } from "../../lib/store/mod.ts";

/** Opens the database of a data folder, and closes it after. */
export function inStore<T>(data: string, look: (store: Store) => T): T {
  const store = openStore({ path: join(data, "farchat.db") });
  try {
    return look(store);
  } finally {
    store.close();
  }
}

/** Everything that an ingestion stores, in a form that can be compared: two equal ones hold the same. */
export function contents(data: string) {
  return inStore(data, (store) => {
    const { bytes: _, ...counts } = store.counts();
    const documents = store.documents.list().map(({ id, ingested: _, ...document }) => ({
      ...document,
      sections: store.sections.ofDocument(id).map((section) => ({
        number: section.number,
        title: section.title,
        chunks: store.chunks.ofSection(section.id).map(({ start, end, context, text }) =>
          `${start}-${end} ${context}: ${text}`
        ),
      })),
    }));
    return { counts, documents };
  });
}

/** How many vectors wait for their document, made by an ingestion that goes on or was cut off. */
export function waitingVectors(data: string): number {
  const db = new DatabaseSync(join(data, "farchat.db"), { readOnly: true });
  try {
    const row = db.prepare("SELECT count(*) AS n FROM staged_vectors").get();
    return Number(row!.n);
  } finally {
    db.close();
  }
}
