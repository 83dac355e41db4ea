/** What the ranking weighs: for each section that may answer, a row of numbers. */
import type { SearchIndex } from "./search_index.ts";
import type { Signals } from "./signals.ts";

/** What a question's wording says about the kind of section it wants. */
export interface Cues {
  /** It speaks of the Department of Defense, so DFARS adds to FAR. */
  defense: boolean;
  /** It speaks of a clause or provision. */
  clause: boolean;
  /** It asks when or where a clause is put in. */
  prescription: boolean;
  /** It asks what a word means. */
  definition: boolean;
}

const DEFENSE =
  /\b(?:dod|dfars?|defen[cs]e|army|navy|naval|air force|space force|marines?|marine corps|usmc|pentagon|military|dcma|dcaa|dla|milcon|warfighter|army corps|usace|secdef|pgi|252\.\d)/i;
const CLAUSE = /\b(?:clauses?|provisions?)\b/i;
const PUT_IN =
  /\b(?:when|which|where|what|do i|must i|should i|need to)\b.*\b(?:insert(?:ed)?|includ(?:e|ed|ing)|put|use[ds]?|go(?:es)? in|add(?:ed)?|prescrib\w*|leave out|left out|needs?|gets?|carry|requires?)\b/i;
const DEFINITION =
  /\b(?:means?|meaning|defin(?:e[sd]?|ition)|what(?:'s| is| are| does)|counts? as|considered|differences? between|qualif(?:y|ies)|treated? as)\b/i;

export function cuesOf(question: string): Cues {
  const clause = CLAUSE.test(question);
  return {
    defense: DEFENSE.test(question),
    clause,
    prescription: clause && PUT_IN.test(question),
    definition: DEFINITION.test(question),
  };
}

/** Names of the numbers in a row, in their order; `ranker_weights.json` has a weight for each. */
export const FEATURES = [
  "chunkMeaning",
  "chunkMeaning2",
  "questionMeaning",
  "questionMeaning2",
  "briefMeaning",
  "chunkWords",
  "questionWords",
  "briefWords",
  "chunkWordsShare",
  "questionWordsShare",
  "briefWordsShare",
  "titleCover",
  "pathCover",
  "questionCover",
  "briefCover",
  "chunkMeaningRank",
  "questionMeaningRank",
  "briefMeaningRank",
  "chunkWordsRank",
  "questionWordsRank",
  "briefWordsRank",
  "groupQuestionMeaning",
  "groupChunkMeaning",
  "familyQuestionMeaning",
  "defenseInDfars",
  "otherInDfars",
  "defenseInFar",
  "clauseIsClause",
  "otherIsClause",
  "prescriptionPrescribes",
  "prescriptionIsClause",
  "otherPrescribes",
  "definitionIsDefinition",
  "otherIsDefinition",
  "chunkCount",
  "questionCount",
  "linkedQuestionMeaning",
  "linkedChunkMeaning",
  "prescriptionLinked",
  "questionAdapted",
  "questionAdapted2",
  "questionAdaptedRank",
  "groupQuestionAdapted",
  "sectionMeaning",
  "sectionMeaningRank",
  "groupSectionMeaning",
  "familySectionMeaning",
  "sectionReading",
  "sectionReadingShare",
  "sectionReadingRank",
  "groupSectionReading",
  "familySectionReading",
  "linkedSectionReading",
  "sectionWords",
  "sectionWordsShare",
  "sectionWordsRank",
] as const;

/** How many sections fusion hands to the ranking. */
const CANDIDATES = 120;
/** Of so many, the linked clause or prescription is a candidate too. */
const FOLLOW_LINKS = 15;
/** Reciprocal-rank fusion's constant (Cormack, Clarke and Büttcher 2009 use 60; a small one trusts first places). */
const FUSION = 20;

export interface Candidates {
  /** Places in the catalog. */
  sections: Int32Array;
  /** A row of FEATURES.length numbers each. */
  rows: Float32Array;
}

/** Steps between the lowest and the highest score, to find the first `depth` without sorting all. */
const STEPS = 2048;

/** Where each section stands in a way's order, and only the first `depth` of them (the rest: `depth`). */
function ranks(scores: Float32Array, depth: number): Int16Array {
  const positions = new Int16Array(scores.length).fill(depth);
  let top = 0;
  for (let section = 0; section < scores.length; section++) {
    if (scores[section] > top) top = scores[section];
  }
  if (top === 0) return positions;
  const stepOf = (STEPS - 1) / top;
  const counts = new Int32Array(STEPS);
  for (let section = 0; section < scores.length; section++) {
    if (scores[section] > 0) counts[scores[section] * stepOf | 0]++;
  }
  let least = STEPS - 1;
  for (let above = counts[least]; above < depth && least > 0; above += counts[least]) least--;
  const found: number[] = [];
  for (let section = 0; section < scores.length; section++) {
    if (scores[section] > 0 && (scores[section] * stepOf | 0) >= least) found.push(section);
  }
  found.sort((a, b) => scores[b] - scores[a] || a - b);
  for (let i = 0; i < found.length && i < depth; i++) positions[found[i]] = i;
  return positions;
}

const DEPTH = 400;

/** The best score among the other candidates of a candidate's group: what stands around it answers too. */
function bestBesides(
  list: Int32Array,
  scores: Float32Array,
  groupOf: (place: number) => string,
): (place: number) => number {
  const groups = new Map<string, { place: number; first: number; second: number }>();
  for (const place of list) {
    const score = scores[place];
    const best = groups.get(groupOf(place));
    if (!best) groups.set(groupOf(place), { place, first: score, second: 0 });
    else if (score > best.first) {
      best.second = best.first;
      Object.assign(best, { place, first: score });
    } else if (score > best.second) best.second = score;
  }
  return (place) => {
    const best = groups.get(groupOf(place))!;
    return Math.max(0, best.place === place ? best.second : best.first);
  };
}

/**
 * The sections that may answer and their numbers. `allowed` says which sections may be returned at all; those `named`
 * in the question are candidates whatever their words.
 */
export function candidatesOf(
  index: SearchIndex,
  signals: Signals,
  cues: Cues,
  allowed: (section: number) => boolean = () => true,
  named: Iterable<number> = [],
): Candidates {
  const { sections } = index.catalog;
  const order = {
    chunkMeaning: ranks(signals.chunkMeaning, DEPTH),
    questionMeaning: ranks(signals.questionMeaning, DEPTH),
    questionAdapted: ranks(signals.questionAdapted, DEPTH),
    briefMeaning: ranks(signals.briefMeaning, DEPTH),
    sectionMeaning: ranks(signals.sectionMeaning, DEPTH),
    sectionReading: ranks(signals.sectionReading, DEPTH),
    chunkWords: ranks(signals.chunkWords, DEPTH),
    questionWords: ranks(signals.questionWords, DEPTH),
    briefWords: ranks(signals.briefWords, DEPTH),
    sectionWords: ranks(signals.sectionWords, DEPTH),
  };
  const weighed: [Int16Array, number][] = [
    [order.sectionReading, 2],
    [order.sectionMeaning, 1],
    [order.chunkMeaning, 0.7],
    [order.questionMeaning, 0.7],
    [order.questionAdapted, 0.7],
    [order.briefMeaning, 0.7],
    [order.chunkWords, 0.5],
    [order.questionWords, 0.7],
    [order.briefWords, 0.4],
    [order.sectionWords, 0.7],
  ];
  const fused = new Float32Array(sections.length);
  const found: number[] = [];
  for (let section = 0; section < sections.length; section++) {
    let sum = 0;
    for (const [positions, weight] of weighed) {
      if (positions[section] < DEPTH) sum += weight / (FUSION + positions[section] + 1);
    }
    if (sum > 0 && allowed(section)) {
      fused[section] = sum;
      found.push(section);
    }
  }
  found.sort((a, b) => fused[b] - fused[a] || a - b);
  const chosen = new Set(found.slice(0, CANDIDATES));
  for (const section of found.slice(0, FOLLOW_LINKS)) {
    for (const linked of sections[section].linked) if (allowed(linked)) chosen.add(linked);
  }
  for (const section of named) if (allowed(section)) chosen.add(section);
  const list = Int32Array.from(chosen);

  const highest = (scores: Float32Array) => {
    let top = 1e-6;
    for (const section of list) if (scores[section] > top) top = scores[section];
    return top;
  };
  const tops = {
    chunkWords: highest(signals.chunkWords),
    questionWords: highest(signals.questionWords),
    briefWords: highest(signals.briefWords),
    sectionWords: highest(signals.sectionWords),
    sectionReading: highest(signals.sectionReading),
  };
  const besides = (scores: Float32Array, key: "group" | "family") =>
    bestBesides(list, scores, (place) => sections[place][key]);
  const group = {
    question: besides(signals.questionMeaning, "group"),
    adapted: besides(signals.questionAdapted, "group"),
    chunk: besides(signals.chunkMeaning, "group"),
    section: besides(signals.sectionMeaning, "group"),
    reading: besides(signals.sectionReading, "group"),
  };
  const family = {
    question: besides(signals.questionMeaning, "family"),
    section: besides(signals.sectionMeaning, "family"),
    reading: besides(signals.sectionReading, "family"),
  };
  const rows = new Float32Array(list.length * FEATURES.length);
  list.forEach((place, i) => {
    const section = sections[place];
    const linked = (scores: Float32Array) => {
      let top = 0;
      for (const other of section.linked) if (scores[other] > top) top = scores[other];
      return top;
    };
    // A section without questions is not one whose questions are far off.
    const orLow = (value: number) => value < 0 ? 0.2 : value;
    const flag = (value: boolean) => value ? 1 : 0;
    const near = (positions: Int16Array) => 1 / (10 + positions[place]);
    const dfars = section.collection === "dfars";
    const far = section.collection === "far";
    rows.set([
      orLow(signals.chunkMeaning[place]),
      signals.chunkMeaning2[place] < 0
        ? orLow(signals.chunkMeaning[place]) * 0.8
        : signals.chunkMeaning2[place],
      orLow(signals.questionMeaning[place]),
      orLow(signals.questionMeaning2[place]),
      orLow(signals.briefMeaning[place]),
      signals.chunkWords[place] / 10,
      signals.questionWords[place] / 10,
      signals.briefWords[place] / 10,
      signals.chunkWords[place] / tops.chunkWords,
      signals.questionWords[place] / tops.questionWords,
      signals.briefWords[place] / tops.briefWords,
      signals.titleCover[place],
      signals.pathCover[place],
      signals.questionCover[place],
      signals.briefCover[place],
      near(order.chunkMeaning),
      near(order.questionMeaning),
      near(order.briefMeaning),
      near(order.chunkWords),
      near(order.questionWords),
      near(order.briefWords),
      group.question(place),
      group.chunk(place),
      family.question(place),
      flag(cues.defense && dfars),
      flag(!cues.defense && dfars),
      flag(cues.defense && far),
      flag(cues.clause && section.isClause),
      flag(!cues.clause && section.isClause),
      flag(cues.prescription && section.prescribes),
      flag(cues.prescription && section.isClause),
      flag(!cues.prescription && section.prescribes),
      flag(cues.definition && section.isDefinition),
      flag(!cues.definition && section.isDefinition),
      Math.log(1 + index.chunkCounts[place]),
      Math.log(1 + index.questionCounts[place]),
      linked(signals.questionMeaning),
      linked(signals.chunkMeaning),
      flag(cues.prescription && section.linked.length > 0),
      orLow(signals.questionAdapted[place]),
      orLow(signals.questionAdapted2[place]),
      near(order.questionAdapted),
      group.adapted(place),
      orLow(signals.sectionMeaning[place]),
      near(order.sectionMeaning),
      group.section(place),
      family.section(place),
      orLow(signals.sectionReading[place]),
      orLow(signals.sectionReading[place]) / tops.sectionReading,
      near(order.sectionReading),
      group.reading(place),
      family.reading(place),
      linked(signals.sectionReading),
      signals.sectionWords[place] / 10,
      signals.sectionWords[place] / tops.sectionWords,
      near(order.sectionWords),
    ], i * FEATURES.length);
  });
  return { sections: list, rows };
}
