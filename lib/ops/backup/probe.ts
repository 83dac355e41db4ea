/** Fixed searches that show whether a restored store still finds what it found. */
import { type Hit, quoteWords, type Store } from "../../store/mod.ts";
import type { Manifest } from "./manifest.ts";

/** Words that hardly any text of the regulation is without. */
const WORDS = "contract";
const HITS = 10;

/** The ids that are found by words among chunks and among the question bank, and by the first chunk's vector. */
export function probe(store: Store): Manifest["probe"] {
  const ids = (hits: Hit[]) => hits.map(({ id }) => id);
  const words = quoteWords(WORDS);
  const chunks = ids(store.chunks.searchWords(words, HITS));
  const [vector] = store.chunks.vectorsOf(chunks.slice(0, 1)).values();
  return {
    chunks,
    entries: ids(store.entries.searchWords(words, HITS)),
    vectors: vector ? ids(store.chunks.searchVectors(vector, HITS)) : [],
  };
}
