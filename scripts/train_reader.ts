/**
 * Learns corpus/bank/reader.bin from the bank's questions and briefs and the sections they were written from, over a
 * database that holds the complete FAR and DFARS and the bank with its vectors (about three minutes):
 *
 *     deno task train-reader --data farchat_data
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { EMBEDDER_NAME } from "../lib/embed/model_folder.ts";
import { packReader, readWords } from "../lib/retrieve/reader.ts";
import { bankTexts, whole } from "./bank_texts.ts";
import { EPOCHS, type Example, learnToRead } from "./read_training.ts";

const SEED = 48;

const { values } = parseArgs({ options: { data: { type: "string", default: "farchat_data" } } });
const bank = bankTexts(values.data);
const { dimensions, questions, briefs } = bank;

const examples: Example[] = [];
for (const kind of ["question", "brief"] as const) {
  const of = kind === "question" ? questions : briefs;
  of.vectors.forEach((vector, i) => {
    const section = of.sections[i];
    const own = whole(bank, section, { [kind]: i });
    if (own) examples.push({ vector, words: readWords(of.texts[i]), section, own });
  });
}
const sections = new Float32Array(bank.sections * dimensions);
for (let section = 0; section < bank.sections; section++) {
  const vector = whole(bank, section);
  if (vector) sections.set(vector, section * dimensions);
}
const started = performance.now();
const parts = await learnToRead(examples, {
  dimensions,
  sections,
  seed: SEED,
  onEpoch: (epoch, loss) =>
    console.error(
      `${epoch} of ${EPOCHS}, loss ${loss.toFixed(3)}, ${
        Math.round((performance.now() - started) / 1000)
      } s`,
    ),
});
const { header, bytes } = packReader(EMBEDDER_NAME, dimensions, parts);
const folder = new URL("../corpus/bank/", import.meta.url);
writeFileSync(new URL("reader.bin", folder), new Uint8Array(bytes.buffer));
writeFileSync(new URL("reader.json", folder), JSON.stringify(header) + "\n");
console.error(`${examples.length} examples, ${parts.words.length} words`);
