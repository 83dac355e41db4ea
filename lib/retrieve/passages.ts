/** From ranked sections to the pieces of text that answer. */
import { anchorOf, collectionName } from "../regulation/links.ts";
import type { Store, StoredChunk } from "../store/mod.ts";
import type { SearchIndex } from "./search_index.ts";
import type { Signals } from "./signals.ts";
import type { Passage, RankedSection } from "./types.ts";

/** Chunks of the first section, and of the others, that become passages. */
const OF_FIRST = 3;
const OF_OTHERS = 2;
/** A further chunk of a section is a passage only when its score is within this of the section's best. */
const NEARLY = 0.75;
/** Characters of a passage made of neighbouring chunks. */
const LONGEST = 3600;

/** A section to take passages from. */
export interface PassageSection {
  /** Its place in the catalog. */
  place: number;
  ranked: RankedSection;
  /** A designator path that was cited, "(c)(1)". */
  paragraph?: string;
}

/** Passages of the sections in their order; a section whose text is not loaded gives its brief. */
export function passagesOf(
  index: SearchIndex,
  store: Store,
  signals: Signals,
  sections: readonly PassageSection[],
): Passage[] {
  const wanted = new Set(sections.map(({ place }) => place));
  const cosines = new Map<number, number>();
  signals.chunkCosines.forEach((cosine, row) => {
    if (wanted.has(index.chunkSections[row])) cosines.set(index.chunkIds[row], cosine);
  });
  const best = Math.max(1, signals.chunkHits[0]?.score ?? 0);
  const words = new Map(signals.chunkHits.map(({ id, score }) => [id, score / best]));
  const score = (id: number) => (cosines.get(id) ?? 0) + 0.4 * (words.get(id) ?? 0);
  return sections.flatMap((section, i) => {
    const { ids } = index.catalog.sections[section.place];
    if (ids.length === 0) return briefOf(store, section, index);
    const cited = section.paragraph
      ? chunksOfParagraph(ids.flatMap((id) => store.chunks.ofSection(id)), section.paragraph)
      : [];
    const most = i === 0 ? OF_FIRST : OF_OTHERS;
    const chosen = new Set(cited.slice(0, most).map(({ id }) => id));
    const byScore = [...index.chunksOf[section.place]].sort((a, b) => score(b) - score(a) || a - b);
    for (const id of byScore) {
      if (chosen.size >= most || score(id) < score(byScore[0]) * NEARLY) break;
      chosen.add(id);
    }
    // Ids count up within a section, so this is the order of the text.
    const chunks = store.chunks.get([...chosen].sort((a, b) => a - b));
    return merged(chunks).map(({ first, end, text }) => passage(section, first, end, text, index))
      .sort((a, b) => Number(holds(b, cited)) - Number(holds(a, cited)));
  });
}

/** Neighbouring chunks of one section as one piece. */
function merged(chunks: StoredChunk[]): { first: StoredChunk; end: number; text: string }[] {
  const joined: { first: StoredChunk; end: number; text: string }[] = [];
  for (const chunk of chunks) {
    const last = joined.at(-1);
    const gap = last ? chunk.start - last.end : -1;
    if (
      last && last.first.sectionId === chunk.sectionId && gap >= 0 && gap <= 1 &&
      chunk.end - last.first.start <= LONGEST
    ) {
      last.text += (gap === 1 ? "\n" : "") + chunk.text;
      last.end = chunk.end;
    } else joined.push({ first: chunk, end: chunk.end, text: chunk.text });
  }
  return joined;
}

function holds(passage: Passage, chunks: StoredChunk[]): boolean {
  return chunks.some((chunk) =>
    chunk.sectionId === passage.sectionId && chunk.start >= passage.start &&
    chunk.end <= passage.end
  );
}

/** The chunks that hold a cited paragraph: those whose first paragraph is it or in it, else the last one before it. */
function chunksOfParagraph(chunks: StoredChunk[], paragraph: string): StoredChunk[] {
  const anchor = anchorOf(paragraph);
  const inside = chunks.filter((chunk) =>
    chunk.anchor === anchor || chunk.anchor.startsWith(`${anchor}-`)
  );
  if (inside.length > 0) return inside;
  const designator = /\([^)]*\)$/.exec(paragraph)?.[0] ?? paragraph;
  const line = new RegExp(`(?:^|\\n)\\s*${designator.replace(/[()]/g, "\\$&")}`);
  const shared = (chunk: StoredChunk) => {
    const [asked, has] = [anchor.split("-"), chunk.anchor.split("-")];
    let same = 0;
    while (same < asked.length && asked[same] === has[same]) same++;
    return same;
  };
  const having = chunks.filter((chunk) => line.test(chunk.text));
  having.sort((a, b) => shared(b) - shared(a) || a.start - b.start);
  if (having.length > 0) return having.slice(0, 1);
  const parent = paragraph.replace(/\([^)]*\)$/, "");
  return parent === "" || parent === paragraph ? [] : chunksOfParagraph(chunks, parent);
}

function passage(
  { ranked }: PassageSection,
  chunk: StoredChunk,
  end: number,
  text: string,
  index: SearchIndex,
): Passage {
  return {
    kind: "regulation",
    collection: ranked.collection,
    section: ranked.number,
    sectionId: chunk.sectionId,
    title: ranked.title,
    path: pathFor(index.catalog.sections[index.catalog.placeOfId(chunk.sectionId)!]),
    text,
    start: chunk.start,
    end,
    anchor: chunk.anchor,
    score: ranked.score,
    why: ranked.why,
  };
}

function briefOf(store: Store, { place, ranked }: PassageSection, index: SearchIndex): Passage[] {
  const brief = store.entries.brief(ranked.collection, ranked.number);
  if (!brief) return [];
  return [{
    kind: "brief",
    collection: ranked.collection,
    section: ranked.number,
    sectionId: 0,
    title: ranked.title,
    path: pathFor(index.catalog.sections[place]),
    text: brief.text,
    start: 0,
    end: brief.text.length,
    anchor: "",
    score: ranked.score,
    why: ranked.why,
  }];
}

/** "FAR › Part 15 › Subpart 15.4", for people. */
export function pathFor(
  section: Pick<SearchIndex["catalog"]["sections"][number], "collection" | "path">,
): string {
  const headings = section.path.filter(({ type }) => type !== "subchapter").map((heading) =>
    section.collection === "uploads"
      ? heading.title
      : `${heading.type === "part" ? "Part" : "Subpart"} ${heading.number}`
  );
  return [collectionName(section.collection), ...headings].join(" › ");
}
