/** Questions for the meaning of a term, "what's the SAT?", and where it is defined. */
import type { Sections } from "../store/mod.ts";
import type { SearchIndex } from "./search_index.ts";
import { findTerms } from "./words.ts";

const ASKS =
  /^\W*(?:what(?:['’]s|\s+is|\s+are|\s+does|\s+do)|define|definition\s+of|meaning\s+of|what\s+counts\s+as)\s+(?:the\s+(?:definition|meaning)\s+of\s+)?(?:(?:an?|the|current)\s+)*["“]?([^?.!,;:]{2,80}?)["”]?(?:\s+mean(?:s|ing)?)?(?:\s+(?:in|under|for|at|per)\s+(?:the\s+)?(?:far|dfars|dod|regulation))?\s*[?.!]*\s*$/i;

/** The term a question asks the meaning of, as it was typed; undefined when it asks something else. */
export function askedTerm(question: string): string | undefined {
  return ASKS.exec(question.slice(0, 200))?.[1].trim();
}

/**
 * Places of the sections that define the term asked for, the general definitions (FAR 2.101, DFARS 202.101) first; none
 * when no term is asked for or no loaded section defines it. An abbreviation stands for its words.
 */
export function definingPlaces(question: string, sections: Sections, index: SearchIndex): number[] {
  const term = askedTerm(question);
  if (term === undefined) return [];
  const found = findTerms(term);
  const written = found.length === 1 && found[0].start === 0 && found[0].end === term.length
    ? found[0].term.means
    : [];
  for (const words of [term, ...written]) {
    const places = sections.definition(words).flatMap(({ section }) =>
      index.catalog.placeOfId(section.id) ?? []
    );
    if (places.length > 0) return [...new Set(places)];
  }
  return [];
}
