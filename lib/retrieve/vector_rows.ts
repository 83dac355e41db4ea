import { type Dots, dotsOver } from "./dot_module.ts";

const PAGE = 65_536;
/** Lengths the vector instructions take. */
const STEP = 16;

/** Vectors in memory, as int8: 50,000 of 384 numbers take 20 MB, and their cosines with a question about 3 ms. */
export class VectorRows {
  readonly dimensions: number;
  readonly #rows: Int8Array;
  readonly #query: Int8Array;
  readonly #results: Int32Array;
  readonly #dots?: Dots;
  #count = 0;

  /** Room for `capacity` vectors. */
  constructor(capacity: number, dimensions: number) {
    this.dimensions = dimensions;
    // The query first, then the results, then the rows; everything begins at a multiple of 16.
    const query = align(dimensions);
    const results = align(capacity * 4);
    const bytes = query + results + capacity * dimensions;
    const memory = new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(bytes / PAGE)) });
    this.#query = new Int8Array(memory.buffer, 0, dimensions);
    this.#results = new Int32Array(memory.buffer, query, capacity);
    this.#rows = new Int8Array(memory.buffer, query + results, capacity * dimensions);
    if (dimensions % STEP === 0) this.#dots = dotsOver(memory);
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a vector of `dimensions` numbers and returns its row. */
  add(vector: Int8Array | Float32Array): number {
    const row = this.#count++;
    const start = row * this.dimensions;
    if (vector instanceof Int8Array) this.#rows.set(vector, start);
    else round(vector, this.#rows.subarray(start, start + this.dimensions));
    return row;
  }

  /** Adds a row's numbers to `sums` from `at` on. */
  addTo(sums: Float32Array, at: number, row: number): void {
    const start = row * this.dimensions;
    for (let i = 0; i < this.dimensions; i++) sums[at + i] += this.#rows[start + i];
  }

  /** The cosine of each row with a unit vector, within what rounding to int8 leaves (about 0.01). */
  cosines(query: Float32Array): Float32Array {
    round(query, this.#query);
    const results = this.#results;
    if (this.#dots) {
      const { byteOffset } = this.#rows;
      this.#dots(0, byteOffset, this.#count, this.dimensions, results.byteOffset);
    } else this.#plainDots();
    const cosines = new Float32Array(this.#count);
    for (let row = 0; row < cosines.length; row++) cosines[row] = results[row] / (127 * 127);
    return cosines;
  }

  #plainDots(): void {
    for (let row = 0, at = 0; row < this.#count; row++) {
      let dot = 0;
      for (let i = 0; i < this.dimensions; i++, at++) dot += this.#query[i] * this.#rows[at];
      this.#results[row] = dot;
    }
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / STEP) * STEP;
}

function round(from: Float32Array, to: Int8Array): void {
  for (let i = 0; i < to.length; i++) to[i] = Math.round(from[i] * 127);
}
