/** The table of contents of the regulations: from the loaded sections, and the outline that ships with FARchat. */
import { nearestNumbers, partOf } from "../regulation/numbers.ts";
import type { Database } from "./database.ts";
import type { Directory } from "./directory.ts";
import type { Meta } from "./meta.ts";
import { sortKey } from "./number_order.ts";
import type { OutlineEntry, OutlinePart, Regulation, SectionSummary } from "./types.ts";

/** A subpart with its sections. `number` and `title` are "" for a part's sections outside of subparts. */
export interface OutlineSubpart {
  number: string;
  title: string;
  sections: SectionSummary[];
}

const REGULATIONS: readonly Regulation[] = ["far", "dfars"];

export class Outline {
  readonly #db: Database;
  readonly #meta: Meta;
  readonly #directory: Directory;

  constructor(db: Database, meta: Meta, directory: Directory) {
    this.#db = db;
    this.#meta = meta;
    this.#directory = directory;
  }

  /** The version given to the last `replaceAll`. */
  version(): string | undefined {
    return this.#meta.get("outline_version");
  }

  /** Puts these in the place of the whole outline, in one transaction. */
  replaceAll(version: string, entries: Iterable<OutlineEntry>): void {
    this.#db.transaction(() => {
      this.#db.run("DELETE FROM outline");
      for (const entry of entries) {
        this.#db.run(
          "INSERT INTO outline (collection, number, sort_key, title, reserved, path) VALUES (?, ?, ?, ?, ?, ?)",
          entry.collection,
          entry.number,
          sortKey(entry.number),
          entry.title,
          entry.reserved ? 1 : 0,
          JSON.stringify(entry.path),
        );
      }
      this.#meta.set("outline_version", version);
      this.#meta.changed();
    });
  }

  /** A section by its number, loaded or not. */
  get(collection: Regulation, number: string): OutlineEntry | undefined {
    const found = this.#directory.find(collection, number)[0];
    return found && entryOf(found);
  }

  /** The same as a summary: `id` is 0 when only the outline knows it. */
  find(collection: Regulation, number: string): SectionSummary | undefined {
    return this.#directory.find(collection, number)[0];
  }

  /** Every section of a regulation, in order. */
  sections(collection: Regulation): readonly SectionSummary[] {
    return this.#directory.listing(collection).sections;
  }

  /** The parts of a regulation, in order. */
  parts(collection: Regulation): OutlinePart[] {
    const parts = new Map<string, OutlinePart>();
    for (const section of this.sections(collection)) {
      const number = partOfSection(section);
      const part = parts.get(number);
      if (part) part.sections++;
      else parts.set(number, newPart(section, number));
    }
    return [...parts.values()];
  }

  /** A part with its subparts; undefined when there is no such part. */
  part(
    collection: Regulation,
    number: string,
  ): { part: OutlinePart; subparts: OutlineSubpart[] } | undefined {
    let part: OutlinePart | undefined;
    const subparts = new Map<string, OutlineSubpart>();
    for (const section of this.sections(collection)) {
      if (partOfSection(section) !== number) continue;
      part ??= newPart(section, number, 0);
      part.sections++;
      const heading = section.path.find(({ type }) => type === "subpart");
      const key = heading?.number ?? "";
      let subpart = subparts.get(key);
      if (!subpart) {
        subparts.set(key, subpart = { number: key, title: heading?.title ?? "", sections: [] });
      }
      subpart.sections.push(section);
    }
    return part && { part, subparts: [...subparts.values()] };
  }

  /** One subpart, "15.4", with the part it is in; undefined when there is no such subpart. */
  subpart(
    collection: Regulation,
    number: string,
  ): { part: OutlinePart; subpart: OutlineSubpart } | undefined {
    if (number === "") return undefined;
    const found = this.part(collection, partOf(number));
    const subpart = found?.subparts.find((candidate) => candidate.number === number);
    return found && subpart && { part: found.part, subpart };
  }

  /** The sections nearest to a number that does not exist, nearest first, of both regulations or of one; no reserved ones. */
  nearest(number: string, limit: number, collection?: Regulation): OutlineEntry[] {
    const owners = new Map<string, Regulation>();
    for (const regulation of collection ? [collection] : REGULATIONS) {
      for (const { number, reserved } of this.sections(regulation)) {
        if (!reserved) owners.set(number, regulation);
      }
    }
    return nearestNumbers(number, [...owners.keys()], limit)
      .map((near) => this.get(owners.get(near)!, near)!);
  }

  /** The sections before and after, loaded or not. */
  neighbours(
    collection: Regulation,
    number: string,
  ): { previous?: SectionSummary; next?: SectionSummary } {
    return this.#directory.neighbours(collection, number);
  }
}

function partOfSection(section: SectionSummary): string {
  return section.path.find(({ type }) => type === "part")?.number ?? partOf(section.number);
}

function newPart(section: SectionSummary, number: string, sections = 1): OutlinePart {
  const part = section.path.find(({ type }) => type === "part");
  const subchapter = section.path.find(({ type }) => type === "subchapter");
  return {
    collection: section.collection as Regulation,
    number,
    title: part?.title ?? "",
    ...(subchapter && { subchapter: { number: subchapter.number, title: subchapter.title } }),
    sections,
  };
}

function entryOf(section: SectionSummary): OutlineEntry {
  const { number, title, reserved, path } = section;
  return { collection: section.collection as Regulation, number, title, reserved, path };
}
