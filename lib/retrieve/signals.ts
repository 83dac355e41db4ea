/** How well each section answers a question, by every way of asking there is: the raw material of ranking. */
import type { Adapted, Adapter } from "./adapter.ts";
import type { Reader } from "./reader.ts";
import type { Hit, Store } from "../store/mod.ts";
import { type SearchIndex, stems } from "./search_index.ts";
import { matchExpression, otherWords, searchWords } from "./words.ts";

/** One number a section, -1 or 0 (words) where the way finds nothing. Places are the catalog's. */
export interface Signals {
  /** Cosine of the section's best and second-best chunk, question and brief. */
  chunkMeaning: Float32Array;
  chunkMeaning2: Float32Array;
  questionMeaning: Float32Array;
  questionMeaning2: Float32Array;
  /** The same with the question as the adapter moves it; `chunkMeaning` and `briefMeaning` always are. */
  questionAdapted: Float32Array;
  questionAdapted2: Float32Array;
  /** Cosine of the section as a whole, with the question as the adapter moves it, and as the reader reads it. */
  sectionMeaning: Float32Array;
  sectionReading: Float32Array;
  briefMeaning: Float32Array;
  /** BM25 of the best chunk, question and brief. */
  chunkWords: Float32Array;
  questionWords: Float32Array;
  briefWords: Float32Array;
  /** BM25 of the headings, brief and questions together. */
  sectionWords: Float32Array;
  /** Share of the question's words, weighed by rarity, that stand in the section's title, headings, questions, brief. */
  titleCover: Float32Array;
  pathCover: Float32Array;
  questionCover: Float32Array;
  briefCover: Float32Array;
  /** Share of the question's words, weighed by rarity, that any question or brief has. */
  known: number;
  /** Rarity of all the question's words together: what BM25 scores are measured by. */
  rarity: number;
  /** Chunks found, for choosing passages: id to cosine and to BM25. */
  chunkCosines: Float32Array;
  chunkHits: Hit[];
}

export interface SignalOptions {
  /** Unit vector of the question; absent when the model is. */
  vector?: Float32Array;
  /** Moves that vector towards the texts that answer; absent: compared as it is. */
  adapter?: Adapter;
  /** Reads its words too; absent: `sectionReading` is `sectionMeaning`. */
  reader?: Reader;
  /** Chunks found by words. */
  chunkHits: Hit[];
  /** An entry's id to leave out, for training on the bank's own questions. */
  without?: number;
}

/** Chunks found by words. */
const WORD_HITS = 200;

/** The chunks that have a question's words, for `SignalOptions.chunkHits`. */
export function chunkHitsOf(index: SearchIndex, store: Store, question: string): Hit[] {
  const match = matchExpression(question, (word) => index.rarity(word));
  return match ? store.chunks.searchWords(match, WORD_HITS) : [];
}

export function signalsOf(index: SearchIndex, question: string, options: SignalOptions): Signals {
  const count = index.catalog.sections.length;
  const none = () => new Float32Array(count).fill(-1);
  const zero = () => new Float32Array(count);
  const signals: Signals = {
    chunkMeaning: none(),
    chunkMeaning2: none(),
    questionMeaning: none(),
    questionMeaning2: none(),
    questionAdapted: none(),
    questionAdapted2: none(),
    sectionMeaning: none(),
    sectionReading: none(),
    briefMeaning: none(),
    chunkWords: zero(),
    questionWords: zero(),
    briefWords: zero(),
    sectionWords: zero(),
    titleCover: zero(),
    pathCover: zero(),
    questionCover: zero(),
    briefCover: zero(),
    known: 0,
    rarity: 1,
    chunkCosines: new Float32Array(0),
    chunkHits: options.chunkHits,
  };
  if (options.vector) meaning(index, signals, question, options.vector, options);
  for (const { id, score } of options.chunkHits) {
    const section = index.sectionOfChunk[id] ?? -1;
    if (section >= 0 && score > signals.chunkWords[section]) signals.chunkWords[section] = score;
  }
  words(index, signals, question, options);
  return signals;
}

