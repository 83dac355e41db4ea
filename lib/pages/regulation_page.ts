/** What an address below /far or /dfars shows. */
import { kindOfNumber, partOf } from "../regulation/links.ts";
import type { Regulation } from "../regulation/types.ts";
import type { OutlineSubpart, Store } from "../store/mod.ts";
import type { OutlineEntry, OutlinePart } from "../store/types.ts";
import { rightAddress } from "./look_up.ts";
import { type SectionPage, sectionPage } from "./section_page.ts";

export type RegulationPage =
  | { kind: "section"; section: SectionPage }
  | { kind: "outline"; part: OutlinePart; subparts: OutlineSubpart[]; only?: string }
  | { kind: "elsewhere"; address: string }
  | { kind: "missing"; number: string; nearest: OutlineEntry[] };

/** How many sections a page that does not exist offers instead. */
const NEAREST = 6;

/** The page of a section, subpart or part by the number in the address; never throws for a number. */
export function regulationPage(
  store: Store,
  collection: Regulation,
  number: string,
): RegulationPage {
  const section = sectionPage(store, collection, number);
  if (section) return { kind: "section", section };
  const kind = kindOfNumber(number);
  if (kind === "part" || kind === "subpart") {
    const found = store.outline.part(collection, partOf(number));
    const only = kind === "subpart" ? number : undefined;
    if (found && (!only || found.subparts.some((subpart) => subpart.number === only))) {
      return { kind: "outline", ...found, only };
    }
  }
  const address = rightAddress(store, collection, number);
  if (address && address !== `/${collection}/${number}`) return { kind: "elsewhere", address };
  return { kind: "missing", number, nearest: store.outline.nearest(number, NEAREST, collection) };
}
