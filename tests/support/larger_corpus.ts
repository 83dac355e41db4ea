/** A file that takes the model several seconds, so that an ingestion of it can be caught in the middle. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { sharedDir } from "./shared.ts";

/** Parts of the DFARS; the first makes about a hundred chunks, all together about five hundred. */
const PARTS = ["209", "212", "215", "216", "219"];

/** `share` (0 to 1) of some parts of the real DFARS; as much text of our own on machines without it. */
export function largerCorpus(share = 1): string {
  const shared = sharedDir();
  if (!shared) return madeUp(Math.ceil(250 * share));
  const path = join(shared, "corpus", "ecfr", "title-48-chapter-2.xml.gz");
  return partsOf(path, PARTS.slice(0, Math.ceil(PARTS.length * share)));
}

function partsOf(path: string, numbers: string[]): string {
  const xml = gunzipSync(readFileSync(path)).toString("utf8");
  const parts = numbers.map((number) => {
    const from = xml.indexOf(`<DIV5 N="${number}"`);
    const to = xml.indexOf("</DIV5>", from) + "</DIV5>".length;
    if (from < 0 || to <= from) throw new Error(`part ${number} is not in the file`);
    return xml.slice(from, to);
  });
  return chapter(parts.join("\n"));
}

const THINGS = ["tents", "ropes", "pegs", "lamps", "stoves", "maps", "boats", "radios"];
const DEEDS = ["approve", "inspect", "store", "repair", "return", "count", "insure", "replace"];
const REASONS = [
  "before the season begins and the depots are full",
  "unless the depot has said in writing that it can wait",
  "where the supplier has offered a second delivery",
  "after two people have looked at the seals and signed for them",
];

function madeUp(count: number): string {
  const sections = Array.from({ length: count }, (_, i) => {
    const thing = THINGS[i % THINGS.length];
    const paragraphs = Array.from({ length: 10 }, (_, j) => {
      const deed = DEEDS[(i + j) % DEEDS.length];
      return `<P>(${String.fromCharCode(97 + j)}) The depot officer numbered ${i} shall ${deed} ${
        i + 2
      } ${thing} of kind ${j + 1} ${
        REASONS[(i + j) % REASONS.length]
      }, and writes down who asked for it, ` +
        `when, and at what price each of the ${thing} was bought.</P>`;
    });
    return `<DIV8 N="209.${i + 101}" TYPE="SECTION">\n<HEAD>209.${
      i + 101
    }   Keeping ${thing}.\n</HEAD>\n${paragraphs.join("\n")}\n</DIV8>`;
  });
  return chapter(
    `<DIV5 N="209" TYPE="PART">\n<HEAD>PART 209—KEEPING THINGS\n</HEAD>\n${
      sections.join("\n")
    }\n</DIV5>`,
  );
}

function chapter(parts: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<DIV3 N="2" TYPE="CHAPTER">
<HEAD>CHAPTER 2—DEFENSE ACQUISITION REGULATIONS SYSTEM, DEPARTMENT OF DEFENSE
</HEAD>
${parts}
</DIV3>
`;
}