function meaning(
  index: SearchIndex,
  signals: Signals,
  question: string,
  vector: Float32Array,
  { adapter, reader, without }: SignalOptions,
): void {
  const adapted = (kind: Adapted) => adapter?.adapt(vector, kind) ?? vector;
  const chunks = signals.chunkCosines = index.chunkVectors.cosines(adapted("chunk"));
  for (let row = 0; row < chunks.length; row++) {
    best(signals.chunkMeaning, signals.chunkMeaning2, index.chunkSections[row], chunks[row]);
  }
  signals.sectionMeaning = index.sectionVectors.cosines(adapted("section"));
  signals.sectionReading = reader
    ? index.sectionVectors.cosines(reader.read(question, vector))
    : signals.sectionMeaning;

  const { rows, entries } = index.questions;
  const plain = rows.cosines(vector);
  const moved = adapter ? rows.cosines(adapted("question")) : plain;
  for (let row = 0; row < plain.length; row++) {
    const { section, id } = index.entries[entries[row]];
    if (id === without) continue;
    best(signals.questionMeaning, signals.questionMeaning2, section, plain[row]);
    best(signals.questionAdapted, signals.questionAdapted2, section, moved[row]);
  }

  const briefs = index.briefs.rows.cosines(adapted("brief"));
  for (let row = 0; row < briefs.length; row++) {
    const { section } = index.entries[index.briefs.entries[row]];
    if (briefs[row] > signals.briefMeaning[section]) signals.briefMeaning[section] = briefs[row];
  }
}

/** Keeps the two largest values of a section. */
function best(first: Float32Array, second: Float32Array, section: number, value: number): void {
  if (value > first[section]) {
    second[section] = first[section];
    first[section] = value;
  } else if (value > second[section]) second[section] = value;
}

/** What a word counts that the user did not say but the field's vocabulary puts in its place. */
const OTHER_WORD = 0.3;

/** At most this many stems take part in the covers: one bit each. */
const MOST_STEMS = 31;

function words(
  index: SearchIndex,
  signals: Signals,
  question: string,
  options: SignalOptions,
): void {
  const asked = stems(searchWords(question)).slice(0, MOST_STEMS);
  const weights = asked.map((word) => index.rarity(word));
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  signals.rarity = total;
  asked.forEach((word, bit) => {
    if (index.entryWords.postings(word).length > 0) signals.known += weights[bit] / total;
  });
  const scores = index.entryWords.scores(asked.map((word) => [word, 1]));
  const weighed = new Map(asked.map((word) => [word, 1]));
  for (const word of stems(otherWords(question))) {
    if (!weighed.has(word)) weighed.set(word, OTHER_WORD);
  }
  signals.sectionWords = index.sectionWords.scores(weighed);
  const count = index.catalog.sections.length;
  const questionBits = new Int32Array(count);
  const briefBits = new Int32Array(count);
  asked.forEach((word, bit) => {
    for (const entry of index.entryWords.postings(word)) {
      const { kind, section, id } = index.entries[entry];
      if (id === options.without) continue;
      const isQuestion = kind === "question";
      const best = isQuestion ? signals.questionWords : signals.briefWords;
      (isQuestion ? questionBits : briefBits)[section] |= 1 << bit;
      if (scores[entry] > best[section]) best[section] = scores[entry];
    }
    for (const section of index.titleWords.postings(word)) {
      signals.titleCover[section] += weights[bit] / total;
    }
    for (const section of index.pathWords.postings(word)) {
      signals.pathCover[section] += weights[bit] / total;
    }
  });
  for (let section = 0; section < count; section++) {
    if (questionBits[section]) signals.questionCover[section] = cover(questionBits[section]);
    if (briefBits[section]) signals.briefCover[section] = cover(briefBits[section]);
  }

  function cover(bits: number): number {
    let sum = 0;
    for (let bit = 0; bit < weights.length; bit++) if (bits & (1 << bit)) sum += weights[bit];
    return sum / total;
  }
}
