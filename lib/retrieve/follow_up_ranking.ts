/** The ranking of follow-ups: several searches weighed together, and the sections around those already named. */
import { subpartOf } from "../regulation/links.ts";
import type { Catalog, CatalogSection } from "./catalog.ts";
import { candidatesOf, type Cues } from "./features.ts";
import type { Raises } from "./follow_up.ts";
import { scoresOf } from "./ranker.ts";
import type { SearchIndex } from "./search_index.ts";
import type { Signals } from "./signals.ts";

/** What one text found. */
export interface WeighedSignals {
  signals: Signals;
  cues: Cues;
  weight: number;
}

/**
 * The scores of the sections that may answer, by their places: the first search's, and to each section that it or
 * another search of positive weight finds, the others' times their weights.
 */
export function weighedScores(
  index: SearchIndex,
  [first, ...others]: readonly WeighedSignals[],
  allowed: (place: number) => boolean,
  named: Iterable<number>,
): Map<number, number> {
  const found = new Set(named);
  for (const { signals, cues, weight } of others) {
    if (weight <= 0) continue;
    for (const place of candidatesOf(index, signals, cues, allowed).sections) found.add(place);
  }
  const scores = new Map<number, number>();
  const candidates = candidatesOf(index, first.signals, first.cues, allowed, found);
  scoresOf(candidates).forEach((score, i) =>
    scores.set(candidates.sections[i], first.weight * score)
  );
  for (const { signals, cues, weight } of others) {
    const again = candidatesOf(index, signals, cues, allowed, scores.keys());
    scoresOf(again).forEach((score, i) => {
      const sum = scores.get(again.sections[i]);
      if (sum !== undefined) scores.set(again.sections[i], sum + weight * score);
    });
  }
  return scores;
}

/** What to add to a section's score, by its place, after an answer that named these, the first of them first. */
export function raisesOf(
  catalog: Catalog,
  numbers: readonly string[],
  raises: Raises,
): Map<number, number> {
  const places = numbers.flatMap((number) => catalog.placeOfNumber(number) ?? []);
  const sum = new Map<number, number>();
  const add = (place: number, by: number) => by !== 0 && sum.set(place, (sum.get(place) ?? 0) + by);
  places.forEach((place, i) => add(place, i === 0 ? raises.first : raises.named));
  const named = places.map((place) => catalog.sections[place]);
  const around = new Set(raises.around === 0 ? [] : named.map(aroundOf));
  const supplements = new Set(raises.supplement === 0 ? [] : named.flatMap(supplementOf));
  if (around.size + supplements.size > 0) {
    catalog.sections.forEach((section, place) => {
      if (section.collection === "uploads") return;
      if (around.has(aroundOf(section))) add(place, raises.around);
      if (supplements.has(section.family)) add(place, raises.supplement);
    });
  }
  return sum;
}

/** All clauses are in one subpart: theirs is the family, as 52.204. Sections before the first subpart have none. */
function aroundOf({ isClause, family, number, group }: CatalogSection): string {
  return isClause || subpartOf(number) === undefined ? family : group;
}

/** DFARS 215.404-4 supplements FAR 15.404-4: its family, as catalogs write it. */
function supplementOf({ collection, family }: CatalogSection): string[] {
  const number = /^far (\d+)(\..+)$/.exec(family);
  return collection === "far" && number ? [`dfars ${Number(number[1]) + 200}${number[2]}`] : [];
}
