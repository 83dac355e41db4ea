/** Adam (Kingma and Ba 2015) over one array of numbers. */

const [FIRST, SECOND] = [0.9, 0.999];

export class Adam {
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #steps = 0;

  constructor(size: number) {
    this.#first = new Float64Array(size);
    this.#second = new Float64Array(size);
  }

  /** Moves `numbers` against `gradient`, each by about `step`. */
  move<Numbers extends Float32Array | Float64Array>(
    numbers: Numbers,
    gradient: Numbers,
    step: number,
  ): void {
    this.#steps++;
    const [first, second] = [this.#first, this.#second];
    const [whole1, whole2] = [1 - FIRST ** this.#steps, 1 - SECOND ** this.#steps];
    for (let i = 0; i < numbers.length; i++) {
      const slope = gradient[i];
      first[i] = FIRST * first[i] + (1 - FIRST) * slope;
      second[i] = SECOND * second[i] + (1 - SECOND) * slope * slope;
      numbers[i] -= step * (first[i] / whole1) / (Math.sqrt(second[i] / whole2) + 1e-8);
    }
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let value = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Puts `order` into another order, in place. */
export function shuffle(order: Int32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [order[i], order[other]] = [order[other], order[i]];
  }
}
