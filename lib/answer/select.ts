/** Chooses what to quote: the units of the retrieved sections that answer, without saying the same thing twice. */
import type { Embedder } from "../embed/types.ts";
import { type Asked, askedFor, suits } from "./question_kind.ts";
import type { RetrievedSection } from "./sources.ts";
import { type Unit, unitsOf } from "./units.ts";
import { writtenOut } from "../retrieve/words.ts";
import { coverage, rarity, terms } from "./words.ts";

/** A unit with what it scored, 0 to about 1. */
export interface ScoredUnit {
  source: RetrievedSection;
  unit: Unit;
  score: number;
  /** Cosine to the question; undefined without a model and for units that lost on words. */
  meaning?: number;
}

/** How many units are compared by meaning; the rest lose on words alone. */
const EMBEDDED = 28;
/** Characters of a unit that are compared: about 90 tokens, which keeps an answer under half a second. */
const COMPARED = 380;
/** The DFARS holds for DoD alone, so the FAR goes first where a question names neither. */
const DFARS = 0.03;
/** A quote may be this long; a longer sentence is only taken when nothing shorter answers. */
const LONG = 700;

/** Texts of the units as they are compared: with the section's title and the lead-ins above them. */
function comparedText({ source, unit }: { source: RetrievedSection; unit: Unit }): string {
  const cut = ({ start, end }: { start: number; end: number }) =>
    source.section.text.slice(start, end);
  const above = [shortTitle(source.section.title) + ".", unit.context, ...unit.leads.map(cut)]
    .filter(Boolean).join(" ");
  return [above.slice(0, 160), cut(unit), ...unit.items.map(cut)]
    .join(" ").slice(0, COMPARED);
}

/** A title without the laws in parentheses behind it. */
export function shortTitle(title: string): string {
  return title.replace(/\s*\((?:\d+ U\.S\.C|\d+ CFR|E\.O\.|Pub\. L|Public Law)[^)]*\)\s*$/i, "");
}

/**
 * The units of the sections scored against the question, best first: nearness in meaning, shared words weighed by
 * rarity, whether the unit has what was asked for, the rank of its section, and whether it lies in a passage that
 * was retrieved. Without a model the words decide.
 */
export async function scoreUnits(
  question: string,
  sections: RetrievedSection[],
  embedder: Embedder | undefined,
  signal?: AbortSignal,
): Promise<ScoredUnit[]> {
  const asked = askedFor(question);
  const forDefense = /\b(?:dod|dfars|defen[cs]e|military|army|navy|air force|pentagon|dcma|dcaa)\b/i
    .test(question);
  const wanted = terms(writtenOut(question));
  const pool = sections.flatMap((source) =>
    unitsOf(source.section).map((unit) => ({ source, unit }))
  );
  const texts = pool.map(comparedText);
  const words = pool.map(({ source, unit }) =>
    terms([
      source.section.title,
      unit.context,
      ...[...unit.leads, unit, ...unit.items]
        .map(({ start, end }) => source.section.text.slice(start, end)),
    ].join(" "))
  );
  const weight = rarity(words);
  const scored: (ScoredUnit & { index: number })[] = pool.map((entry, index) => {
    const { source, unit } = entry;
    const quoted = source.section.text.slice(unit.start, unit.end);
    const items = unit.items.map((item) => source.section.text.slice(item.start, item.end)).join(
      " ",
    );
    const retrieved = source.spans.some((span) => span.start < unit.end && span.end > unit.start);
    const score = 0.16 * coverage(wanted, words[index], weight) +
      0.14 * coverage(wanted, terms(`${quoted} ${items}`), weight) +
      0.15 * suits(`${quoted} ${items}`, asked) + 0.2 / (1 + 0.6 * source.rank) +
      (retrieved ? 0.06 : 0) +
      (asked.includes("list") && unit.items.length > 0 ? 0.04 : 0) +
      ofDefinition(unit, asked, wanted) -
      faults(quoted, unit) - (source.section.collection === "dfars" && !forDefense ? DFARS : 0);
    return { ...entry, index, score };
  }).sort((a, b) => b.score - a.score);
  const near = scored.slice(0, EMBEDDED);
  const vectors = await meanings(
    writtenOut(question),
    near.map(({ index }) => texts[index]),
    embedder,
    signal,
  );
  if (vectors) {
    const [asking, ...units] = vectors;
    near.forEach((entry, position) => {
      entry.meaning = Math.max(0, dot(asking, units[position]));
      entry.score += 0.45 * entry.meaning;
    });
  }
  return scored.sort((a, b) => b.score - a.score);
}

