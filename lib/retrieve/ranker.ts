/** From rows of features to an order: a weighed sum, its weights learned by scripts/train_ranker.ts. */
import { type Candidates, FEATURES } from "./features.ts";
import weights from "./ranker_weights.json" with { type: "json" };

/** `ranker_weights.json`. */
export interface RankerWeights {
  /** By the feature's name; one that is missing counts nothing. */
  weights: Record<string, number>;
}

const WEIGHTS = Float32Array.from(
  FEATURES,
  (name) => (weights as RankerWeights).weights[name] ?? 0,
);

/** The score of each candidate, higher is better; differences of scores are log-odds of being the better answer. */
export function scoresOf(candidates: Candidates, learned: Float32Array = WEIGHTS): Float32Array {
  const { sections, rows } = candidates;
  const scores = new Float32Array(sections.length);
  for (let i = 0, at = 0; i < scores.length; i++) {
    let sum = 0;
    for (let j = 0; j < learned.length; j++, at++) sum += learned[j] * rows[at];
    scores[i] = sum;
  }
  return scores;
}
