/** Ways of searching to compare with ours: each gives the numbers of the sections it ranks. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Embedder } from "../../lib/embed/types.ts";
import { SearchIndex } from "../../lib/retrieve/search_index.ts";
import { VectorRows } from "../../lib/retrieve/vector_rows.ts";
import { searchWords } from "../../lib/retrieve/words.ts";
import { quoteWords, type Store } from "../../lib/store/mod.ts";
import { splitRecursively } from "./recursive_splitter.ts";

export interface Variant {
  name: string;
  search(question: string): Promise<string[]>;
}

const CACHE = ".cache";
/** Chunks that are looked at; a section is as good as its best one. */
const DEPTH = 400;
/** Reciprocal-rank fusion's usual constant. */
const FUSION = 60;

/** S: 1,000 characters with 200 of overlap, cosine, nothing else. Its vectors are kept in .cache. */
export async function seedRecipe(
  store: Store,
  embedder: Embedder,
  note: (text: string) => void,
): Promise<Variant> {
  const texts: string[] = [];
  const numbers: string[] = [];
  for (const collection of ["far", "dfars"] as const) {
    for (const { id } of store.outline.sections(collection)) {
      const section = id === 0 ? undefined : store.sections.byId(id);
      if (!section) continue;
      const whole = `${section.number} ${section.title}\n\n${section.text}`;
      for (const piece of splitRecursively(whole, 1000, 200)) {
        texts.push(piece);
        numbers.push(section.number);
      }
    }
  }
  const rows = new VectorRows(texts.length, embedder.dimensions);
  for (const vector of await embedded(texts, embedder, note)) rows.add(vector);
  return {
    name: "S  seed's recipe: 1,000/200 characters, cosine",
    async search(question) {
      const [vector] = await embedder.embed([question]);
      return byScore(rows.cosines(vector), (row) => numbers[row]);
    },
  };
}

async function embedded(texts: string[], embedder: Embedder, note: (text: string) => void) {
  const { dimensions } = embedder;
  const hash = createHash("sha256").update(embedder.name).update(texts.join("\0")).digest("hex");
  const file = join(CACHE, `seed_recipe_${hash.slice(0, 16)}.f32`);
  try {
    const bytes = readFileSync(file);
    const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    return texts.map((_, i) => numbers.subarray(i * dimensions, (i + 1) * dimensions));
  } catch {
    note(`embedding the ${texts.length} pieces of the seed's recipe (kept in ${CACHE}) ...`);
  }
  const numbers = new Float32Array(texts.length * dimensions);
  for (let i = 0; i < texts.length; i += 512) {
    const vectors = await embedder.embed(texts.slice(i, i + 512));
    vectors.forEach((vector, j) => numbers.set(vector, (i + j) * dimensions));
  }
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(file, new Uint8Array(numbers.buffer));
  return texts.map((_, i) => numbers.subarray(i * dimensions, (i + 1) * dimensions));
}

/** L: BM25 of FTS5 alone; V: vectors of our chunks alone; H: their reciprocal-rank fusion. */
export function plainVariants(store: Store, embedder: Embedder): Variant[] {
  const index = new SearchIndex(store, embedder.dimensions, { questions: true, briefs: true });
  const number = (place: number) => index.catalog.sections[place].number;
  const words = (question: string) => {
    const match = searchWords(question).map(quoteWords).join(" OR ");
    return distinct(
      store.chunks.searchWords(match, DEPTH)
        .map(({ id }) => index.sectionOfChunk[id]).filter((place) => place >= 0).map(number),
    );
  };
  const meaning = async (question: string) => {
    const [vector] = await embedder.embed([question]);
    return byScore(index.chunkVectors.cosines(vector), (row) => number(index.chunkSections[row]));
  };
  return [
    { name: "L  BM25 (FTS5, porter)", search: (question) => Promise.resolve(words(question)) },
    { name: "V  vectors of our chunks", search: meaning },
    {
      name: "H  reciprocal-rank fusion of L and V",
      search: async (question) => {
        const scores = new Map<string, number>();
        for (const ranked of [words(question), await meaning(question)]) {
          ranked.forEach((number, i) =>
            scores.set(number, (scores.get(number) ?? 0) + 1 / (FUSION + i + 1))
          );
        }
        return [...scores].sort((a, b) => b[1] - a[1]).map(([number]) => number);
      },
    },
  ];
}

function byScore(scores: Float32Array, number: (row: number) => string): string[] {
  const best = [...scores.keys()].sort((a, b) => scores[b] - scores[a]).slice(0, DEPTH);
  return distinct(best.map(number));
}

function distinct(numbers: string[]): string[] {
  return [...new Set(numbers)];
}
