/** Whether the FAR and DFARS answer a question at all: better no answer than a confident wrong one. */
import type { SearchIndex } from "./search_index.ts";
import type { Signals } from "./signals.ts";
import learned from "./scope_weights.json" with { type: "json" };

/** What tells: names of the numbers of `scopeRow`, in their order. */
export const SCOPE_FEATURES = [
  "sectionMeaning",
  "questionMeaning",
  "questionAdapted",
  "chunkMeaning",
  "briefMeaning",
  "sectionReading",
  "questionCover",
  "headingCover",
  "known",
  "textWords",
] as const;

/** `scope_weights.json`, written by scripts/train_scope.ts. */
export interface ScopeWeights {
  weights: Record<string, number>;
  bias: number;
  /** Below this log-odds of being answered a question is declined. */
  threshold: number;
}

/** How near the nearest texts are by each way, over all sections, and how much of the question's words they have. */
export function scopeRow(index: SearchIndex, signals: Signals): number[] {
  const top = (scores: Float32Array) => scores.reduce((a, b) => Math.max(a, b), 0);
  // With the starter corpus alone there are no chunks: what the brief tells stands in for them.
  const chunks = index.chunkVectors.count > 0 ? signals.chunkMeaning : signals.briefMeaning;
  return [
    top(signals.sectionMeaning),
    top(signals.questionMeaning),
    top(signals.questionAdapted),
    top(chunks),
    top(signals.briefMeaning),
    top(signals.sectionReading),
    top(signals.questionCover),
    Math.max(top(signals.titleCover), top(signals.pathCover)),
    signals.known,
    top(index.chunkVectors.count > 0 ? signals.chunkWords : signals.briefWords) / signals.rarity,
  ];
}

/** Log-odds that the FAR or DFARS answers: above 0 more likely than not. */
export function scopeScore(row: readonly number[], weights: ScopeWeights = learned): number {
  return SCOPE_FEATURES.reduce(
    (sum, name, i) => sum + (weights.weights[name] ?? 0) * row[i],
    weights.bias,
  );
}

/** Whether to decline. Only with vectors: words alone can't tell a rare question from one that is out of place. */
export function outOfScope(index: SearchIndex, signals: Signals): boolean {
  if (index.entries.length === 0 || signals.questionMeaning.every((value) => value < 0)) {
    return false;
  }
  return scopeScore(scopeRow(index, signals)) < (learned as ScopeWeights).threshold;
}
