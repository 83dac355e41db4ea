/**
 * Which stored documents a new one takes the place of. One of the same name, and one of which most sections are in
 * the new one too: a later edition of the FAR under another name, or a part when the complete FAR comes. A part that
 * comes after the complete FAR replaces nothing; its sections are then there twice, which is said.
 */
import type { Collection, NewDocument, SectionWithChunks, Store } from "../store/mod.ts";

/** The share of a document's sections that must be in another one for that to replace it. */
const MOST = 0.9;

/** Ids of the documents that `document` with sections of these numbers replaces. */
export function replacedBy(store: Store, document: NewDocument, numbers: string[]): number[] {
  const known = new Set(numbers);
  return store.documents.list(document.collection)
    .filter(({ id, name, sha256 }) => {
      if (name === document.name || sha256 === document.sha256) return true;
      const old = store.sections.ofDocument(id);
      return old.filter(({ number }) => known.has(number)).length >= old.length * MOST;
    })
    .map(({ id }) => id);
}

/** A notice for each other document of the collection that has some of the same sections. */
export function duplicateNotices(
  store: Store,
  collection: Collection,
  items: readonly SectionWithChunks[],
  replaced: readonly number[],
): string[] {
  const known = new Set(items.map(({ section }) => section.number));
  return store.documents.list(collection)
    .filter(({ id }) => !replaced.includes(id))
    .flatMap(({ id, name }) => {
      const twice = store.sections.ofDocument(id).map(({ number }) => number)
        .filter((number) => known.has(number));
      if (twice.length === 0) return [];
      const some = twice.slice(0, 3).join(", ") + (twice.length > 3 ? ", ..." : "");
      return [`${twice.length} sections are in "${name}" too (${some}); both are kept.`];
    });
}
