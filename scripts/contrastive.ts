/**
 * Learns a linear map of questions so that each comes nearer to its own target than to the other questions' targets in
 * its batch (InfoNCE, van den Oord et al. 2018). Starts at the identity; the same seed gives the same map.
 */
import { timesTransposed, toUnitRows, transposed } from "./matrix.ts";

export interface Pair {
  question: Float32Array;
  /** What it should come near to: pairs of one group are never each other's opposites. */
  target: () => Float32Array | undefined;
  group: number;
}

export interface Training {
  dimensions: number;
  epochs: number;
  batch: number;
  /** Adam's step. */
  step: number;
  /** Softmax temperature: small ones look at the nearest opposites only. */
  temperature: number;
  seed: number;
  onEpoch?: (epoch: number) => void;
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

/** The map, dimensions x dimensions, row by row. */
export function learnMap(pairs: readonly Pair[], training: Training): Float32Array {
  const { dimensions, batch, temperature } = training;
  const random = randomNumbers(training.seed);
  const map = new Float32Array(dimensions * dimensions);
  for (let i = 0; i < dimensions; i++) map[i * dimensions + i] = 1;
  const first = new Float64Array(map.length);
  const second = new Float64Array(map.length);
  const order = Int32Array.from(pairs, (_, i) => i);
  let steps = 0;
  for (let epoch = 0; epoch < training.epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const other = Math.floor(random() * (i + 1));
      [order[i], order[other]] = [order[other], order[i]];
    }
    for (let from = 0; from + batch <= order.length; from += batch) {
      const chosen: { pair: Pair; target: Float32Array }[] = [];
      for (let i = from; i < from + batch; i++) {
        const target = pairs[order[i]].target();
        if (target) chosen.push({ pair: pairs[order[i]], target });
      }
      const gradient = gradientOf(map, chosen, dimensions, temperature);
      steps++;
      const [decayed1, decayed2] = [1 - 0.9 ** steps, 1 - 0.999 ** steps];
      for (let i = 0; i < map.length; i++) {
        first[i] = 0.9 * first[i] + 0.1 * gradient[i];
        second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
        map[i] -= training.step * (first[i] / decayed1) / (Math.sqrt(second[i] / decayed2) + 1e-8);
      }
    }
    training.onEpoch?.(epoch + 1);
  }
  return map;
}

function gradientOf(
  map: Float32Array,
  chosen: readonly { pair: Pair; target: Float32Array }[],
  dimensions: number,
  temperature: number,
): Float32Array {
  const n = chosen.length;
  const questions = new Float32Array(n * dimensions);
  const targets = new Float32Array(n * dimensions);
  chosen.forEach(({ pair, target }, i) => {
    questions.set(pair.question, i * dimensions);
    targets.set(target, i * dimensions);
  });
  const mapped = timesTransposed(questions, map, n, dimensions, dimensions);
  const lengths = toUnitRows(mapped, dimensions);
  const shares = timesTransposed(mapped, targets, n, n, dimensions);
  for (let row = 0; row < n; row++) {
    let top = -Infinity;
    for (let column = 0; column < n; column++) {
      const at = row * n + column;
      const twins = row !== column && chosen[row].pair.group === chosen[column].pair.group;
      shares[at] = twins ? -Infinity : shares[at] / temperature;
      if (shares[at] > top) top = shares[at];
    }
    let sum = 0;
    for (let at = row * n; at < (row + 1) * n; at++) sum += shares[at] = Math.exp(shares[at] - top);
    for (let at = row * n; at < (row + 1) * n; at++) shares[at] /= sum;
    shares[row * n + row] -= 1;
  }
  const pull = timesTransposed(shares, transposed(targets, n, dimensions), n, dimensions, n);
  for (let row = 0; row < n; row++) {
    const at = row * dimensions;
    let along = 0;
    for (let i = at; i < at + dimensions; i++) along += pull[i] * mapped[i];
    for (let i = at; i < at + dimensions; i++) {
      pull[i] = (pull[i] - along * mapped[i]) / (lengths[row] * temperature * n);
    }
  }
  return timesTransposed(
    transposed(pull, n, dimensions),
    transposed(questions, n, dimensions),
    dimensions,
    dimensions,
    n,
  );
}
