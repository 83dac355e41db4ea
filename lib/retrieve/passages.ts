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
  return sections.flatMap((section, i) => {
    const { ids } = index.catalog.sections[section.place];
    if (ids.length === 0) return briefOf(store, section, index);
    const chunks = ids.flatMap((id) => store.chunks.ofSection(id));
    const score = (chunk: StoredChunk) =>
      (cosines.get(chunk.id) ?? 0) + 0.4 * (words.get(chunk.id) ?? 0);
    return ofSection(section, chunks, score, i === 0 ? OF_FIRST : OF_OTHERS, index);
  });
}

function ofSection(
  section: PassageSection,
  chunks: StoredChunk[],
  score: (chunk: StoredChunk) => number,
  most: number,
  index: SearchIndex,
): Passage[] {
  if (chunks.length === 0) return [];
  const cited = section.paragraph ? chunksOfParagraph(chunks, section.paragraph) : [];
  const byScore = [...chunks].sort((a, b) => score(b) - score(a) || a.start - b.start);
  const top = score(byScore[0]);
  const chosen = new Set(cited.slice(0, most));
  for (const chunk of byScore) {
    if (chosen.size >= most) break;
    if (score(chunk) >= top * NEARLY) chosen.add(chunk);
  }
  return merged(chunks.filter((chunk) => chosen.has(chunk)))
    .map(({ first, end, text, score: _ }) => passage(section, first, end, text, index))
    .sort((a, b) => Number(holds(b, cited)) - Number(holds(a, cited)));

  /** Neighbouring chunks of one section as one piece. */
  function merged(pieces: StoredChunk[]) {
    const joined: { first: StoredChunk; end: number; text: string; score: number }[] = [];
    for (const chunk of pieces) {
      const last = joined.at(-1);
      const gap = last ? chunk.start - last.end : -1;
      if (
        last && last.first.sectionId === chunk.sectionId && gap >= 0 && gap <= 1 &&
        chunk.end - last.first.start <= LONGEST
      ) {
        last.text += (gap === 1 ? "\n" : "") + chunk.text;
        last.end = chunk.end;
      } else joined.push({ first: chunk, end: chunk.end, text: chunk.text, score: score(chunk) });
    }
    return joined;
  }
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
