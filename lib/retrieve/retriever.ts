/** Question to passages: citations first, then words and meaning over text, questions and briefs, then ranking. */
import type { Embedder } from "../embed/types.ts";
import type { Collection, Regulation, Store, StoredEntry } from "../store/mod.ts";
import { type Adapter, loadAdapter } from "./adapter.ts";
import type { CatalogSection } from "./catalog.ts";
import { cuesOf } from "./features.ts";
import { type Raises, searchOf, sectionsNamed } from "./follow_up.ts";
import { raisesOf, weighedScores, type WeighedSignals } from "./follow_up_ranking.ts";
import { type Lookup, lookUpCitations, missingReason, onlyMissing } from "./lookups.ts";
import { type PassageSection, passagesOf } from "./passages.ts";
import { loadReader, type Reader } from "./reader.ts";
import { SearchIndex } from "./search_index.ts";
import { chunkHitsOf, type Signals, signalsOf } from "./signals.ts";
import type { Filters, RankedSection, Retrieval, Turn } from "./types.ts";
import { outOfScope } from "./scope.ts";
import { definingPlaces } from "./asked_term.ts";

/** Sections returned when the filters don't say. */
const SECTIONS = 10;
/** Sections that passages are taken from: enough for an answer, few enough to read. */
const PASSAGE_SECTIONS = 10;
/** In log-odds: what being in a cited subpart or part adds. */
const CITED_GROUP = 4;
/** What being asked for by its heading adds. */
const HEADING = 20;
/** Sections of a cited subpart or part that are looked at. */
const MOST_CITED = 150;
/** Above all others: a section that was cited. */
const CITED = 1000;

const OUT_OF_SCOPE =
  "The FAR and DFARS do not seem to answer this. What follows is the nearest they come; it may not fit.";

/** A question of the bank with the section that answers it. */
export interface Suggestion {
  question: string;
  collection: Regulation;
  section: string;
}

export class Retriever {
  readonly #store: Store;
  readonly #embedder: Embedder;
  readonly #adapter?: Adapter;
  readonly #reader?: Reader;
  #index?: SearchIndex;

  constructor(store: Store, embedder: Embedder) {
    this.#store = store;
    this.#embedder = embedder;
    this.#adapter = loadAdapter(embedder.name);
    this.#reader = loadReader(embedder.name);
  }

  /** Reads what retrieval keeps in memory, so that the first question need not wait for it (about half a second). */
  warmUp(): void {
    this.#current();
  }

  /**
   * The sections that answer a question, best first, and the passages to answer it from. Never rejects because the
   * model is unavailable: then only words are searched and `usedVectors` is false.
   */
  async retrieve(
    question: string,
    history: readonly Turn[] = [],
    filters: Filters = {},
  ): Promise<Retrieval> {
    const started = performance.now();
    const { query, besides, raises } = searchOf(question, history, filters.standAlone);
    const texts = [{ text: query, weight: 1 }, ...besides];
    const vectors = await this.#embed(texts.map(({ text }) => text));
    const embedded = performance.now();
    const index = this.#current();
    const lookups = lookUpCitations(question, this.#store, index.catalog);
    const found = texts.map(({ text, weight }, i) => ({
      signals: this.#signals(index, text, vectors?.[i]),
      cues: cuesOf(text),
      weight,
    }));
    const { signals } = found[0];
    const missing = onlyMissing(lookups, question);
    const allowed = allowedBy(index.catalog.sections, filters.collections);
    const ranked = this.#rank(index, found, lookups, allowed, {
      query,
      before: raises && { raises, named: sectionsNamed(history) },
      missing,
      k: filters.k ?? SECTIONS,
    });
    const passages = passagesOf(index, this.#store, signals, ranked.slice(0, PASSAGE_SECTIONS));
    const ended = performance.now();
    return {
      query,
      citations: lookups.map(({ citation, found, nearest }) => ({ citation, found, nearest })),
      sections: ranked.map(({ ranked }) => ranked),
      passages,
      ...this.#abstain(index, signals, lookups, missing),
      usedVectors: vectors !== undefined &&
        index.chunkVectors.count + index.questions.rows.count > 0,
      timings: {
        total: ended - started,
        embed: embedded - started,
        search: ended - embedded,
      },
    };
  }

