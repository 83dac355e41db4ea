/**
 * The store: one SQLite file with everything FARchat keeps, and the only place with SQL.
 *
 *     const store = openStore({ path: "farchat_data/farchat.db" });
 *     store.setEmbedder({ name: "all-MiniLM-L6-v2/q4", dimensions: 384, version: 1 });
 *     store.documents.replace(document, sectionsWithChunks, { replaces: [older.id] });
 *     store.chunks.searchWords(quoteWords("cost or pricing data"), 10, ["far"]);
 *     store.close();
 *
 * - **Never half there.** A document's sections, paragraphs, chunks, word index and vectors are stored and removed
 *   in one transaction; `store.transaction` makes one of several changes. Vectors computed for a document
 *   that is not stored yet wait in a table of their own (`chunks.stage`), found again by the hash of their text.
 * - **Several processes** may have the file open. Readers are never held up and see whole documents; a writer waits
 *   up to `busyTimeoutMs` for another one and then throws a Problem of status 503. Everything here is synchronous:
 *   the FAR is stored in about half a second, so an ingestion runs in a worker or a process of its own.
 * - **Caches** compare `store.dataVersion()`, which changes with documents, chunks, entries and the outline.
 * - **The outline** and the loaded sections answer together: a section that only the outline knows has id 0.
 * - **Offsets** count UTF-16 code units of a section's text. A NUL in a text becomes U+FFFD.
 * - **Errors** for people are Problems without path and SQL; what SQLite said is their `cause`, for the log.
 * - **Deleted** questions and answers are overwritten in the file.
 *
 * The schema is migrations/: a change is a new numbered file there, never an edit of a released one. Opening an older
 * file first copies it to `<name>.before-v<N>.bak`; a newer file is refused.
 */
export * from "./types.ts";
export { foldLog, openStore, SCHEMA_VERSION, Store } from "./store.ts";
export { inspectDatabase, type Inspection } from "./inspect.ts";
export type { OpenOptions } from "./database.ts";
export type { Chunks, ChunkWeights } from "./chunks.ts";
export { type Conversations, INTERRUPTED_NOTICE, WRITE_INTERVAL_MS } from "./conversations.ts";
export { newConversationId, titleOf } from "./conversation_ids.ts";
export type { Documents } from "./documents.ts";
export type { Entries, EntryFilter } from "./entries.ts";
export type { Outline, OutlineSubpart } from "./outline.ts";
export type { Sections } from "./sections.ts";
export type { SettingsTable } from "./settings.ts";
export { DIMENSIONS, toInt8 } from "./vectors.ts";
export { quoteWords } from "./word_search.ts";
