/** The question bank and the briefs that ship: format, completeness, and our words against the regulation's. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { EcfrParser } from "../../lib/regulation/ecfr.ts";
import type { Section } from "../../lib/regulation/types.ts";
import { type OutlineFile, unpackOutline } from "../../lib/retrieve/outline_file.ts";
import { briefFaults, normalizedQuestion, questionFaults } from "../../scripts/bank_rules.ts";
import { repositoryPath, sharedDir } from "../support/shared.ts";

interface Questions {
  section: string;
  questions: string[];
}

interface Brief {
  section: string;
  brief: string;
  textSha256: string;
}

function lines<T>(name: string): T[] {
  return readFileSync(repositoryPath("corpus", "bank", name), "utf8").trimEnd().split("\n")
    .map((line) => JSON.parse(line));
}

const questions = lines<Questions>("questions.jsonl");
const briefs = lines<Brief>("briefs.jsonl");
const outline = unpackOutline(
  JSON.parse(readFileSync(repositoryPath("corpus", "outline.json"), "utf8")) as OutlineFile,
);
const outlined = new Set(
  outline.map(({ collection, number }) => `${collection === "far" ? "FAR" : "DFARS"} ${number}`),
);
const partOf = (section: string) => section.split(".")[0];

Deno.test("every line of the bank has its fields and names a section of the outline, once", () => {
  for (const [name, entries] of [["questions", questions], ["briefs", briefs]] as const) {
    const seen = new Set<string>();
    for (const { section } of entries) {
      assert.ok(outlined.has(section), `${name}: ${section} is not in the outline`);
      assert.ok(!seen.has(section), `${name}: ${section} has two lines`);
      seen.add(section);
    }
  }
  for (const entry of questions) {
    assert.ok(entry.questions.length > 0, entry.section);
    for (const question of entry.questions) assert.equal(question, question.trim());
  }
  for (const entry of briefs) assert.match(entry.textSha256, /^[0-9a-f]{64}$/, entry.section);
});

Deno.test("the bank covers at least 4,450 sections with 41,000 questions, and every part", () => {
  const count = questions.reduce((sum, entry) => sum + entry.questions.length, 0);
  assert.ok(questions.length >= 4450, `${questions.length} sections`);
  assert.ok(count >= 41_000, `${count} questions`);
  const covered = new Set(questions.map((entry) => partOf(entry.section)));
  const parts = new Set(
    outline.filter((entry) => !entry.reserved).map((entry) =>
      partOf(`${entry.collection === "far" ? "FAR" : "DFARS"} ${entry.number}`)
    ),
  );
  assert.deepEqual([...parts].filter((part) => !covered.has(part)), []);
});

const STOP_WORDS = new Set(
  "a an the is are be to of in on for do does i we my our can if what how it that this with or and at by s have has"
    .split(" "),
);

function contentWords(question: string): Set<string> {
  const words = question.toLowerCase().replace(/[’']/g, "").match(/[a-z0-9$%.]+/g) ?? [];
  return new Set(words.filter((word) => !STOP_WORDS.has(word)));
}

Deno.test("no question stands twice, and near-duplicates only in sections that are twins", () => {
  const all = questions.flatMap(({ section, questions }) =>
    questions.map((text) => ({ section, text, words: contentWords(text) }))
  );
  const seen = new Map<string, string>();
  for (const { section, text } of all) {
    const key = normalizedQuestion(text);
    assert.ok(!seen.has(key), `“${text}” stands at ${seen.get(key)} and at ${section}`);
    seen.set(key, section);
  }
  const twins = new Set(
    (JSON.parse(readFileSync(repositoryPath("corpus", "bank", "twins.json"), "utf8")) as string[][])
      .map((pair) => pair.join("|")),
  );
  const holders = new Map<string, number[]>();
  all.forEach(({ words }, index) => {
    for (const word of words) {
      const list = holders.get(word);
      if (list) list.push(index);
      else holders.set(word, [index]);
    }
  });
  const wrong: string[] = [];
  all.forEach((question, index) => {
    const near = new Set(
      [...question.words].toSorted((a, b) => holders.get(a)!.length - holders.get(b)!.length)
        .slice(0, 4).flatMap((word) => holders.get(word)!.filter((other) => other > index)),
    );
    for (const other of near) {
      const { section, words, text } = all[other];
      const common = [...question.words].filter((word) => words.has(word)).length;
      if (common < 3 || common < 0.8 * (question.words.size + words.size - common)) continue;
      if (twins.has([question.section, section].toSorted().join("|"))) continue;
      wrong.push(`${question.section} “${question.text}” and ${section} “${text}”`);
    }
  });
  assert.deepEqual(wrong, []);
});

const shared = sharedDir();

Deno.test({
  name:
    "measured by the official text: a brief for every section with content, our own words, no figure of our own",
  ignore: !shared,
  fn: () => {
    const sections = new Map<string, Section>();
    const folder = join(shared!, "corpus", "ecfr");
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".xml.gz"))) {
      const parser = new EcfrParser((section) => {
        const name = `${section.collection === "far" ? "FAR" : "DFARS"} ${section.number}`;
        if (!sections.has(name)) sections.set(name, section);
      });
      parser.write(gunzipSync(readFileSync(join(folder, file))).toString("utf8"));
      parser.close();
    }
    const briefed = new Set(briefs.map(({ section }) => section));
    const faults = [...sections]
      .filter(([name, { reserved, text }]) => !reserved && text.trim() && !briefed.has(name))
      .map(([name]) => `${name}: no brief`);
    for (const { section, brief } of briefs) {
      faults.push(
        ...briefFaults(brief, sections.get(section)!).map((f) => `${section}: brief ${f}`),
      );
    }
    for (const { section, questions: asked } of questions) {
      for (const question of asked) {
        faults.push(
          ...questionFaults(question, sections.get(section)!).map((f) =>
            `${section}: “${question}” ${f}`
          ),
        );
      }
    }
    assert.deepEqual(faults, []);
  },
});
