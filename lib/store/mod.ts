/** The store: see store.ts. */
export * from "./types.ts";
export { openStore, Store } from "./store.ts";
export type { OpenOptions } from "./database.ts";
export { type Chunks, type ChunkWeights } from "./chunks.ts";
export type { Documents } from "./documents.ts";
export type { Entries, EntryFilter } from "./entries.ts";
export type { Outline, OutlineSubpart } from "./outline.ts";
export type { Sections } from "./sections.ts";
export type { SettingsTable } from "./settings.ts";
export { quoteWords } from "./word_search.ts";
export { DIMENSIONS, toInt8 } from "./vectors.ts";
export { type Conversations, INTERRUPTED_NOTICE, WRITE_INTERVAL_MS } from "./conversations.ts";
export { newConversationId, titleOf } from "./conversation_ids.ts";
