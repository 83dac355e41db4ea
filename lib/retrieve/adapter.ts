/**
 * A linear map on the question's side of the vectors, learned from the bank's pairs of question and section
 * (scripts/train_adapter.ts): MiniLM was not made for asking the FAR in everyday words, and this moves a question
 * towards the texts that answer such questions. One map for each kind of text: chunks, briefs, questions, and sections as a whole.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname!, "..", "..", "corpus", "bank");

/** What a question is compared with. */
export const ADAPTED = ["chunk", "brief", "question", "section"] as const;
export type Adapted = typeof ADAPTED[number];

/** `corpus/bank/adapter.json`: what `adapter.bin` holds. */
export interface AdapterHeader {
  /** The embedder it was learned for: vectors of another one are left as they are. */
  embedder: string;
  dimensions: number;
  /** A map is the identity plus the file's int8 numbers times this, row by row; one for each of ADAPTED. */
  scales: number[];
}

export class Adapter {
  readonly embedder: string;
  readonly #dimensions: number;
  readonly #maps: Float32Array[];

  constructor(header: AdapterHeader, numbers: Int8Array) {
    this.embedder = header.embedder;
    const size = this.#dimensions = header.dimensions;
    this.#maps = header.scales.map((scale, map) => {
      const from = map * size * size;
      const learned = Float32Array.from(
        numbers.subarray(from, from + size * size),
        (value) => value * scale,
      );
      for (let i = 0; i < size; i++) learned[i * size + i] += 1;
      return learned;
    });
  }

  /** The question's unit vector as it is compared with texts of this kind, a unit vector again. */
  adapt(vector: Float32Array, kind: Adapted): Float32Array {
    const size = this.#dimensions;
    const map = this.#maps[ADAPTED.indexOf(kind)];
    const adapted = new Float32Array(size);
    let squares = 0;
    for (let row = 0, at = 0; row < size; row++) {
      let sum = 0;
      for (let i = 0; i < size; i++, at++) sum += map[at] * vector[i];
      adapted[row] = sum;
      squares += sum * sum;
    }
    const length = Math.sqrt(squares) || 1;
    for (let i = 0; i < size; i++) adapted[i] /= length;
    return adapted;
  }
}

/** The adapter that ships, undefined where there is none for this embedder. */
export function loadAdapter(embedder: string, folder = FOLDER): Adapter | undefined {
  let header: AdapterHeader;
  let bytes: Uint8Array;
  try {
    header = JSON.parse(readFileSync(join(folder, "adapter.json"), "utf8"));
    bytes = readFileSync(join(folder, "adapter.bin"));
  } catch {
    // Without it questions are compared as they are.
    return undefined;
  }
  const expected = ADAPTED.length * header.dimensions ** 2;
  if (header.embedder !== embedder || bytes.length !== expected) return undefined;
  return new Adapter(header, new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length));
}

/** Writes maps (row by row, the identity included) as the file keeps them. */
export function packAdapter(
  embedder: string,
  dimensions: number,
  maps: readonly Float32Array[],
): { header: AdapterHeader; bytes: Int8Array } {
  const size = dimensions * dimensions;
  const bytes = new Int8Array(maps.length * size);
  const scales = maps.map((map, n) => {
    const learned = map.map((value, i) => value - (i % (dimensions + 1) === 0 ? 1 : 0));
    const scale = learned.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-9) / 127;
    learned.forEach((value, i) => bytes[n * size + i] = Math.round(value / scale));
    return scale;
  });
  return { header: { embedder, dimensions, scales }, bytes };
}
