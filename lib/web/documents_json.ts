/** Ingested documents as the API lists them. */
import type { z } from "zod";
import type { Documents, DocumentsQuery } from "../api/schemas/documents.ts";
import type { Farchat } from "../farchat.ts";
import { noSuchPage } from "./input.ts";

export type DocumentsJson = z.output<typeof Documents>;

/** A page of them, in the order of their numbers. Throws a `Problem` (400) for a cursor that no page gave. */
export function documentsJson(
  { store }: Farchat,
  { collection, limit, cursor = "0" }: z.output<typeof DocumentsQuery>,
): DocumentsJson {
  if (!/^\d{1,15}$/.test(cursor)) throw noSuchPage();
  const rest = store.documents.list(collection)
    .filter(({ id }) => id > Number(cursor))
    .sort((a, b) => a.id - b.id);
  const page = rest.slice(0, limit);
  return {
    documents: page.map((document) => ({
      id: document.id,
      name: document.name,
      collection: document.collection,
      sections: document.sections,
      words: document.words,
      chunks: document.chunks,
      versionDate: document.versionDate,
      ingested: document.ingested,
      notices: document.notices,
    })),
    next: rest.length > limit ? String(page.at(-1)!.id) : undefined,
  };
}
