/** Where a number typed by somebody leads. */
import { parseCitations } from "../regulation/citations.ts";
import { kindOfNumber, regulationOfNumber, sectionHref } from "../regulation/links.ts";
import type { Citation, Regulation } from "../regulation/types.ts";
import type { Store } from "../store/store.ts";

/**
 * The address of what a text cites when it is nothing but a citation ("15.403-4", "FAR 15 403-4 (c)", "dfars part
 * 215") of something that exists; undefined when it is anything else and should be searched.
 */
export function lookUp(store: Store, text: string): string | undefined {
  const words = text.trim().replace(/^(see|go to)\s+/i, "").replace(/[.,;:?]+$/, "");
  const found = parseCitations(words);
  if (found.length !== 1) return undefined;
  const rest = words.slice(0, found[0].start) + words.slice(found[0].end);
  if (/[\p{L}\p{N}]/u.test(rest)) return undefined;
  return addressOf(store, found[0]);
}

/**
 * The right address for one that is nearly right: "/far/252.204-7012" is the DFARS's, "/far/15.403-4(c)" a paragraph.
 * Undefined when nothing of that number exists.
 */
export function rightAddress(
  store: Store,
  collection: Regulation,
  text: string,
): string | undefined {
  const found = parseCitations(text);
  if (found.length !== 1) return undefined;
  const regulation = regulationOfNumber(found[0].number) ?? collection;
  return addressOf(store, { ...found[0], regulation });
}

function addressOf(store: Store, citation: Citation): string | undefined {
  const { number, paragraph } = citation;
  const regulation = citation.regulation === "pgi" ? undefined : citation.regulation;
  if (!regulation) return undefined;
  const exists = {
    section: () => store.outline.get(regulation, number) !== undefined,
    subpart: () => store.outline.subpart(regulation, number) !== undefined,
    part: () => store.outline.part(regulation, number) !== undefined,
  }[kindOfNumber(number) ?? "section"];
  return exists() ? sectionHref(regulation, number, paragraph) : undefined;
}
