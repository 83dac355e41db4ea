/**
 * Learns a linear map of questions so that each comes nearer to its own target than to the other questions' targets in
 * its batch (InfoNCE, van den Oord et al. 2018). Starts at the identity; the same seed gives the same map.
 */
import { Adam, randomNumbers, shuffle } from "./adam.ts";
import { beforeUnitRows, identity, matrix, product, toUnitRows, transposed } from "./matrix.ts";

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

/** The map, dimensions x dimensions, row by row. */
export async function learnMap(
  pairs: readonly Pair[],
  training: Training,
): Promise<Float32Array> {
  const { dimensions, batch, temperature } = training;
  const random = randomNumbers(training.seed);
  const map = identity(dimensions);
  const adam = new Adam(map.length);
  const order = Int32Array.from(pairs, (_, i) => i);
  for (let epoch = 0; epoch < training.epochs; epoch++) {
    shuffle(order, random);
    for (let from = 0; from + batch <= order.length; from += batch) {
      const chosen: { pair: Pair; target: Float32Array }[] = [];
      for (let i = from; i < from + batch; i++) {
        const target = pairs[order[i]].target();
        if (target) chosen.push({ pair: pairs[order[i]], target });
      }
      const gradient = await gradientOf(map, chosen, dimensions, temperature);
      adam.move(map, gradient, training.step);
    }
    training.onEpoch?.(epoch + 1);
  }
  return map;
}

async function gradientOf(
  map: Float32Array,
  chosen: readonly { pair: Pair; target: Float32Array }[],
  dimensions: number,
  temperature: number,
): Promise<Float32Array> {
  const n = chosen.length;
  const questions = new Float32Array(n * dimensions);
  const targets = new Float32Array(n * dimensions);
  chosen.forEach(({ pair, target }, i) => {
    questions.set(pair.question, i * dimensions);
    targets.set(target, i * dimensions);
  });
  const turned = matrix(transposed(map, dimensions, dimensions), dimensions, dimensions);
  const mapped = await product(matrix(questions, n, dimensions), turned);
  const lengths = toUnitRows(mapped, dimensions);
  const shares = await product(
    matrix(mapped, n, dimensions),
    matrix(transposed(targets, n, dimensions), dimensions, n),
  );
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
  const pull = await product(matrix(shares, n, n), matrix(targets, n, dimensions));
  beforeUnitRows(pull, mapped, lengths, temperature * n);
  return product(
    matrix(transposed(pull, n, dimensions), dimensions, n),
    matrix(questions, n, dimensions),
  );
}
