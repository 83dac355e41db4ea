/** An embedder that remembers the vectors it made last: the same paragraphs answer many questions. */
import type { Embedder } from "./types.ts";

/** So many texts are remembered when not said otherwise: about 10 MB with their vectors. */
const REMEMBERED = 4000;

/**
 * The embedder with a memory of the last `most` texts. Closing it closes nothing: the embedder may be others' too.
 */
export function remembering(embedder: Embedder, most: number = REMEMBERED): Embedder {
  /** In the order of their last use. */
  const known = new Map<string, Float32Array>();

  const use = (text: string, vector: Float32Array) => {
    known.delete(text);
    known.set(text, vector);
    if (known.size > most) known.delete(known.keys().next().value!);
  };

  return {
    name: embedder.name,
    dimensions: embedder.dimensions,
    get state() {
      return embedder.state;
    },
    get problem() {
      return embedder.problem;
    },
    async embed(texts, signal) {
      const missing = [...new Set(texts.filter((text) => !known.has(text)))];
      // Taken now: they may be forgotten while the others are made.
      const found = new Map<string, Float32Array>();
      for (const text of texts) {
        const vector = known.get(text);
        if (vector) found.set(text, vector);
      }
      const made = missing.length === 0 ? [] : await embedder.embed(missing, signal);
      missing.forEach((text, i) => found.set(text, made[i]));
      for (const [text, vector] of found) use(text, vector);
      return texts.map((text) => found.get(text)!);
    },
    countTokens: (texts) => embedder.countTokens(texts),
    close: () => Promise.resolve(),
  };
}
