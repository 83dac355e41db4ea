/**
 * Writes corpus/outline.json, corpus/clauses.json and the text hashes of corpus/bank/briefs.jsonl from the official text:
 *
 *     deno run --allow-read --allow-write=corpus scripts/make_outline.ts ../shared/corpus/ecfr
 *
 * The arguments are eCFR XML files (.xml or .xml.gz) or folders of them. Numbers, titles and which section prescribes
 * which clause are facts; no sentence of the regulation is written.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { EcfrParser } from "../lib/regulation/ecfr.ts";
import type { Section } from "../lib/regulation/types.ts";
import { packOutline } from "../lib/retrieve/outline_file.ts";
import type { OutlineEntry } from "../lib/store/types.ts";

const CORPUS = new URL("../corpus/", import.meta.url);

function files(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).filter((name) => /\.xml(\.gz)?$/.test(name)).sort()
    .map((name) => join(path, name));
}

function sections(path: string): Section[] {
  const bytes = readFileSync(path);
  const xml = path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
  const found: Section[] = [];
  const parser = new EcfrParser((section) => found.push(section));
  parser.write(xml.toString("utf8"));
  parser.close();
  return found;
}

const all = Deno.args.flatMap(files).flatMap(sections)
  .sort((a, b) => a.collection === b.collection ? 0 : a.collection === "far" ? -1 : 1);
if (all.length === 0) {
  console.error("Expected eCFR XML files or a folder of them.");
  Deno.exit(2);
}

const outline = packOutline(all as OutlineEntry[]);
const lines = (["far", "dfars"] as const).map((collection) =>
  `${JSON.stringify(collection)}:[\n${
    outline[collection].map((part) => JSON.stringify(part)).join(",\n")
  }\n]`
);
writeFileSync(new URL("outline.json", CORPUS), `{\n${lines.join(",\n")}\n}\n`);

const clauses = all.filter((section) => section.clause && section.clause.prescribedAt.length > 0)
  .map((section) =>
    `${JSON.stringify(section.number)}:${JSON.stringify(section.clause!.prescribedAt)}`
  );
writeFileSync(new URL("clauses.json", CORPUS), `{\n${clauses.join(",\n")}\n}\n`);

const briefsFile = new URL("bank/briefs.jsonl", CORPUS);
const hashes = new Map<string, string>();
for (const section of all) {
  const label = `${section.collection === "far" ? "FAR" : "DFARS"} ${section.number}`;
  if (hashes.has(label)) continue;
  hashes.set(label, createHash("sha256").update(section.text).digest("hex"));
}
const briefs = readFileSync(briefsFile, "utf8").trim().split("\n").map((line) => JSON.parse(line));
writeFileSync(
  briefsFile,
  briefs.map(({ section, brief }) =>
    JSON.stringify({ section, brief, textSha256: hashes.get(section) }) + "\n"
  ).join(""),
);
const unknown = briefs.filter(({ section }) => !hashes.has(section));
console.error(
  `${all.length} sections, ${clauses.length} clauses with their prescription, ${briefs.length} briefs` +
    (unknown.length > 0 ? `, ${unknown.length} of them of unknown sections` : ""),
);
