/**
 * Learns corpus/bank/adapter.bin from the bank's questions and the sections they were written from, over a database that
 * holds the complete FAR and DFARS and the bank with its vectors:
 *
 *     deno task train-adapter --data farchat_data
 *
 * The same database gives the same file. `--fold N` leaves the sections of one fifth out (0 to 4) and writes nothing:
 * prints how the questions of those sections are answered with and without the map.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { EMBEDDER_NAME } from "../lib/embed/model_folder.ts";
import { ADAPTED, type Adapted, packAdapter } from "../lib/retrieve/adapter.ts";
import { openStore } from "../lib/store/mod.ts";
import { learnMap, type Pair, randomNumbers } from "./contrastive.ts";
import { timesTransposed, toUnitRows } from "./matrix.ts";

const FOLDS = 5;
const SEED = 48;
/** Epochs by kind: found on the folds, where more brought nothing. */
const EPOCHS: Record<Adapted, number> = { chunk: 15, brief: 15, question: 8, section: 15 };

const { values } = parseArgs({
  options: { data: { type: "string", default: "farchat_data" }, fold: { type: "string" } },
});
const fold = values.fold === undefined ? undefined : Number(values.fold);

interface Texts {
  vectors: Float32Array[];
  sections: number[];
  /** Texts of a section. */
  of: Map<number, number[]>;
}

function texts(rows: { vector: Float32Array; section: number }[]): Texts {
  const of = new Map<number, number[]>();
  rows.forEach(({ section }, i) => {
    const list = of.get(section);
    if (list) list.push(i);
    else of.set(section, [i]);
  });
  return {
    vectors: rows.map(({ vector }) => vector),
    sections: rows.map(({ section }) => section),
    of,
  };
}

const store = openStore({ path: join(values.data, "farchat.db") });
const places = new Map<string, number>();
const placeOf = (collection: string, number: string) => {
  const key = `${collection} ${number}`;
  const place = places.get(key) ?? places.size;
  places.set(key, place);
  return place;
};
const entryVectors = new Map(store.entries.allVectors().map(({ id, vector }) => [id, vector]));
const entries = store.entries.all().filter(({ id }) => entryVectors.has(id)).map((entry) => ({
  kind: entry.kind,
  section: placeOf(entry.collection, entry.number),
  vector: Float32Array.from(entryVectors.get(entry.id)!, (value) => value / 127),
}));
const sectionIds = new Map<number, number>();
for (const collection of ["far", "dfars"] as const) {
  for (const { id, number } of store.outline.sections(collection)) {
    sectionIds.set(id, placeOf(collection, number));
  }
}
const chunkPlaces = new Map(store.chunks.places().map(({ id, sectionId }) => [id, sectionId]));
const chunks = texts(
  store.chunks.allVectors().sort((a, b) => a.id - b.id).flatMap(({ id, vector }) => {
    const section = sectionIds.get(chunkPlaces.get(id) ?? -1);
    return section === undefined ? [] : [{ vector, section }];
  }),
);
const briefs = texts(entries.filter(({ kind }) => kind === "brief"));
const questions = texts(entries.filter(({ kind }) => kind === "question"));
store.close();
const dimensions = questions.vectors[0].length;

/** The mean direction of a section's texts of one kind, without one of them; undefined when there are none. */
function direction(of: Texts, section: number, without = -1): Float32Array | undefined {
  const list = of.of.get(section)?.filter((i) => i !== without) ?? [];
  if (list.length === 0) return undefined;
  const sum = new Float32Array(dimensions);
  for (const i of list) for (let j = 0; j < dimensions; j++) sum[j] += of.vectors[i][j];
  toUnitRows(sum, dimensions);
  return sum;
}

function whole(section: number, without: number): Float32Array | undefined {
  const parts = [
    direction(questions, section, without),
    direction(briefs, section),
    direction(chunks, section),
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  const sum = new Float32Array(dimensions);
  for (const part of parts) for (let j = 0; j < dimensions; j++) sum[j] += part[j];
  toUnitRows(sum, dimensions);
  return sum;
}

function nearest(list: number[], of: Texts, question: Float32Array): Float32Array {
  let [best, top] = [list[0], -2];
  for (const i of list) {
    let dot = 0;
    for (let j = 0; j < dimensions; j++) dot += of.vectors[i][j] * question[j];
    if (dot > top) [best, top] = [i, dot];
  }
  return of.vectors[best];
}

function pairs(kind: Adapted, keep: (section: number) => boolean): Pair[] {
  const random = randomNumbers(SEED + ADAPTED.indexOf(kind));
  return questions.vectors.flatMap((question, i) => {
    const section = questions.sections[i];
    if (!keep(section)) return [];
    const make = (): () => Float32Array | undefined => {
      if (kind === "brief") {
        const brief = direction(briefs, section);
        return () => brief;
      }
      if (kind === "chunk") {
        const list = chunks.of.get(section);
        const chunk = list && nearest(list, chunks, question);
        return () => chunk;
      }
      if (kind === "section") {
        const target = whole(section, i);
        return () => target;
      }
      const others = questions.of.get(section)!.filter((other) => other !== i);
      // Another one of its questions, another time another one.
      return () =>
        others.length === 0
          ? undefined
          : questions.vectors[others[Math.floor(random() * others.length)]];
    };
    return [{ question, group: section, target: make() }];
  });
}

function learn(kind: Adapted, keep: (section: number) => boolean): Float32Array {
  const started = performance.now();
  return learnMap(pairs(kind, keep), {
    dimensions,
    epochs: EPOCHS[kind],
    batch: 512,
    step: 4e-4,
    temperature: 0.03,
    seed: SEED,
    onEpoch: (epoch) =>
      console.error(
        `${kind}: ${epoch} of ${EPOCHS[kind]}, ${
          Math.round((performance.now() - started) / 1000)
        } s`,
      ),
  });
}

if (fold === undefined) {
  const { header, bytes } = packAdapter(
    EMBEDDER_NAME,
    dimensions,
    ADAPTED.map((kind) => learn(kind, () => true)),
  );
  const bank = new URL("../corpus/bank/", import.meta.url);
  writeFileSync(new URL("adapter.bin", bank), new Uint8Array(bytes.buffer));
  writeFileSync(new URL("adapter.json", bank), JSON.stringify(header, undefined, 2) + "\n");
} else {
  const held = (section: number) => section % FOLDS === fold;
  for (const kind of ["brief", "chunk"] as const) {
    const of = kind === "brief" ? briefs : chunks;
    const map = learn(kind, (section) => !held(section));
    const asked = questions.vectors.map((_, i) => i).filter((i) => held(questions.sections[i]))
      .filter((_, n) => n % 4 === 0);
    for (const name of ["without", "with"]) {
      let found = 0;
      for (const i of asked) {
        const vector = name === "with"
          ? timesTransposed(questions.vectors[i], map, 1, dimensions, dimensions)
          : questions.vectors[i];
        const best = new Map<number, number>();
        of.vectors.forEach((text, t) => {
          let dot = 0;
          for (let j = 0; j < dimensions; j++) dot += text[j] * vector[j];
          const section = of.sections[t];
          if (dot > (best.get(section) ?? -Infinity)) best.set(section, dot);
        });
        const own = best.get(questions.sections[i]) ?? -Infinity;
        let better = 0;
        for (const score of best.values()) if (score > own) better++;
        if (better < 5) found++;
      }
      console.log(
        `${kind} ${name}: recall@5 ${(found / asked.length).toFixed(3)} of ${asked.length}`,
      );
    }
  }
}
