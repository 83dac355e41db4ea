/** The sections retrieval ranks, in memory, with what their place and kind tell about them. */
import { partOf, regulationOfNumber, subpartOf } from "../regulation/links.ts";
import type { Collection, SectionSummary, Store } from "../store/mod.ts";
import { clausePrescriptions } from "./starter.ts";
import { tokens } from "./words.ts";

/** A section that can be found, by its place in `Catalog.sections`. */
export interface CatalogSection {
  collection: Collection;
  number: string;
  title: string;
  path: SectionSummary["path"];
  /** Ids of its loaded texts (a number can occur twice); empty when only the outline knows it. */
  ids: number[];
  reserved: boolean;
  isClause: boolean;
  /** Whether some clause names it as the place that prescribes it. */
  prescribes: boolean;
  isDefinition: boolean;
  /** "far 15.4": the subpart, or the part where it stands in none. */
  group: string;
  /** "far 15.403" for 15.403-1 and 15.403 itself. */
  family: string;
  /** Places of the sections its clause is prescribed at, or of the clauses prescribed here. */
  linked: number[];
}

export class Catalog {
  readonly sections: CatalogSection[] = [];
  readonly #byNumber = new Map<string, number>();
  readonly #byId = new Map<number, number>();
  readonly #byTitle = new Map<string, number[]>();

  constructor(store: Store) {
    for (const collection of ["far", "dfars"] as const) {
      for (const summary of store.outline.sections(collection)) this.#add(summary);
    }
    for (const document of store.documents.list("uploads")) {
      for (const summary of store.sections.ofDocument(document.id)) this.#add(summary);
    }
    this.#link();
  }

  /** Place of a section of the FAR or DFARS by its number alone. */
  placeOfNumber(number: string): number | undefined {
    const regulation = regulationOfNumber(number);
    return regulation && this.place(regulation, number);
  }

  /** The place of a regulation's section, undefined when there is none of that number. */
  place(collection: Collection, number: string): number | undefined {
    return this.#byNumber.get(`${collection} ${number}`);
  }

  /** Places of the sections whose heading this is, in whatever case and punctuation. */
  titled(heading: string): readonly number[] {
    return this.#byTitle.get(tokens(heading).join(" ")) ?? [];
  }

  /** The place of a stored section. */
  placeOfId(id: number): number | undefined {
    return this.#byId.get(id);
  }

  #add(summary: SectionSummary): void {
    const { collection, number } = summary;
    const key = `${collection} ${number}`;
    // Uploads number their sections from 1 each: there, only the id tells them apart.
    const known = collection === "uploads" ? undefined : this.#byNumber.get(key);
    if (known !== undefined) {
      this.sections[known].ids.push(summary.id);
      this.#byId.set(summary.id, known);
      return;
    }
    const place = this.sections.length;
    const group = collection === "uploads"
      ? summary.path[0]?.title ?? ""
      : subpartOf(number) ?? partOf(number);
    this.sections.push({
      collection,
      number,
      title: summary.title,
      path: summary.path,
      ids: summary.id === 0 ? [] : [summary.id],
      reserved: summary.reserved,
      isClause: /^2?52\.2/.test(number) && collection !== "uploads",
      prescribes: false,
      isDefinition: /\bdefinitions?\b/i.test(summary.title),
      group: `${collection} ${group}`,
      family: `${collection} ${number.split("-")[0]}`,
      linked: [],
    });
    if (collection !== "uploads") this.#byNumber.set(key, place);
    if (summary.id !== 0) this.#byId.set(summary.id, place);
    const heading = tokens(summary.title).join(" ");
    const titled = this.#byTitle.get(heading);
    if (titled) titled.push(place);
    else this.#byTitle.set(heading, [place]);
    this.#clauseFacts(place, summary);
  }

  readonly #prescribedAt = new Map<number, string[]>();

  #clauseFacts(place: number, { clause }: SectionSummary): void {
    if (clause) this.#prescribedAt.set(place, clause.prescribedAt);
  }

  /** Ties clauses to the sections that prescribe them; for sections not loaded, by the list that ships. */
  #link(): void {
    const shipped = clausePrescriptions();
    this.sections.forEach((section, place) => {
      if (!section.isClause) return;
      const stated = this.#prescribedAt.get(place) ?? shipped[section.number] ?? [];
      for (const designated of stated) {
        const number = designated.split("(")[0].trim();
        const home = this.placeOfNumber(number);
        if (home === undefined || section.linked.includes(home)) continue;
        section.linked.push(home);
        this.sections[home].linked.push(place);
        this.sections[home].prescribes = true;
      }
    });
  }
}
