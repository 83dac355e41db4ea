/**
 * Speed, memory and scale of retrieval: the complete FAR and DFARS, and a corpus ten times as large made from it.
 *
 *     deno task bench scale [--data FOLDER] [--eval ../shared/eval/dev.jsonl] [--times 10]
 *
 * Each corpus is measured in a process of its own (scale_child.ts). The larger one has nine further sets of the same sections under
 * part numbers that don't exist (1015.403-1, 2015.403-1, ...): three words in ten of titles, headings and texts are
 * others of the same length, drawn as often as the regulations use them, and a vector is mixed with that of
 * another chunk and with noise. The bank of questions and briefs stays as it is: nobody wrote one for the further sets.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type Collection,
  openStore,
  type SectionWithChunks,
  type Store,
} from "../lib/store/mod.ts";
import { seedStarter } from "../lib/retrieve/starter.ts";
import { randomNumbers } from "../scripts/adam.ts";
import { fullCorpus } from "../tests/support/full_corpus.ts";
import { repositoryPath } from "../tests/support/shared.ts";
import type { Latency, Measured } from "./scale_child.ts";

/** Share of words that are others in a further set. */
const OTHER_WORDS = 0.3;
/** Of another chunk's vector and of noise, to one of the chunk's own: the cosine with its own is about 0.85. */
const OTHER_CHUNK = 0.7;
const NOISE = 0.3;
/** A set's parts are this many times its number further on. */
const PARTS_APART = 1000;
/** How often is searched, and when memory is looked at; the larger corpus takes longer for each. */
const SEARCHES = { complete: [100, 500, 1000], larger: [100, 200, 300] };

