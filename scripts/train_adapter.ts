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
import { parseArgs } from "node:util";
import { EMBEDDER_NAME } from "../lib/embed/model_folder.ts";
import { ADAPTED, type Adapted, packAdapter } from "../lib/retrieve/adapter.ts";
import { randomNumbers } from "./adam.ts";
import { bankTexts, direction, type Texts, whole } from "./bank_texts.ts";
import { learnMap, type Pair } from "./contrastive.ts";
import { matrix, product, transposed } from "./matrix.ts";

const FOLDS = 5;
const SEED = 48;
/** Epochs by kind: found on the folds, where more brought nothing. */
const EPOCHS: Record<Adapted, number> = { chunk: 15, brief: 15, question: 8, section: 15 };

const { values } = parseArgs({
  options: { data: { type: "string", default: "farchat_data" }, fold: { type: "string" } },
});
const fold = values.fold === undefined ? undefined : Number(values.fold);

const bank = bankTexts(values.data);
const { dimensions, questions, briefs, chunks } = bank;

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
        const target = whole(bank, section, { question: i });
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

function learn(kind: Adapted, keep: (section: number) => boolean): Promise<Float32Array> {
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
  const maps: Float32Array[] = [];
  for (const kind of ADAPTED) maps.push(await learn(kind, () => true));
  const { header, bytes } = packAdapter(EMBEDDER_NAME, dimensions, maps);
  const folder = new URL("../corpus/bank/", import.meta.url);
  writeFileSync(new URL("adapter.bin", folder), new Uint8Array(bytes.buffer));
  writeFileSync(new URL("adapter.json", folder), JSON.stringify(header, undefined, 2) + "\n");
} else {
  const held = (section: number) => section % FOLDS === fold;
  for (const kind of ["brief", "chunk"] as const) {
    const of = kind === "brief" ? briefs : chunks;
    const map = await learn(kind, (section) => !held(section));
    const turned = matrix(transposed(map, dimensions, dimensions), dimensions, dimensions);
    const asked = questions.vectors.map((_, i) => i).filter((i) => held(questions.sections[i]))
      .filter((_, n) => n % 4 === 0);
    for (const name of ["without", "with"]) {
      let found = 0;
      for (const i of asked) {
        const vector = name === "with"
          ? await product(matrix(questions.vectors[i], 1, dimensions), turned)
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
