/**
 * Reads a question as the direction in which the sections that answer it lie: a linear map of its vector plus a vector
 * for each of its words, learned from the bank's pairs of question and section (scripts/train_reader.ts). MiniLM knows
 * what words mean in general; the word vectors know what they mean here ("debrief", "roll", "COR").
 */
import { LearnedMap, packNumbers, readLearned, withoutIdentity } from "./learned_map.ts";
import { stem, tokens } from "./words.ts";

/** `corpus/bank/reader.json`: what `reader.bin` holds. */
export interface ReaderHeader {
  /** The embedder it was learned for: vectors of another one can't be read. */
  embedder: string;
  dimensions: number;
  /** Scale of the map, then of each word's vector. */
  scales: number[];
  /** Stems that have a vector, in the file's order. */
  words: string[];
}

/** What a reader is made of, before it is rounded. */
export interface ReaderParts {
  /** dimensions x dimensions, row by row; the identity included. */
  map: Float32Array;
  words: readonly string[];
  /** A row of `dimensions` numbers for each word. */
  wordVectors: Float32Array;
}

/** The stems of every word of a question, each once: "who", "how long" and the like tell here too. */
export function readWords(text: string): string[] {
  return [...new Set(tokens(text).map(stem))];
}

export class Reader {
  readonly #dimensions: number;
  readonly #map: LearnedMap;
  readonly #places: Map<string, number>;
  readonly #wordScales: number[];
  readonly #wordVectors: Int8Array;

  /** `numbers`: the map without its identity, then the words' vectors, as int8. */
  constructor(header: ReaderHeader, numbers: Int8Array) {
    const size = this.#dimensions = header.dimensions;
    const [scale, ...wordScales] = header.scales;
    this.#map = new LearnedMap(size, numbers.subarray(0, size * size), scale);
    this.#places = new Map(header.words.map((word, i) => [word, i]));
    this.#wordScales = wordScales;
    this.#wordVectors = numbers.subarray(size * size);
  }

  /** The unit vector to compare with sections as a whole, for a question and its unit vector. */
  read(question: string, vector: Float32Array): Float32Array {
    const size = this.#dimensions;
    const ofWords = new Float32Array(size);
    const known = readWords(question).flatMap((word) => this.#places.get(word) ?? []);
    const share = 1 / Math.sqrt(Math.max(1, known.length));
    for (const place of known) {
      const scale = this.#wordScales[place] * share;
      for (let i = 0, at = place * size; i < size; i++, at++) {
        ofWords[i] += scale * this.#wordVectors[at];
      }
    }
    return this.#map.unit(vector, ofWords);
  }
}

/** The reader that ships, undefined where there is none for this embedder: sections are then found by their texts alone. */
export function loadReader(embedder: string, folder?: string): Reader | undefined {
  const learned = readLearned<ReaderHeader>("reader", embedder, folder);
  if (!learned) return undefined;
  const { header, numbers } = learned;
  const { dimensions, words, scales } = header;
  const whole = numbers.length === (dimensions + words.length) * dimensions &&
    scales.length === words.length + 1;
  return whole ? new Reader(header, numbers) : undefined;
}

/** A reader as the files keep it: each vector as int8 with a scale of its own. */
export function packReader(
  embedder: string,
  dimensions: number,
  { map, words, wordVectors }: ReaderParts,
): { header: ReaderHeader; bytes: Int8Array } {
  const bytes = new Int8Array(map.length + wordVectors.length);
  const packed = (numbers: Float32Array, at: number) =>
    Number(packNumbers(numbers, bytes, at).toPrecision(6)); // thousands of scales: short ones
  const scales = [packed(withoutIdentity(map, dimensions), 0)];
  for (let at = 0; at < wordVectors.length; at += dimensions) {
    scales.push(packed(wordVectors.subarray(at, at + dimensions), map.length + at));
  }
  return { header: { embedder, dimensions, scales, words: [...words] }, bytes };
}
