/**
 * Learning to rank, listwise: weights of a sum whose softmax over a question's candidates puts the mass on those that
 * answer (ListNet's top-one loss, Cao et al. 2007), held towards 0 by their squares. Deterministic.
 */

import { Adam } from "./adam.ts";

/** A question's candidates. */
export interface RankingTask {
  /** A row of `features` numbers a candidate. */
  rows: Float32Array;
  /** How good each candidate is: shares that add up to 1. */
  wanted: Float32Array;
  weight: number;
}

/** Means and deviations of the features, so that one strength of regularization fits all. */
export function scaling(tasks: readonly RankingTask[], features: number) {
  const mean = new Float64Array(features);
  const deviation = new Float64Array(features);
  let count = 0;
  for (const { rows } of tasks) {
    for (let at = 0; at < rows.length; at++) mean[at % features] += rows[at];
    count += rows.length / features;
  }
  for (let i = 0; i < features; i++) mean[i] /= count;
  for (const { rows } of tasks) {
    for (let at = 0; at < rows.length; at++) {
      deviation[at % features] += (rows[at] - mean[at % features]) ** 2;
    }
  }
  for (let i = 0; i < features; i++) deviation[i] = Math.sqrt(deviation[i] / count) + 1e-6;
  return { mean, deviation };
}

/** Steps of Adam until the weights stand still. */
const STEPS = 300;
const STEP = 0.05;

/** The learned weights, for rows as they are (not scaled). `penalty` is the strength that holds them small. */
export function learn(
  tasks: readonly RankingTask[],
  features: number,
  penalty: number,
): Float32Array {
  const { mean, deviation } = scaling(tasks, features);
  const scaled = tasks.map(({ rows }) =>
    Float32Array.from(rows, (value, at) => (value - mean[at % features]) / deviation[at % features])
  );
  const total = tasks.reduce((sum, { weight }) => sum + weight, 0);
  const weights = new Float64Array(features);
  const adam = new Adam(features);
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map((weight) => 2 * penalty * weight / total);
    tasks.forEach(({ wanted, weight }, task) => {
      const rows = scaled[task];
      const scores = new Float64Array(wanted.length);
      for (let i = 0, at = 0; i < scores.length; i++) {
        for (let j = 0; j < features; j++, at++) scores[i] += weights[j] * rows[at];
      }
      const top = scores.reduce((a, b) => Math.max(a, b), -Infinity);
      let sum = 0;
      for (let i = 0; i < scores.length; i++) sum += scores[i] = Math.exp(scores[i] - top);
      for (let i = 0, at = 0; i < scores.length; i++) {
        const error = weight * (scores[i] / sum - wanted[i]) / total;
        for (let j = 0; j < features; j++, at++) gradient[j] += error * rows[at];
      }
    });
    adam.move(weights, gradient, STEP);
  }
  return Float32Array.from(weights, (weight, j) => weight / deviation[j]);
}
