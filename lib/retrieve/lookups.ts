/** Citations in a question, looked up: what they name, or what is nearest to it. */
import { parseCitations, parseSuffixes } from "../regulation/citations.ts";
import { citationLabel, regulationOfNumber } from "../regulation/links.ts";
import type { Citation, Regulation } from "../regulation/types.ts";
import type { Store } from "../store/mod.ts";
import type { Catalog } from "./catalog.ts";
import type { CitationLookup } from "./types.ts";
import { searchWords } from "./words.ts";

const NEAREST = 5;

/** A question with so few words besides its citation is about the citation. */
const BARE_CITATION = 3;
const ABOUT_CITATIONS = new Set([
  "far",
  "dfars",
  "dfar",
  "pgi",
  "clause",
  "section",
  "part",
  "subpart",
  "paragraph",
]);

/** Nearest numbers that a reply names. */
const NAMED_NEAREST = 3;

/** A lookup and the sections it names, by their places in the catalog (all of a subpart's, of a part's). */
export interface Lookup extends CitationLookup {
  places: number[];
}

/** What the citations in a question name, in the order of the question. */
export function lookUpCitations(question: string, store: Store, catalog: Catalog): Lookup[] {
  const lookups = parseCitations(question).map((citation) => lookUp(citation, store, catalog));
  for (const { suffix, start, end } of parseSuffixes(question)) {
    const places = clausesEndingWith(suffix, catalog);
    if (places.length === 0) continue;
    const number = catalog.sections[places[0]].number;
    const citation: Citation = {
      regulation: "dfars",
      kind: "section",
      number,
      paragraph: "",
      start,
      end,
    };
    lookups.push({ citation, found: true, nearest: [], places });
  }
  return lookups.sort((a, b) => a.citation.start - b.citation.start);
}

/**
 * Places of the DFARS clauses whose number ends so. Several can; people who say only "7012" mean the cybersecurity
 * clauses of subpart 204 more often than any other, so those come first.
 */
function clausesEndingWith(suffix: string, catalog: Catalog): number[] {
  const places: number[] = [];
  catalog.sections.forEach(({ collection, isClause, number, reserved }, place) => {
    if (collection === "dfars" && isClause && !reserved && number.endsWith(`-${suffix}`)) {
      places.push(place);
    }
  });
  const often = (place: number) => catalog.sections[place].number.startsWith("252.204-") ? 0 : 1;
  return places.sort((a, b) => often(a) - often(b) || a - b);
}

function lookUp(citation: Citation, store: Store, catalog: Catalog): Lookup {
  const { number } = citation;
  const collection: Regulation | undefined = citation.regulation === "pgi"
    ? undefined
    : regulationOfNumber(number) ?? citation.regulation;
  const places = collection ? placesOf(citation, collection, catalog) : [];
  const found = places.length > 0;
  return {
    citation,
    found,
    places,
    nearest: found ? [] : store.outline.nearest(number, NEAREST)
      .map(({ collection, number, title }) => ({ collection, number, title })),
  };
}

function placesOf(citation: Citation, collection: Regulation, catalog: Catalog): number[] {
  const { kind, number } = citation;
  if (kind === "section") {
    const place = catalog.place(collection, number);
    return place === undefined ? [] : [place];
  }
  const places: number[] = [];
  catalog.sections.forEach((section, place) => {
    if (section.collection !== collection) return;
    if (section.path.some((heading) => heading.type === kind && heading.number === number)) {
      places.push(place);
    }
  });
  return places;
}

/** The first citation of a question that is about nothing else and names only what does not exist. */
export function onlyMissing(lookups: readonly Lookup[], question: string): Lookup | undefined {
  if (lookups.length === 0 || lookups.some(({ found }) => found)) return undefined;
  const besides = lookups.reduce(
    (rest, { citation: { start, end } }) =>
      rest.slice(0, start) + " ".repeat(end - start) + rest.slice(end),
    question,
  );
  const words = searchWords(besides).filter((word) => !ABOUT_CITATIONS.has(word));
  return words.length > BARE_CITATION ? undefined : lookups[0];
}

/** That it does not exist, and what is nearest to it. */
export function missingReason({ citation, nearest }: CitationLookup): string {
  const label = citationLabel(citation.regulation, citation.number);
  const reason = citation.regulation === "pgi"
    ? `${label} is in the DFARS companion resource, which FARchat does not hold.`
    : `There is no ${label}.`;
  const near = nearest.slice(0, NAMED_NEAREST)
    .map(({ collection, number, title }) => `${citationLabel(collection, number)} (${title})`);
  return near.length > 0 ? `${reason} Nearest: ${near.join("; ")}.` : reason;
}
