/**
 * Learns a reader (lib/retrieve/reader.ts): a softmax over all sections, in which each question should find its own.
 * A question's own section is compared without the question, or it would find itself.
 */
import type { ReaderParts } from "../lib/retrieve/reader.ts";
import { Adam, randomNumbers, shuffle } from "./adam.ts";
import { beforeUnitRows, identity, matrix, product, toUnitRows, transposed } from "./matrix.ts";

/** A question (or brief) and the section it should find. */
export interface Example {
  vector: Float32Array;
  words: string[];
  /** Row of its section. */
  section: number;
  /** The section as a whole without this text; a unit vector. */
  own: Float32Array;
}

export interface ReadTraining {
  dimensions: number;
  /** Sections as a whole, row by row; zeros where there is none. */
  sections: Float32Array;
  seed: number;
  onEpoch?: (epoch: number, loss: number) => void;
}

/** What 905 questions of our own (bench/retrieval) like best of what was tried; docs/retrieval.md. */
export const EPOCHS = 8;
const BATCH = 256;
const STEP = 1e-3;
const LAST_STEP = 0.02;
/** Softmax temperature. */
const TEMPERATURE = 0.04;
/** A word that stands in fewer texts learns nothing that holds for others. */
const LEAST_TEXTS = 3;
/** Share of the words that a question loses, another one each time, so that it doesn't hang on one. */
const LOST_WORDS = 0.2;

export async function learnToRead(
  examples: readonly Example[],
  { dimensions, sections, seed, onEpoch }: ReadTraining,
): Promise<ReaderParts> {
  const random = randomNumbers(seed);
  const words = vocabulary(examples);
  const places = new Map(words.map((word, i) => [word, i]));
  const bags = examples.map(({ words }) => words.flatMap((word) => places.get(word) ?? []));
  const map = identity(dimensions);
  const wordVectors = new Float32Array(words.length * dimensions);
  const mapAdam = new Adam(map.length);
  const wordAdam = new Adam(wordVectors.length);
  const count = sections.length / dimensions;
  const rows = matrix(sections, count, dimensions);
  const columns = matrix(transposed(sections, count, dimensions), dimensions, count);
  const absent = absentRows(sections, dimensions);

  const order = Int32Array.from(examples, (_, i) => i);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    shuffle(order, random);
    let loss = 0;
    for (let from = 0; from < order.length; from += BATCH) {
      const chosen = order.subarray(from, from + BATCH);
      const n = chosen.length;
      const batch = Array.from(chosen, (i) => examples[i]);
      const bag = Array.from(chosen, (i) => bags[i].filter(() => random() >= LOST_WORDS));
      const questions = new Float32Array(n * dimensions);
      batch.forEach(({ vector }, i) => questions.set(vector, i * dimensions));

      // Forward: the question's direction, and its cosine with every section.
      const turned = transposed(map, dimensions, dimensions);
      const read = await product(
        matrix(questions, n, dimensions),
        matrix(turned, dimensions, dimensions),
      );
      eachWord(bag, (row, word, share) => addRow(read, row, wordVectors, word, share, dimensions));
      const lengths = toUnitRows(read, dimensions);
      const shares = await product(matrix(read, n, dimensions), columns);
      const own = new Float32Array(n);
      for (let i = 0; i < n; i++) {
        const at = i * count;
        for (const section of absent) shares[at + section] = -1;
        shares[at + batch[i].section] = dot(read, i * dimensions, batch[i].own);
        loss -= softmax(shares, at, count, batch[i].section);
        // From here on: how far each section's share is from what it should be.
        const place = at + batch[i].section;
        own[i] = shares[place] - 1;
        shares[place] = 0;
        for (const section of absent) shares[at + section] = 0;
      }

      // Backward, through the length of 1.
      const slope = await product(matrix(shares, n, count), rows);
      for (let i = 0; i < n; i++) {
        const at = i * dimensions;
        for (let j = 0; j < dimensions; j++) slope[at + j] += own[i] * batch[i].own[j];
      }
      beforeUnitRows(slope, read, lengths, TEMPERATURE * n);
      const mapSlope = await product(
        matrix(transposed(slope, n, dimensions), dimensions, n),
        matrix(questions, n, dimensions),
      );
      const wordSlope = new Float32Array(wordVectors.length);
      eachWord(bag, (row, word, share) => addRow(wordSlope, word, slope, row, share, dimensions));
      const done = (epoch * order.length + from) / (EPOCHS * order.length);
      const step = STEP * Math.max(LAST_STEP, 1 - done);
      mapAdam.move(map, mapSlope, step);
      wordAdam.move(wordVectors, wordSlope, step);
    }
    onEpoch?.(epoch + 1, loss / order.length);
  }
  return { map, words, wordVectors };
}

/** Stems that stand in enough texts, the most frequent first. */
function vocabulary(examples: readonly Example[]): string[] {
  const counts = new Map<string, number>();
  for (const { words } of examples) {
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count >= LEAST_TEXTS)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([word]) => word);
}

function absentRows(sections: Float32Array, dimensions: number): number[] {
  const absent: number[] = [];
  for (let row = 0, at = 0; at < sections.length; row++, at += dimensions) {
    if (sections.subarray(at, at + dimensions).every((value) => value === 0)) absent.push(row);
  }
  return absent;
}

/** Turns cosines into shares in place and returns the logarithm of the one that should have it all. */
function softmax(shares: Float32Array, at: number, count: number, right: number): number {
  let top = -Infinity;
  for (let i = at; i < at + count; i++) if (shares[i] > top) top = shares[i];
  let sum = 0;
  for (let i = at; i < at + count; i++) {
    sum += shares[i] = Math.exp((shares[i] - top) / TEMPERATURE);
  }
  for (let i = at; i < at + count; i++) shares[i] /= sum;
  return Math.log(Math.max(1e-12, shares[at + right]));
}

function dot(a: Float32Array, at: number, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[at + i] * b[i];
  return sum;
}

/** Each row's words, and what one of them counts: divided by the root of their number, as the reader does. */
function eachWord(
  bags: readonly (readonly number[])[],
  work: (row: number, word: number, share: number) => void,
): void {
  bags.forEach((words, row) => {
    const share = 1 / Math.sqrt(Math.max(1, words.length));
    for (const word of words) work(row, word, share);
  });
}

/** Adds a share of one matrix's row to another's. */
function addRow(
  to: Float32Array,
  toRow: number,
  from: Float32Array,
  fromRow: number,
  share: number,
  dimensions: number,
): void {
  for (let i = 0; i < dimensions; i++) {
    to[toRow * dimensions + i] += share * from[fromRow * dimensions + i];
  }
}
