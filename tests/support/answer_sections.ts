/** Small sections of our own words for tests: a store file with them in it, and passages of them. */
import { type NewChunk, openStore, type Store } from "../../lib/store/mod.ts";
import type { Collection, Paragraph, Section } from "../../lib/regulation/types.ts";
import type { Passage, Retrieval } from "../../lib/retrieve/types.ts";

/** A line of a section: its designator and its words as printed. */
export type Line = [designator: string, words: string];

/** A section made of lines; definitions are lines whose designator is "def:" and the term. */
export function sectionOf(
  number: string,
  title: string,
  lines: Line[],
  collection: Collection = "far",
): Section {
  let at = 0;
  const paragraphs: Paragraph[] = lines.map(([mark, words], index) => {
    const start = at;
    at += words.length + 1;
    const term = mark.startsWith("def:") ? mark.slice(4) : undefined;
    const designator = term ? "" : mark;
    return {
      designator,
      anchor: term
        ? `def-${term}`
        : designator.replace(/[()]+/g, "-").replace(/^-|-$/g, "") || `p-${index + 1}`,
      level: Math.max(0, (designator.match(/\(/g) ?? []).length - 1),
      kind: term ? "definition" : "text",
      start,
      end: start + words.length,
      ...(term && { term }),
    };
  });
  return {
    collection,
    number,
    title,
    order: 0,
    path: [{ type: "part", number: number.split(".")[0], title: "Test part" }],
    reserved: false,
    text: lines.map(([, words]) => words).join("\n"),
    paragraphs,
  };
}

/** Sections about approving purchases of tents, in our own words. */
export const TENTS = sectionOf("97.201", "Approving purchases of tents", [
  [
    "(a)",
    "(a) General. The tent officer shall approve every purchase of tents above $40,000 in writing.",
  ],
  ["(b)", "(b) A request for approval must contain the following:"],
  ["(b)(1)", "(1) The number of tents;"],
  ["(b)(2)", "(2) The price of each tent; and"],
  ["(b)(3)", "(3) A drawing of the campsite."],
  [
    "(c)",
    "(c) The tent officer decides within 12 working days after the request arrives. If no decision is made in that time, the request counts as denied.",
  ],
  ["(d)", "(d) Tents bought after a flood are exempt from this section (see 97.305)."],
]);
export const ROPES = sectionOf("97.305", "Ropes", [
  [
    "",
    "Ropes are bought with the tents that they belong to. The rope clerk keeps a list of them for 3 years.",
  ],
]);

/** The whole section as one chunk without a vector: found by words. */
function chunkOf(section: Section): NewChunk {
  return {
    start: 0,
    end: section.text.length,
    anchor: section.paragraphs[0].anchor,
    context: section.title,
    tokens: 50,
    hash: section.number.padEnd(64, "0"),
  };
}

/** A new store in a temporary folder with these sections in it; `close` removes it. */
export function storeWith(sections: Section[]): { store: Store; path: string; close(): void } {
  const folder = Deno.makeTempDirSync({ prefix: "farchat_answer_" });
  const path = `${folder}/farchat.db`;
  const store = openStore({ path });
  const collections = [...new Set(sections.map(({ collection }) => collection))];
  for (const collection of collections) {
    store.documents.replace(
      {
        collection,
        name: "test.xml",
        sha256: collection.padEnd(64, "0"),
        mediaType: "application/xml",
        bytes: 1,
        notices: [],
      },
      sections.filter((s) => s.collection === collection).map((section) => ({
        section,
        chunks: [chunkOf(section)],
      })),
    );
  }
  return {
    store,
    path,
    close: () => {
      store.close();
      Deno.removeSync(folder, { recursive: true });
    },
  };
}

/** A passage that is a whole stored section. */
export function passageOf(store: Store, collection: Collection, number: string): Passage {
  const section = store.sections.get(collection, number)[0];
  return {
    kind: "regulation",
    collection,
    section: number,
    sectionId: section.id,
    title: section.title,
    path: "FAR › Part 97",
    text: section.text,
    start: 0,
    end: section.text.length,
    anchor: section.paragraphs[0].anchor,
    score: 1,
    why: ["words"],
  };
}

/** A retrieval of these passages, best first. */
export function retrievalOf(
  query: string,
  passages: Passage[],
  more: Partial<Retrieval> = {},
): Retrieval {
  return {
    query,
    citations: [],
    sections: passages.map(({ collection, section, title, score, why }) => ({
      collection,
      number: section,
      title,
      score,
      why,
    })),
    passages,
    usedVectors: true,
    timings: { total: 1, embed: 0, search: 1 },
    ...more,
  };
}
