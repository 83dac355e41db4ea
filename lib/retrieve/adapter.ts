/**
 * A linear map on the question's side of the vectors, learned from the bank's pairs of question and section
 * (scripts/train_adapter.ts): MiniLM was not made for asking the FAR in everyday words, and this moves a question
 * towards the texts that answer such questions. One map for each kind of text: chunks, briefs, questions, and sections as a whole.
 */
import { LearnedMap, packNumbers, readLearned, withoutIdentity } from "./learned_map.ts";

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
  readonly #maps: LearnedMap[];

  constructor({ embedder, dimensions, scales }: AdapterHeader, numbers: Int8Array) {
    this.embedder = embedder;
    const size = dimensions * dimensions;
    this.#maps = scales.map((scale, map) =>
      new LearnedMap(dimensions, numbers.subarray(map * size, (map + 1) * size), scale)
    );
  }

  /** The question's unit vector as it is compared with texts of this kind, a unit vector again. */
  adapt(vector: Float32Array, kind: Adapted): Float32Array {
    return this.#maps[ADAPTED.indexOf(kind)].unit(vector);
  }
}

/** The adapter that ships, undefined where there is none for this embedder: questions are then compared as they are. */
export function loadAdapter(embedder: string, folder?: string): Adapter | undefined {
  const learned = readLearned<AdapterHeader>("adapter", embedder, folder);
  if (!learned) return undefined;
  const { header, numbers } = learned;
  if (numbers.length !== ADAPTED.length * header.dimensions ** 2) return undefined;
  return new Adapter(header, numbers);
}

/** Writes maps (row by row, the identity included) as the file keeps them. */
export function packAdapter(
  embedder: string,
  dimensions: number,
  maps: readonly Float32Array[],
): { header: AdapterHeader; bytes: Int8Array } {
  const size = dimensions * dimensions;
  const bytes = new Int8Array(maps.length * size);
  const scales = maps.map((map, n) =>
    packNumbers(withoutIdentity(map, dimensions), bytes, n * size)
  );
  return { header: { embedder, dimensions, scales }, bytes };
}