/** A definition is for who asks what its term means; elsewhere it is in the way. */
function ofDefinition(unit: Unit, asked: Asked[], wanted: string[]): number {
  if (unit.term === undefined) return 0;
  const term = new Set(terms(unit.term));
  const question = new Set(wanted);
  const shared = [...term].filter((word) => question.has(word)).length;
  const whole = term.size > 0 && shared === term.size;
  if (!asked.includes("definition")) return whole ? 0.02 : -0.1;
  return whole ? 0.12 + 0.18 * (shared / Math.max(1, question.size)) : -0.06;
}

/** What makes a unit poor to quote: pointers elsewhere, scraps, bare lead-ins, sentences of great length. */
function faults(quoted: string, unit: Unit): number {
  let minus = 0;
  if (/^\(?(?:See|Refer to)\b/.test(quoted) || (quoted.length < 90 && /\bsee \d/i.test(quoted))) {
    minus += 0.12;
  }
  if (quoted.length < 35 && unit.items.length === 0) minus += 0.15;
  if (/[:—–-]$/.test(quoted) && unit.items.length === 0) minus += 0.2;
  if (quoted.length > LONG) minus += 0.08;
  if (/\[Reserved\]/i.test(quoted)) minus += 0.5;
  return minus;
}

async function meanings(
  question: string,
  texts: string[],
  embedder: Embedder | undefined,
  signal?: AbortSignal,
): Promise<Float32Array[] | undefined> {
  if (!embedder || embedder.state === "unavailable" || texts.length === 0) return undefined;
  try {
    return await embedder.embed([writtenOut(question), ...texts], signal);
  } catch (error) {
    if (signal?.aborted) throw error;
    return undefined; // no model: the words decide, and the retrieval says so already
  }
}

/** Share of the best unit's score that others need: in its section, in the section ranked first, elsewhere. */
const SAME = 0.84;
const FIRST = 0.8;
const OTHER = 0.89;

function shareNeeded({ source }: ScoredUnit, best: ScoredUnit): number {
  if (source.section.id === best.source.section.id) return SAME;
  return source.rank === 0 ? FIRST : OTHER;
}

/** How an answer's quotes are limited. */
export interface Limits {
  quotes: number;
  sections: number;
  /** Characters quoted in all; the first quote is taken whatever its length. */
  characters: number;
}

/**
 * The units to quote, best first: each must be good by itself and add words that those before it do not have
 * (maximal marginal relevance over their terms). A unit inside another's range is left out.
 */
export function chooseUnits(scored: ScoredUnit[], limits: Limits): ScoredUnit[] {
  const chosen: ScoredUnit[] = [];
  if (scored.length === 0) return chosen;
  const best = scored[0];
  const candidates = scored.slice(0, 60)
    .filter((entry) => entry.score >= best.score * shareNeeded(entry, best))
    .map((entry) => ({ entry, words: new Set(terms(wordsOf(entry))) }));
  const taken: Set<string>[] = [];
  let characters = 0;
  while (chosen.length < limits.quotes) {
    const sections = new Set(chosen.map(({ source }) => source.section.id));
    let next: { entry: ScoredUnit; words: Set<string>; value: number } | undefined;
    for (const { entry, words } of candidates) {
      if (chosen.some((other) => overlaps(other, entry))) continue;
      if (!sections.has(entry.source.section.id) && sections.size >= limits.sections) continue;
      if (chosen.length > 0 && characters + lengthOf(entry) > limits.characters) continue;
      const same = Math.max(0, ...taken.map((other) => jaccard(words, other)));
      if (same > 0.7) continue;
      const value = 0.75 * entry.score - 0.25 * same;
      if (!next || value > next.value) next = { entry, words, value };
    }
    if (!next) break;
    chosen.push(next.entry);
    taken.push(next.words);
    characters += lengthOf(next.entry);
  }
  return chosen;
}

function wordsOf({ source, unit }: ScoredUnit): string {
  return [unit, ...unit.items].map(({ start, end }) => source.section.text.slice(start, end)).join(
    " ",
  );
}

function lengthOf({ unit }: ScoredUnit): number {
  return unit.end - unit.start +
    unit.items.slice(0, 8).reduce((sum, item) => sum + item.end - item.start, 0);
}

/** Whether one quotes (part of) what the other does, lists with their items included. */
function overlaps(a: ScoredUnit, b: ScoredUnit): boolean {
  if (a.source.section.id !== b.source.section.id) return false;
  const ranges = ({ unit }: ScoredUnit) => [unit, ...unit.items];
  return ranges(a).some((x) => ranges(b).some((y) => x.start < y.end && y.start < x.end));
}

function jaccard(a: Set<string>, b: Set<string>): number {
  let shared = 0;
  for (const word of a) if (b.has(word)) shared++;
  return shared / (a.size + b.size - shared || 1);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