/** Runs the bench and prints its tables; 1 without the official text or the questions. */
export async function benchScale(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: "string" },
      eval: { type: "string", default: "../shared/eval/dev.jsonl" },
      times: { type: "string", default: "10" },
    },
  });
  const from = values.data ?? await fullCorpus();
  if (!from || !existsSync(join(from, "farchat.db")) || !existsSync(values.eval)) {
    console.error(
      "bench scale: expected a data folder with the complete FAR and DFARS and a file of questions, found none.\n" +
        "Run `deno task farchat ingest PATH` first, or name others with --data and --eval.",
    );
    return 1;
  }
  const times = Number(values.times);
  const folder = mkdtempSync(join(tmpdir(), "farchat-scale-"));
  try {
    const path = join(folder, "farchat.db");
    const original = openStore({ path: join(from, "farchat.db") });
    original.copyTo(path);
    original.close();
    const copy = openStore({ path });
    seedStarter(copy);
    copy.close();
    const before = load();
    const complete = await measured(path, values.eval, SEARCHES.complete);
    const started = performance.now();
    multiply(path, times);
    console.error(`${times} times as large in ${seconds(performance.now() - started)}`);
    const larger = await measured(path, values.eval, SEARCHES.larger);
    console.log(table([["complete", complete], [`${times} times`, larger]]));
    console.log(
      `\nLoad of the machine in the minute before: ${before} at first, ${load()} at last.`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
  return 0;
}

async function measured(path: string, evaluation: string, searches: number[]): Promise<Measured> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--quiet", "--no-prompt", "--v8-flags=--expose-gc"]
      .concat("--allow-read", "--allow-write", "--allow-env", "--allow-ffi", "--allow-sys")
      .concat(repositoryPath("bench/scale_child.ts"), path, evaluation, searches.map(String)),
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Adds sets of sections until there are so many times what there was. The same corpus gives the same ones. */
function multiply(path: string, times: number): void {
  const store = openStore({ path });
  try {
    const documents = store.documents.list().filter(({ collection }) => collection !== "uploads");
    const vectors = store.chunks.allVectors();
    const words = wordsByLength(store);
    for (let set = 1; set < times; set++) {
      const random = randomNumbers(set);
      for (const { id, collection, name, mediaType, bytes, notices } of documents) {
        store.documents.replace(
          { collection, name: `${set} ${name}`, sha256: `${set} ${id}`, mediaType, bytes, notices },
          furtherSections(store, { id, collection, set, random, words, vectors }),
        );
      }
    }
    store.checkpoint();
  } finally {
    store.close();
  }
}

interface Further {
  /** The document it is made from. */
  id: number;
  collection: Collection;
  set: number;
  random: () => number;
  words: Map<number, string[]>;
  vectors: { id: number; vector: Float32Array }[];
}

function* furtherSections(store: Store, further: Further): Generator<SectionWithChunks> {
  const { id, set, random, vectors } = further;
  // Lengths stay, and with them every offset into the text.
  const otherWords = (text: string) =>
    text.replace(/[A-Za-z]{3,}/g, (word) => {
      const others = further.words.get(word.length);
      if (!others || random() >= OTHER_WORDS) return word;
      return others[Math.floor(random() * others.length)];
    });
  const headings = new Map<string, string>();
  const heading = (text: string) => {
    if (!headings.has(text)) headings.set(text, otherWords(text));
    return headings.get(text)!;
  };
  const numbered = (number: string) =>
    number.replace(/^\d+/, (part) => String(Number(part) + set * PARTS_APART));
  for (const summary of store.sections.ofDocument(id)) {
    const section = store.sections.byId(summary.id)!;
    const chunks = store.chunks.ofSection(section.id);
    const own = store.chunks.vectorsOf(chunks.map((chunk) => chunk.id));
    yield {
      section: {
        ...section,
        clause: undefined, // prescribed by sections of the first set
        number: numbered(section.number),
        title: otherWords(section.title),
        path: section.path.map((above) => ({
          ...above,
          number: numbered(above.number),
          title: heading(above.title),
        })),
        text: otherWords(section.text),
        paragraphs: section.paragraphs.map((paragraph) =>
          paragraph.term === undefined
            ? paragraph
            : { ...paragraph, term: otherWords(paragraph.term) }
        ),
      },
      chunks: chunks.map((chunk) => ({
        start: chunk.start,
        end: chunk.end,
        anchor: chunk.anchor,
        context: otherWords(chunk.context),
        tokens: 0,
        hash: `${set} ${chunk.id}`,
        vector: mixed(
          own.get(chunk.id)!,
          vectors[Math.floor(random() * vectors.length)].vector,
          random,
        ),
      })),
    };
  }
}

/** The words of the regulations by their length, each as often as it stands in them. */
function wordsByLength(store: Store): Map<number, string[]> {
  const words = new Map<number, string[]>();
  for (const { id } of store.documents.list()) {
    for (const summary of store.sections.ofDocument(id)) {
      for (const [word] of store.sections.byId(summary.id)!.text.matchAll(/[A-Za-z]{3,}/g)) {
        const others = words.get(word.length);
        if (others) others.push(word);
        else words.set(word.length, [word]);
      }
    }
  }
  return words;
}

/** A unit vector: one chunk's, some of another's, and noise. */
function mixed(own: Float32Array, other: Float32Array, random: () => number): Float32Array {
  // Uniform noise of this half-width has the length NOISE on average.
  const width = NOISE * Math.sqrt(3 / own.length);
  const sum = own.map((value, i) => value + OTHER_CHUNK * other[i] + width * (2 * random() - 1));
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
}

function table(corpora: [name: string, measured: Measured][]): string {
  const mb = (bytes: number) => (bytes / 1e6).toFixed(0);
  const ms = ({ p50, p95 }: Latency) => `${p50.toFixed(1)} / ${p95.toFixed(1)}`;
  const recall = (values: number[]) => values.map((value) => value.toFixed(3).slice(1)).join(" / ");
  const rows: [string, (measured: Measured) => string | number][] = [
    ["sections", ({ sections }) => sections],
    ["chunks", ({ chunks }) => chunks],
    ["database, MB", ({ file }) => mb(file)],
    ["index: start, s", ({ start }) => (start / 1000).toFixed(1)],
    ["memory with the model, MB", ({ model }) => mb(model)],
    ["index: memory, MB", ({ index }) => mb(index)],
    ["of which vectors of chunks, MB", ({ vectors }) => mb(vectors)],
    ["whole retrieval, ms p50 / p95", ({ latency }) => ms(latency.total)],
    ["embedding the question", ({ latency }) => ms(latency.embed)],
    ["search", ({ latency }) => ms(latency.search)],
    ["- words of the text (FTS5)", ({ parts }) => ms(parts.words)],
    ["- signals: all vectors, our words", ({ parts }) => ms(parts.signals)],
    ["- candidates and features", ({ parts }) => ms(parts.candidates)],
    ["ten in sequence, ms", ({ concurrent }) => concurrent.sequence.toFixed(0)],
    ["ten at once, ms", ({ concurrent }) => concurrent.together.toFixed(0)],
    ["at once to in sequence", ({ concurrent }) => concurrent.ratio.toFixed(2)],
    [
      "memory (objects), MB, after searches",
      ({ memory }) =>
        memory.map(({ searches, rss, objects }) => `${searches}: ${mb(rss)} (${mb(objects)})`)
          .join("; "),
    ],
    ["nearest 200 chunks: sqlite-vec, float", ({ nearest }) => ms(nearest.sqlite)],
    ["nearest 200 chunks: in memory, int8", ({ nearest }) => ms(nearest.memory)],
    ["times as fast, p50", ({ nearest }) => (nearest.sqlite.p50 / nearest.memory.p50).toFixed(0)],
    ["same among the first ten", ({ nearest }) => nearest.agreement.toFixed(3)],
    ["recall@1 / 5 / 10, ours", (measured) => recall(measured.recall.ours)],
    ["- words of the text alone", (measured) => recall(measured.recall.words)],
    ["- vectors of chunks alone", (measured) => recall(measured.recall.vectors)],
  ];
  return [
    `| | ${corpora.map(([name]) => name).join(" | ")} |`,
    `|---|${corpora.map(() => "---|").join("")}`,
    ...rows.map(([name, value]) =>
      `| ${name} | ${corpora.map(([, measured]) => value(measured)).join(" | ")} |`
    ),
  ].join("\n");
}

function load(): string {
  return Deno.loadavg()[0].toFixed(1);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(0)} s`;
}
