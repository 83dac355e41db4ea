/** A file, or what is stored of one, to sections with chunks that have no vectors yet. */
import { setImmediate as turn } from "node:timers/promises";
import { Problem } from "../problem.ts";
import { EcfrParser } from "../regulation/ecfr.ts";
import type { Collection, Section } from "../regulation/types.ts";
import type { NewDocument, SectionWithChunks, Store } from "../store/mod.ts";
import { chunkSection } from "./chunk_section.ts";
import type { Source } from "./source.ts";
import type { TokenCounter } from "./token_counter.ts";

/** A document ready to be embedded and stored. */
export interface PreparedDocument {
  document: NewDocument;
  items: SectionWithChunks[];
  words: number;
  chunks: number;
}

/** Between so many sections other things get a turn: a signal to stop, a server's message. */
const SECTIONS_IN_A_ROW = 100;

/**
 * Parses a source. Throws the parser's and the source's Problems, with the file's name in front, and one when it is
 * not what `expected` says.
 */
export async function parseSource(
  source: Source,
  expected: Collection | undefined,
  signal?: AbortSignal,
): Promise<{ document: NewDocument; sections: Section[]; words: number }> {
  const sections: Section[] = [];
  const parser = new EcfrParser((section) => sections.push(section));
  try {
    for await (const piece of source.text()) {
      signal?.throwIfAborted();
      parser.write(piece);
    }
    const { collection, versionDate, notices, words } = parser.close();
    if (expected && expected !== collection) {
      throw new Problem(
        `The ${expected.toUpperCase()} was expected, but it holds the ${collection.toUpperCase()}.`,
        { next: `Leave out --collection, or give --collection ${collection}.`, status: 422 },
      );
    }
    const { name, sha256, mediaType, bytes } = source;
    return {
      document: { collection, name, sha256, mediaType, bytes, versionDate, notices },
      sections,
      words,
    };
  } catch (error) {
    if (!(error instanceof Problem) || error.message.includes(`"${source.name}"`)) throw error;
    throw new Problem(`"${source.name}": ${error.message}`, {
      next: error.next,
      status: error.status,
      cause: error,
    });
  }
}

/** A stored document's sections, as they were parsed. */
export function storedSections(store: Store, documentId: number): Section[] {
  return store.sections.ofDocument(documentId).map(({ id }) => {
    const { collection, number, title, order, path, reserved, text, paragraphs, clause } = store
      .sections.byId(id)!;
    return { collection, number, title, order, path, reserved, text, paragraphs, clause };
  });
}

/** Cuts the sections of a document into chunks. */
export async function prepare(
  document: NewDocument,
  sections: readonly Section[],
  words: number,
  counter: TokenCounter,
  signal?: AbortSignal,
): Promise<PreparedDocument> {
  const items: SectionWithChunks[] = [];
  let chunks = 0;
  for (const section of sections) {
    if (items.length % SECTIONS_IN_A_ROW === 0) {
      await turn();
      signal?.throwIfAborted();
    }
    const made = await chunkSection(section, counter);
    chunks += made.length;
    items.push({ section, chunks: made });
  }
  return { document, items, words, chunks };
}
