/** For tests: a store in a folder of its own, and small data made up here. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { openStore, type Store } from "./store.ts";
import type {
  Collection,
  NewChunk,
  NewDocument,
  OutlineEntry,
  Paragraph,
  Regulation,
  Section,
  SectionWithChunks,
} from "./types.ts";
import { DIMENSIONS } from "./vectors.ts";

export const EMBEDDER = { name: "test-model", dimensions: DIMENSIONS, version: 1 };

/** Runs `test` with a folder that is removed afterwards. */
export async function withFolder(test: (folder: string) => unknown): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "farchat-store-" });
  try {
    await test(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs `test` with an empty store that no embedder has filled yet. */
export async function withNewStore(test: (store: Store) => unknown): Promise<void> {
  await withFolder(async (folder) => {
    const store = openStore({ path: join(folder, "farchat.db") });
    try {
      await test(store);
    } finally {
      store.close();
    }
  });
}

/** Runs `test` with an empty store whose embedder is recorded. */
export function withStore(test: (store: Store) => unknown): Promise<void> {
  return withNewStore((store) => {
    store.setEmbedder(EMBEDDER);
    return test(store);
  });
}

/** A unit vector that points along one axis, leaning towards another by `lean`. */
export function vectorTo(axis: number, lean = 0, other = axis + 1): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  vector[axis] = Math.sqrt(1 - lean * lean);
  if (lean !== 0) vector[other] = lean;
  return vector;
}

export function newDocument(fields: Partial<NewDocument> = {}): NewDocument {
  return {
    collection: "far",
    name: "widgets.xml",
    sha256: "a".repeat(64),
    mediaType: "application/xml",
    bytes: 1234,
    notices: [],
    ...fields,
  };
}

/** A section of these paragraphs, "15.403-1" in part 15 and subpart 15.4. */
export function newSection(
  number: string,
  texts: string[],
  fields: Partial<Section> = {},
): Section {
  let start = 0;
  const paragraphs: Paragraph[] = texts.map((text, i) => {
    const designator = /^\([a-z0-9]+\)/.exec(text)?.[0] ?? "";
    const paragraph: Paragraph = {
      designator,
      anchor: designator === "" ? `p-${i}` : designator.slice(1, -1),
      level: 0,
      kind: "text",
      start,
      end: start + text.length,
    };
    start += text.length + 1;
    return paragraph;
  });
  const [part, rest = ""] = number.split(".");
  const subpart = `${part}.${rest.split("-")[0].slice(0, -2)}`;
  return {
    collection: "far",
    number,
    title: `Title of ${number}`,
    order: 0,
    path: [
      { type: "part", number: part, title: `Part ${part} title` },
      ...(subpart.endsWith(".0")
        ? []
        : [{ type: "subpart" as const, number: subpart, title: `Subpart ${subpart} title` }]),
    ],
    reserved: false,
    text: texts.join("\n"),
    paragraphs,
    ...fields,
  };
}

/** The section with a chunk for each paragraph; `axis` of the first one's vector, none when absent. */
export function chunked(section: Section, axis?: number): SectionWithChunks {
  return {
    section,
    chunks: section.paragraphs.map((paragraph, i): NewChunk => ({
      start: paragraph.start,
      end: paragraph.end,
      anchor: paragraph.anchor,
      context: `FAR ${section.number}`,
      tokens: 12,
      hash: `${section.number}/${i}/${section.text.slice(paragraph.start, paragraph.end)}`,
      ...(axis !== undefined && { vector: vectorTo(axis + i) }),
    })),
  };
}

/** A document of `count` sections with `paragraphs` paragraphs each, every chunk with a vector. */
export function manySections(
  count: number,
  paragraphs: number,
  collection: Collection = "far",
): SectionWithChunks[] {
  return Array.from({ length: count }, (_, i) => {
    const number = `${collection === "dfars" ? 2 : ""}15.${100 + i}`;
    const texts = Array.from(
      { length: paragraphs },
      (_, j) =>
        `Paragraph ${j} of section ${i} says that widgets of kind ${i * j} shall be counted.`,
    );
    return chunked(newSection(number, texts, { collection, order: i }), i % 300);
  });
}

export function outlineEntry(
  number: string,
  collection: Regulation = "far",
  fields: Partial<OutlineEntry> = {},
): OutlineEntry {
  const { title, path, reserved } = newSection(number, []);
  return { collection, number, title, path, reserved, ...fields };
}
