/** An inverted index in memory, for our own short texts: questions, briefs and headings. */
import { stem, tokens } from "./words.ts";

// BM25's constants: saturation of repeated words, and how much long texts are held back (Robertson and Zaragoza 2009).
const K1 = 1.2;
const B = 0.6;

export class WordIndex {
  readonly #postings = new Map<string, number[]>();
  /** How often the word stands in each text of its postings, in their order. */
  readonly #counts = new Map<string, number[]>();
  readonly #lengths: number[] = [];
  #total = 0;

  /** Adds a text and returns its number, counted from 0. */
  add(text: string): number {
    const document = this.#lengths.length;
    const stems = tokens(text).map(stem);
    this.#lengths.push(stems.length);
    this.#total += stems.length;
    for (const word of stems) {
      const postings = this.#postings.get(word);
      const counts = this.#counts.get(word);
      if (!postings || !counts) {
        this.#postings.set(word, [document]);
        this.#counts.set(word, [1]);
      } else if (postings.at(-1) === document) counts[counts.length - 1]++;
      else {
        postings.push(document);
        counts.push(1);
      }
    }
    return document;
  }

  get count(): number {
    return this.#lengths.length;
  }

  /** Numbers of the texts that have this stem. */
  postings(word: string): readonly number[] {
    return this.#postings.get(word) ?? [];
  }

  /** How rare a stem is: 0 for one that every text has. */
  rarity(word: string): number {
    const found = this.postings(word).length;
    return Math.log(1 + (this.count - found + 0.5) / (found + 0.5));
  }

  /** BM25 of every text for these stems, each weighed. */
  scores(words: Iterable<[word: string, weight: number]>): Float32Array {
    const scores = new Float32Array(this.count);
    const average = this.#total / Math.max(1, this.count);
    for (const [word, weight] of words) {
      const gain = weight * this.rarity(word) * (K1 + 1);
      const counts = this.#counts.get(word) ?? [];
      this.postings(word).forEach((document, i) => {
        const length = this.#lengths[document] / average;
        scores[document] += gain * counts[i] / (counts[i] + K1 * (1 - B + B * length));
      });
    }
    return scores;
  }
}
