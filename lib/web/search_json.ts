/** What a search found, as the API gives it. */
import type { z } from "zod";
import type { SearchResult } from "../api/schemas/search.ts";
import { viewOf } from "../answer/sources.ts";
import type { Farchat } from "../farchat.ts";
import { citationLabel, sectionHref } from "../regulation/links.ts";
import type { Collection } from "../regulation/types.ts";
import type { RankedSection } from "../retrieve/types.ts";

export type SearchJson = z.output<typeof SearchResult>;

/** Searches for sections; `k` is how many. */
export async function searchJson(
  { retriever }: Farchat,
  text: string,
  k: number,
  collections?: Collection[],
): Promise<SearchJson> {
  const found = await retriever.retrieve(text, [], { k, collections });
  return {
    query: found.query,
    sections: found.sections.slice(0, k).map(sectionOf),
    passages: found.passages.map((passage) => ({ ...viewOf(passage), score: passage.score })),
    unknown: found.citations.filter((lookup) => !lookup.found).map(({ citation, nearest }) => ({
      number: citation.number,
      nearest: nearest.map(({ collection, number, title }) => ({
        regulation: collection,
        number,
        title,
      })),
    })),
    abstain: found.abstain?.reason,
    usedVectors: found.usedVectors,
    timings: found.timings,
  };
}

function sectionOf({ collection, number, title, score, why }: RankedSection) {
  const own = collection === "uploads";
  return {
    regulation: collection,
    number,
    label: own ? `${title} (${number})` : citationLabel(collection, number),
    title,
    href: own ? `/uploads/${number}` : sectionHref(collection, number),
    score,
    why,
  };
}
