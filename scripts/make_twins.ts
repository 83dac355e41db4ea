/**
 * Writes corpus/bank/twins.json: pairs of sections that state the same facts, so that a question may be answered by
 * either. Two sections are twins when half of the 8-word runs of the shorter one stand in the other, when one is the
 * clause that the other prescribes, or when one is the DFARS section of the other's number ("15.407-4", "215.407-4").
 *
 *   deno run --allow-read --allow-write=corpus scripts/make_twins.ts ../shared/corpus/ecfr
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { EcfrParser } from "../lib/regulation/ecfr.ts";
import type { Section } from "../lib/regulation/types.ts";

const RUN = 8;
const SHARED = 0.5;
/** Shorter sections are pointers: what they share is a phrase, not a rule. */
const LEAST_RUNS = 25;
/** A run in more sections than this is the field's boilerplate. */
const COMMON = 12;

/** Twins by text, with prescriptions and counterparts, as sorted pairs of names such as "FAR 15.404-1". */
export function twinsOf(sections: Section[]): [string, string][] {
  const pairs = new Set<string>();
  const add = (a: string, b: string) => {
    if (a !== b) pairs.add([a, b].toSorted().join("|"));
  };
  const names = new Set(sections.map(nameOf));
  for (const section of sections) {
    const name = nameOf(section);
    for (const prescription of section.clause?.prescribedAt ?? []) {
      const at = `${
        prescription.startsWith("2") && prescription.indexOf(".") === 3 ? "DFARS" : "FAR"
      } ${prescription.replace(/\(.*/, "")}`;
      if (names.has(at)) add(name, at);
    }
    const counterpart = section.collection === "dfars" &&
      `FAR ${String(Number(section.number.split(".")[0]) - 200)}.${section.number.split(".")[1]}`;
    if (counterpart && names.has(counterpart)) add(name, counterpart);
  }
  for (const [a, b] of sharingPairs(sections)) add(a, b);
  return [...pairs].toSorted().map((pair) => pair.split("|") as [string, string]);
}

function sharingPairs(sections: Section[]): [string, string][] {
  const holders = new Map<string, number[]>();
  const counts: number[] = [];
  sections.forEach((section, index) => {
    const runs = runsOf(section.text);
    counts.push(runs.size);
    for (const run of runs) {
      const list = holders.get(run) ?? [];
      list.push(index);
      holders.set(run, list);
    }
  });
  const shared = new Map<string, number>();
  for (const list of holders.values()) {
    if (list.length > COMMON) continue;
    for (let i = 0; i < list.length; i++) {
      for (let j = i + 1; j < list.length; j++) {
        const key = `${list[i]}-${list[j]}`;
        shared.set(key, (shared.get(key) ?? 0) + 1);
      }
    }
  }
  return [...shared].flatMap(([key, count]) => {
    const [a, b] = key.split("-").map(Number);
    const shorter = Math.min(counts[a], counts[b]);
    return shorter >= LEAST_RUNS && count >= SHARED * shorter
      ? [[nameOf(sections[a]), nameOf(sections[b])] as [string, string]]
      : [];
  });
}

function runsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const runs = new Set<string>();
  for (let i = 0; i + RUN <= words.length; i++) runs.add(words.slice(i, i + RUN).join(" "));
  return runs;
}

function nameOf(section: Section): string {
  return `${section.collection === "far" ? "FAR" : "DFARS"} ${section.number}`;
}

if (import.meta.main) {
  const folder = Deno.args[0];
  const sections: Section[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".xml.gz")).toSorted()) {
    const parser = new EcfrParser((section) => sections.push(section));
    parser.write(gunzipSync(readFileSync(join(folder, file))).toString("utf8"));
    parser.close();
  }
  const pairs = twinsOf(sections);
  const lines = pairs.map((pair) => JSON.stringify(pair)).join(",\n");
  writeFileSync(join(import.meta.dirname!, "../corpus/bank/twins.json"), `[\n${lines}\n]\n`);
  console.log(`${pairs.length} pairs of twins among ${sections.length} sections`);
}
