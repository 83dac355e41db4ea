/** For tests only: the sections of the official XML, read roughly and without the parser under test elsewhere. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { sharedDir } from "../../tests/support/shared.ts";
import type { Regulation } from "./types.ts";

export interface RoughSection {
  collection: Regulation;
  number: string;
  part: string;
  /** Number of the DIV6 the section stands in, undefined where it stands in none. */
  subpart: string | undefined;
  text: string;
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function plain(xml: string): string {
  return xml
    .replace(/<HEAD>[\s\S]*?<\/HEAD>/g, "")
    .replace(/<\/(?:P|FP|HD[123]|CITA|TD|TR)[^>]*>/g, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&(#?)(\w+);/g, (whole, hash, name) => {
      if (hash === "") return ENTITIES[name] ?? whole;
      return String.fromCodePoint(name[0] === "x" ? parseInt(name.slice(1), 16) : Number(name));
    });
}

/** Every section of both chapters in the order of the text, or undefined where the official text is not at hand. */
export function roughSections(): RoughSection[] | undefined {
  const shared = sharedDir();
  if (shared === undefined) return undefined;
  const sections: RoughSection[] = [];
  for (const [chapter, collection] of [["1", "far"], ["2", "dfars"]] as const) {
    const file = join(shared, "corpus", "ecfr", `title-48-chapter-${chapter}.xml.gz`);
    const xml = gunzipSync(readFileSync(file)).toString("utf8");
    let part = "";
    let subpart: string | undefined;
    const element =
      /<(\/?)DIV([56])(?: N="([^"]*)")?|<DIV8 N="([^"]*)" TYPE="SECTION"[^>]*>([\s\S]*?)<\/DIV8>/g;
    for (const [, closing, level, number, section, body] of xml.matchAll(element)) {
      if (section !== undefined) {
        sections.push({ collection, number: section, part, subpart, text: plain(body) });
      } else if (level === "5") part = closing ? "" : number;
      else subpart = closing ? undefined : number;
    }
  }
  return sections;
}
