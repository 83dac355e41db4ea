/**
 * Reads a question as the direction in which the sections that answer it lie: a linear map of its vector plus a vector
 * for each of its words, learned from the bank's pairs of question and section (scripts/train_reader.ts). MiniLM knows
 * what words mean in general; the word vectors know what they mean here ("debrief", "roll", "COR").
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stem, tokens } from "./words.ts";

const FOLDER = join(import.meta.dirname!, "..", "..", "corpus", "bank");

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
  readonly #map: Float32Array;
  readonly #places: Map<string, number>;
  readonly #wordScales: number[];
  readonly #wordVectors: Int8Array;

  /** `numbers`: the map without its identity, then the words' vectors, as int8. */
  constructor(header: ReaderHeader, numbers: Int8Array) {
    const size = this.#dimensions = header.dimensions;
    const [scale, ...wordScales] = header.scales;
    this.#map = Float32Array.from(numbers.subarray(0, size * size), (value) => value * scale);
    for (let i = 0; i < size; i++) this.#map[i * size + i] += 1;
    this.#places = new Map(header.words.map((word, i) => [word, i]));
    this.#wordScales = wordScales;
    this.#wordVectors = numbers.subarray(size * size);
  }

  /** The unit vector to compare with sections as a whole, for a question and its unit vector. */
  read(question: string, vector: Float32Array): Float32Array {
    const size = this.#dimensions;
    const read = new Float32Array(size);
    const known = readWords(question).flatMap((word) => this.#places.get(word) ?? []);
    const share = 1 / Math.sqrt(Math.max(1, known.length));
    for (const place of known) {
      const scale = this.#wordScales[place] * share;
      for (let i = 0, at = place * size; i < size; i++, at++) {
        read[i] += scale * this.#wordVectors[at];
      }
    }
    let squares = 0;
    for (let row = 0, at = 0; row < size; row++) {
      for (let i = 0; i < size; i++, at++) read[row] += this.#map[at] * vector[i];
      squares += read[row] * read[row];
    }
    const length = Math.sqrt(squares) || 1;
    for (let i = 0; i < size; i++) read[i] /= length;
    return read;
  }
}

/** The reader that ships, undefined where there is none for this embedder. */
export function loadReader(embedder: string, folder = FOLDER): Reader | undefined {
  let header: ReaderHeader;
  let bytes: Uint8Array;
  try {
    header = JSON.parse(readFileSync(join(folder, "reader.json"), "utf8"));
    bytes = readFileSync(join(folder, "reader.bin"));
  } catch {
    // Without it sections are found by their texts alone.
    return undefined;
  }
  const { dimensions, words, scales } = header;
  const whole = bytes.length === (dimensions + words.length) * dimensions &&
    scales.length === words.length + 1;
  if (header.embedder !== embedder || !whole) return undefined;
  return new Reader(header, new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length));
}

/** A reader as the files keep it: each vector as int8 with a scale of its own. */
export function packReader(
  embedder: string,
  dimensions: number,
  { map, words, wordVectors }: ReaderParts,
): { header: ReaderHeader; bytes: Int8Array } {
  const bytes = new Int8Array(map.length + wordVectors.length);
  const learned = map.map((value, i) => value - (i % (dimensions + 1) === 0 ? 1 : 0));
  const scales = [pack(learned, bytes, 0)];
  for (let at = 0; at < wordVectors.length; at += dimensions) {
    scales.push(pack(wordVectors.subarray(at, at + dimensions), bytes, map.length + at));
  }
  return { header: { embedder, dimensions, scales, words: [...words] }, bytes };
}

/** Writes numbers to `bytes` from `at` on and returns what they have to be multiplied by. */
function pack(numbers: Float32Array, bytes: Int8Array, at: number): number {
  const top = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  numbers.forEach((value, i) => bytes[at + i] = Math.round(value * 127 / top));
  return Number((top / 127).toPrecision(6));
}
