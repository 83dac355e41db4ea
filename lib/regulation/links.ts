/** Addresses and labels of sections and paragraphs: FARchat's own pages and the official ones. */
import { kindOfNumber, partOf, subpartOf } from "./numbers.ts";
import type { Collection, Regulation } from "./types.ts";

export {
  compareNumbers,
  kindOfNumber,
  nearestNumbers,
  type NumberKind,
  partOf,
  regulationOfNumber,
  subpartOf,
} from "./numbers.ts";

const NAMES: Record<Collection | "pgi", string> = {
  far: "FAR",
  dfars: "DFARS",
  uploads: "Document",
  pgi: "DFARS PGI",
};

/** "FAR", "DFARS": how people call a collection. */
export function collectionName(collection: Collection | "pgi"): string {
  return NAMES[collection];
}

/** The anchor of a designator path: "c-1-i" for "(c)(1)(i)"; "" for "". */
export function anchorOf(designator: string): string {
  return (designator.match(/[A-Za-z0-9]+/g) ?? []).join("-");
}

/**
 * The page of a section, subpart or part: "/far/15.403-4", with a designator or an anchor "/far/15.403-4#c-1".
 * Both "(c)(1)" and "c-1" are understood.
 */
export function sectionHref(
  collection: Collection,
  number: string,
  designatorOrAnchor = "",
): string {
  const anchor = designatorOrAnchor.startsWith("(")
    ? anchorOf(designatorOrAnchor)
    : designatorOrAnchor;
  const page = `/${collection}/${encodeURIComponent(number)}`;
  return anchor === "" ? page : `${page}#${encodeURIComponent(anchor)}`;
}

/** The label of a citation as people write it: "FAR 15.403-4(c)(1)", "FAR subpart 15.4", "DFARS part 215". */
export function citationLabel(
  collection: Collection | "pgi",
  number: string,
  paragraph = "",
): string {
  const kind = collection === "uploads" ? "section" : kindOfNumber(number);
  const word = kind === "part" || kind === "subpart" ? `${kind} ` : "";
  return `${NAMES[collection]} ${word}${number}${paragraph}`;
}

/**
 * DFARS part pages of acquisition.gov whose address is known. The title in it cannot be left out and is not always
 * the heading (words such as "of" are dropped), so none is made up here; see `officialLinks`.
 */
const DFARS_PART_PAGES: Record<string, string> = {
  "204": "part-204-administrative-and-information-matters",
  "206": "part-206-competition-requirements",
  "212": "part-212-acquisition-commercial-products-and-commercial-services",
  "219": "part-219-small-business-programs",
  "234": "part-234-major-system-acquisition",
  "246": "part-246-quality-assurance",
  "252": "part-252-solicitation-provisions-and-contract-clauses",
};

function ecfrAddress(number: string, paragraph: string): string {
  const title = "https://www.ecfr.gov/current/title-48";
  switch (kindOfNumber(number)) {
    case "part":
      return `${title}/part-${number}`;
    case "subpart":
      return `${title}/part-${partOf(number)}/subpart-${number}`;
    default: {
      const page = `${title}/section-${encodeURIComponent(number)}`;
      return paragraph === "" ? page : `${page}#p-${encodeURIComponent(number)}${paragraph}`;
    }
  }
}

function acquisitionAddress(regulation: Regulation, number: string): string {
  const kind = kindOfNumber(number);
  if (regulation === "far") {
    const word = kind === "section" || kind === undefined ? "" : `${kind}-`;
    return `https://www.acquisition.gov/far/${word}${encodeURIComponent(number)}`;
  }
  const page = DFARS_PART_PAGES[partOf(number)];
  if (page === undefined) return "https://www.acquisition.gov/dfars";
  const anchor = kind === "section" ? `#DFARS_${number}` : "";
  return `https://www.acquisition.gov/dfars/${page}${anchor}`;
}

/**
 * The official pages of a section, subpart or part, on ecfr.gov and acquisition.gov.
 *
 * The shapes are those that public pages link to:
 * - eCFR: /current/title-48/section-15.403-4, paragraphs as #p-15.403-4(c)(1); /part-9/subpart-9.4; /part-19.
 * - acquisition.gov, FAR: /far/15.403-4, /far/subpart-17.1, /far/part-14.
 * - acquisition.gov, DFARS: a section's own page carries its title and its final full stop
 *   (/dfars/252.204-7012-safeguarding-covered-defense-information-and-cyber-incident-reporting.) and is not found
 *   without them. The part's page has every section under the anchor #DFARS_252.204-7012, but carries the part's title.
 *   So clauses (part 252) and the other parts whose page is known go to the part's page with the anchor; the rest go
 *   to the DFARS's table of contents, because a link that is one click short is better than one that fails.
 */
export function officialLinks(
  collection: Regulation,
  number: string,
  paragraph = "",
): { ecfr: string; acquisition: string } {
  return {
    ecfr: ecfrAddress(number, paragraph),
    acquisition: acquisitionAddress(collection, number),
  };
}

/** The page of the subpart a section belongs to, or of its part where it stands before the first subpart. */
export function parentHref(collection: Regulation, number: string): string {
  return sectionHref(collection, subpartOf(number) ?? partOf(number));
}