  /** Questions of the bank that fit what was typed so far. */
  suggest(text: string, limit: number): Suggestion[] {
    return this.#store.entries.suggest(text, limit).map(suggestion);
  }

  /** "People also ask": questions near this one, each of another section where there are enough; none when declined. */
  related(retrieval: Retrieval, limit: number): string[] {
    if (retrieval.abstain) return []; // what is near to nothing is near by chance
    const asked = normal(retrieval.query);
    const perSection = retrieval.sections.slice(0, 2 * limit).map(({ collection, number }) =>
      this.#store.entries.questionsOf(collection, number)
        .map(({ text }) => text)
        .filter((text) => normal(text) !== asked)
    );
    const chosen: string[] = [];
    for (let round = 0; chosen.length < limit && round < 4; round++) {
      for (const questions of perSection) {
        if (chosen.length === limit) break;
        if (questions[round] !== undefined) chosen.push(questions[round]);
      }
    }
    return chosen;
  }

  /** Real questions with good answers, for the empty page: other ones every day, the same for everybody. */
  examples(limit: number, day: number = Math.floor(Date.now() / 86_400_000)): Suggestion[] {
    const sections = EXAMPLES.map(([collection, number]) =>
      this.#store.entries.questionsOf(collection, number)
    ).filter((questions) => questions.length > 0);
    return Array.from({ length: Math.min(limit, sections.length) }, (_, i) => {
      const questions = sections[(day * limit + i) % sections.length];
      return suggestion(questions[day % questions.length]);
    });
  }

  /** Declines a question about nothing but a citation that does not exist, and what the FAR and DFARS don't answer. */
  #abstain(
    index: SearchIndex,
    signals: Signals,
    lookups: readonly Lookup[],
    missing: Lookup | undefined,
  ): { abstain?: { reason: string } } {
    if (missing) return { abstain: { reason: missingReason(missing) } };
    if (lookups.length > 0) return {};
    if (index.catalog.sections.some(({ collection }) => collection === "uploads")) return {};
    if (!outOfScope(index, signals)) return {};
    return { abstain: { reason: OUT_OF_SCOPE } };
  }

  #current(): SearchIndex {
    if (this.#index?.version !== this.#store.dataVersion()) {
      this.#index = new SearchIndex(this.#store, this.#embedder.dimensions);
    }
    return this.#index;
  }

  async #embed(texts: string[]): Promise<Float32Array[] | undefined> {
    if (this.#embedder.state === "unavailable") return undefined;
    try {
      return await this.#embedder.embed(texts);
    } catch {
      // Said by `usedVectors`, and by the embedder's own `problem` to the administrator.
      return undefined;
    }
  }

  #signals(index: SearchIndex, query: string, vector?: Float32Array): Signals {
    return signalsOf(index, query, {
      vector,
      chunkHits: chunkHitsOf(index, this.#store, query),
      adapter: this.#adapter,
      reader: this.#reader,
    });
  }

  #rank(
    index: SearchIndex,
    found: readonly WeighedSignals[],
    lookups: readonly Lookup[],
    allowed: (place: number) => boolean,
    { query, before, missing, k }: {
      query: string;
      missing?: Lookup;
      before?: { raises: Raises; named: string[] };
      k: number;
    },
  ): PassageSection[] {
    const [{ signals, cues }] = found;
    const raised = before ? raisesOf(index.catalog, before.named, before.raises) : new Map();
    const places = lookups.flatMap(({ places }) => places.slice(0, MOST_CITED));
    const titled = index.catalog.titled(query);
    const defining = definingPlaces(query, this.#store.sections, index);
    const nearest =
      missing?.nearest.flatMap(({ collection, number }) =>
        index.catalog.place(collection, number) ?? []
      ) ?? [];
    const named = [...places, ...nearest, ...raised.keys(), ...titled, ...defining];
    const scores = weighedScores(index, found, allowed, named);
    const raise = (place: number, by: number) => {
      const score = scores.get(place);
      if (score !== undefined) scores.set(place, score + by);
    };
    for (const [place, by] of raised) raise(place, by);
    for (const place of titled) raise(place, HEADING);
    // Asked for nothing but a number that does not exist: what its words find is there by chance.
    nearest.forEach((place, i) => raise(place, CITED_GROUP * (HEADING - i)));
    // The first is the general definition; the others hold for their part, and only their rank among the rest says more.
    defining.slice(0, 1).forEach((place) => raise(place, HEADING));
    const cited = new Map<number, string>();
    lookups.forEach(({ citation, places }, i) => {
      if (citation.kind === "section" && places.length === 1) {
        if (!cited.has(places[0])) raise(places[0], CITED - i);
        cited.set(places[0], cited.get(places[0]) || citation.paragraph);
      } else for (const place of places) raise(place, CITED_GROUP);
    });
    const order = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    if (cues.prescription) pairPrescription(order, index.catalog.sections);
    return order.slice(0, k)
      .map(([place, score]) => {
        const section = index.catalog.sections[place];
        const ranked: RankedSection = {
          collection: section.collection,
          number: section.number,
          title: section.title,
          score: score >= CITED / 2 ? score - CITED : score,
          why: reasons(signals, place, cited.has(place)),
        };
        return { place, ranked, paragraph: cited.get(place) };
      });
  }
}

