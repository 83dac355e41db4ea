/** What the store keeps and gives back. Only lib/store knows the SQL behind it. */
import type { AnswerCitation, AnswerMode, AnswerUsage, PassageView } from "../answer/types.ts";
import type {
  ClauseFacts,
  Collection,
  Paragraph,
  Regulation,
  Section,
} from "../regulation/types.ts";

/** A file or upload whose sections are in the store. */
export interface StoredDocument {
  id: number;
  collection: Collection;
  /** What people call it: "title-48-chapter-1.xml.gz". Never a path. */
  name: string;
  /** SHA-256 of the file's bytes, hex. */
  sha256: string;
  mediaType: string;
  bytes: number;
  /** "2026-11-02" when the source says so. */
  versionDate?: string;
  sections: number;
  words: number;
  chunks: number;
  /** What the reader found odd and kept: duplicate numbers, empty sections, ... */
  notices: string[];
  /** Milliseconds since 1970. */
  ingested: number;
}

/** What a document says of itself before it is stored. */
export type NewDocument = Omit<StoredDocument, "id" | "sections" | "words" | "chunks" | "ingested">;

/** A section as stored. */
export interface StoredSection extends Section {
  id: number;
  document: number;
  /** SHA-256 of `text`, hex: says whether a brief was written from the same text. */
  textSha256: string;
  versionDate?: string;
}

/** A section in a list: no text. */
export interface SectionSummary {
  /** Database id; 0 when only the outline knows it (the official text is not loaded). */
  id: number;
  collection: Collection;
  number: string;
  title: string;
  reserved: boolean;
  path: Section["path"];
  clause?: ClauseFacts;
}

/** A piece of a section as it is embedded and searched, before it is stored. */
export interface NewChunk {
  /** Half-open offsets into the section's text, UTF-16 code units. */
  start: number;
  end: number;
  /** Anchor of its first paragraph. */
  anchor: string;
  /** Heading path and lead-in that were embedded in front of the text. */
  context: string;
  /** Tokens of context and text by the model's tokenizer. */
  tokens: number;
  /** SHA-256 (hex) of what was embedded; equal texts share a vector. */
  hash: string;
  /** Unit vector; absent when the model is unavailable (words only). */
  vector?: Float32Array;
}

export interface StoredChunk {
  id: number;
  sectionId: number;
  collection: Collection;
  section: string;
  title: string;
  path: Section["path"];
  start: number;
  end: number;
  anchor: string;
  context: string;
  /** The section's text from start to end. */
  text: string;
}

export interface SectionWithChunks {
  section: Section;
  chunks: NewChunk[];
}

/** A row found; higher scores are better (bm25 negated, 1 - cosine distance). */
export interface Hit {
  id: number;
  score: number;
}

/** One line of the outline that ships with FARchat: numbers and titles, no text. */
export interface OutlineEntry {
  collection: Regulation;
  number: string;
  title: string;
  reserved: boolean;
  path: Section["path"];
}

/** Our own words about a section: a question it answers, or a brief of it. Never regulation text. */
export interface NewEntry {
  kind: "question" | "brief";
  collection: Regulation;
  number: string;
  text: string;
  /** Briefs: SHA-256 (hex) of the section text it was written from. */
  textSha256?: string;
  /** Unit vector as int8 (value * 127, rounded); absent when not embedded yet. */
  vector?: Int8Array;
}

export interface StoredEntry extends Omit<NewEntry, "vector"> {
  id: number;
}

/** Who made the vectors in the file. */
export interface EmbedderRecord {
  name: string;
  dimensions: number;
  /** Version of the chunking and of the text put in front, so that a change re-embeds. */
  version: number;
}

export interface StoreCounts {
  documents: number;
  sections: Record<Collection, number>;
  chunks: number;
  vectors: number;
  paragraphs: number;
  words: number;
  entries: { questions: number; briefs: number };
  /** Bytes of the database file. */
  bytes: number;
}

/** A regulation as pages list it. */
export interface OutlinePart {
  collection: Regulation;
  number: string;
  title: string;
  subchapter?: { number: string; title: string };
  sections: number;
}

/** `stopped` is by the reader, by a shutdown or by a crash: the message's notices say which. */
export type MessageStatus = "streaming" | "done" | "stopped" | "failed";

/** A conversation without its messages, as lists show it. Times are milliseconds since 1970. */
export interface ConversationSummary {
  id: string;
  title: string;
  created: number;
  updated: number;
  messages: number;
}

/** One question and its answer, as far as it was written. `answer` has no citation marks in it. */
export interface StoredMessage {
  id: number;
  conversation: string;
  question: string;
  /** The collections the question was limited to; absent when it was not. */
  collections?: Collection[];
  answer: string;
  status: MessageStatus;
  mode: AnswerMode;
  usage?: AnswerUsage;
  query: string;
  passages: PassageView[];
  citations: AnswerCitation[];
  notices: string[];
  related: string[];
  error?: { id: string; message: string };
  created: number;
  finished?: number;
}

/** A conversation with its messages, oldest first. */
export interface StoredConversation extends ConversationSummary {
  turns: StoredMessage[];
}

/** How an answer ended. */
export interface MessageEnd {
  status: Exclude<MessageStatus, "streaming">;
  related?: string[];
  error?: { id: string; message: string };
  /** Said in addition to the notices of the events. */
  notices?: string[];
}

export type { Collection, Paragraph, Regulation, Section };
