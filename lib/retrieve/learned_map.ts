/** Numbers that were learned, as corpus/bank keeps them: a header in JSON and int8 numbers with scales beside it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname!, "..", "..", "corpus", "bank");

/** A linear map of vectors: the identity plus what was learned. */
export class LearnedMap {
  readonly #size: number;
  readonly #rows: Float32Array;

  /** `numbers`, row by row, times `scale` are what is added to the identity; as many as `size` squared. */
  constructor(size: number, numbers: Int8Array, scale: number) {
    this.#size = size;
    this.#rows = Float32Array.from(numbers, (value) => value * scale);
    for (let i = 0; i < size; i++) this.#rows[i * size + i] += 1;
  }

  /** The mapped vector plus another one (none: zeros), scaled to length 1. */
  unit(vector: Float32Array, plus?: Float32Array): Float32Array {
    const size = this.#size;
    const mapped = new Float32Array(size);
    let squares = 0;
    for (let row = 0, at = 0; row < size; row++) {
      let sum = plus?.[row] ?? 0;
      for (let i = 0; i < size; i++, at++) sum += this.#rows[at] * vector[i];
      mapped[row] = sum;
      squares += sum * sum;
    }
    const length = Math.sqrt(squares) || 1;
    for (let i = 0; i < size; i++) mapped[i] /= length;
    return mapped;
  }
}

/** What was learned, without the identity it is added to. */
export function withoutIdentity(map: Float32Array, size: number): Float32Array {
  return map.map((value, i) => value - (i % (size + 1) === 0 ? 1 : 0));
}

/** Writes numbers to `bytes` from `at` on and returns what they have to be multiplied by. */
export function packNumbers(numbers: Float32Array, bytes: Int8Array, at: number): number {
  const scale = numbers.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-9) / 127;
  numbers.forEach((value, i) => bytes[at + i] = Math.round(value / scale));
  return scale;
}

/** `NAME.json` and `NAME.bin` of a folder; undefined where they are missing or were learned for another embedder. */
export function readLearned<Header extends { embedder: string }>(
  name: string,
  embedder: string,
  folder = FOLDER,
): { header: Header; numbers: Int8Array } | undefined {
  try {
    const header: Header = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
    const bytes = readFileSync(join(folder, `${name}.bin`));
    if (header.embedder !== embedder) return undefined;
    return { header, numbers: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
  } catch {
    // Retrieval goes without what was learned.
    return undefined;
  }
}