/** So many of the first sections should hold both sides of a prescription. */
const PAIRED_WITHIN = 5;

/**
 * Who asks when a clause goes in wants the clause and the section that prescribes it: where the best section's other
 * side is further down, it comes next. `order` is changed.
 */
function pairPrescription(
  order: [place: number, score: number][],
  sections: readonly CatalogSection[],
): void {
  if (order.length === 0) return;
  const other = new Set(sections[order[0][0]].linked);
  const at = order.findIndex(([place]) => other.has(place));
  if (at >= PAIRED_WITHIN) order.splice(1, 0, ...order.splice(at, 1));
}

/** Why a section was found, for people: the ways in which it is among the best. */
function reasons(signals: Signals, place: number, cited: boolean): string[] {
  const why: string[] = [];
  if (cited) why.push("cited");
  if (signals.questionMeaning[place] > 0.55 || signals.questionCover[place] > 0.6) {
    why.push("question");
  }
  if (signals.chunkMeaning[place] > 0.45 || signals.briefMeaning[place] > 0.45) why.push("meaning");
  if (signals.chunkWords[place] > 0) why.push("words");
  if (signals.titleCover[place] > 0.3) why.push("heading");
  return why.length > 0 ? why : ["related"];
}

function allowedBy(
  sections: readonly CatalogSection[],
  collections?: readonly Collection[],
): (place: number) => boolean {
  return (place) =>
    !sections[place].reserved && (!collections || collections.includes(sections[place].collection));
}

function suggestion({ text, collection, number }: StoredEntry): Suggestion {
  return { question: text, collection, section: number };
}

function normal(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
}

/** Sections whose questions greet on the empty page: what people look up most. */
const EXAMPLES: [Regulation, string][] = [
  ["far", "15.403-1"],
  ["far", "15.506"],
  ["dfars", "252.204-7012"],
  ["far", "19.502-2"],
  ["far", "52.217-8"],
  ["far", "33.104"],
  ["dfars", "217.7404-3"],
  ["far", "6.302-1"],
  ["far", "52.212-4"],
  ["far", "16.505"],
  ["dfars", "232.7002"],
  ["far", "9.406-2"],
  ["far", "5.203"],
  ["far", "49.402-3"],
  ["dfars", "225.7002-2"],
  ["far", "31.205-46"],
  ["far", "13.106-3"],
  ["far", "52.219-14"],
];
