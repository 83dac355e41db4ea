import type { OutlineEntry, Regulation } from "../store/types.ts";

/** A section as `corpus/outline.json` keeps it: its number after the part's, its title, 1 when reserved. */
type PackedSection = [number: string, title: string, reserved?: 1];

interface PackedSubpart {
  number: string;
  title: string;
  sections: PackedSection[];
}

interface PackedPart {
  number: string;
  title: string;
  /** Letter and title of the subchapter it stands in. */
  subchapter?: [string, string];
  /** Sections that stand in the part itself, before its first subpart. */
  sections: PackedSection[];
  subparts: PackedSubpart[];
}

/** `corpus/outline.json`: every section's number and title, in the regulation's order. */
export interface OutlineFile {
  far: PackedPart[];
  dfars: PackedPart[];
}

/** Groups entries, which come in the regulation's order, by part and subpart. */
export function packOutline(entries: Iterable<OutlineEntry>): OutlineFile {
  const file: OutlineFile = { far: [], dfars: [] };
  for (const entry of entries) {
    const parts = file[entry.collection];
    const level = (type: string) => entry.path.find((heading) => heading.type === type);
    const partHeading = level("part");
    const partNumber = partHeading?.number ?? entry.number.split(".")[0];
    let part = parts.find((known) => known.number === partNumber);
    if (!part) {
      const subchapter = level("subchapter");
      part = {
        number: partNumber,
        title: partHeading?.title ?? "",
        subchapter: subchapter ? [subchapter.number, subchapter.title] : undefined,
        sections: [],
        subparts: [],
      };
      parts.push(part);
    }
    const subpartHeading = level("subpart");
    let home: { sections: PackedSection[] } = part;
    if (subpartHeading) {
      let subpart = part.subparts.find((known) => known.number === subpartHeading.number);
      if (!subpart) {
        subpart = { number: subpartHeading.number, title: subpartHeading.title, sections: [] };
        part.subparts.push(subpart);
      }
      home = subpart;
    }
    // A number that occurs twice in the official file is one entry of the outline.
    if (home.sections.some(([number]) => number === entry.number)) continue;
    home.sections.push(
      entry.reserved ? [entry.number, entry.title, 1] : [entry.number, entry.title],
    );
  }
  return file;
}

/** The entries of an outline file, sections in the regulation's order within each part. */
export function unpackOutline(file: OutlineFile): OutlineEntry[] {
  const entries: OutlineEntry[] = [];
  for (const collection of ["far", "dfars"] as Regulation[]) {
    for (const part of file[collection]) {
      const path: OutlineEntry["path"] = [];
      if (part.subchapter) {
        path.push({ type: "subchapter", number: part.subchapter[0], title: part.subchapter[1] });
      }
      path.push({ type: "part", number: part.number, title: part.title });
      const add = (section: PackedSection, home: OutlineEntry["path"]) =>
        entries.push({
          collection,
          number: section[0],
          title: section[1],
          reserved: section[2] === 1,
          path: home,
        });
      for (const section of part.sections) add(section, path);
      for (const subpart of part.subparts) {
        const home: OutlineEntry["path"] = [
          ...path,
          { type: "subpart", number: subpart.number, title: subpart.title },
        ];
        for (const section of subpart.sections) add(section, home);
      }
    }
  }
  return entries;
}
