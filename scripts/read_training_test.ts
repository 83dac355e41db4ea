import assert from "node:assert/strict";
import { packReader, Reader } from "../lib/retrieve/reader.ts";
import { type Example, learnToRead } from "./read_training.ts";

const DIMENSIONS = 16;
/** Three sections, each an axis of its own; a fourth that has no texts. */
const sections = new Float32Array(4 * DIMENSIONS);
for (let section = 0; section < 3; section++) sections[section * DIMENSIONS + section] = 1;
const WORDS = ["debrief", "bond", "invoice"];
/** What all questions have in common: by their vectors alone they can't be told apart. */
const vector = new Float32Array(DIMENSIONS).fill(1 / Math.sqrt(DIMENSIONS));

function examples(count: number): Example[] {
  return Array.from({ length: count }, (_, i) => ({
    vector,
    words: ["when", WORDS[i % 3], `once${i}`],
    section: i % 3,
    own: sections.slice((i % 3) * DIMENSIONS, (i % 3 + 1) * DIMENSIONS),
  }));
}

Deno.test("a reader learns from its words where a question belongs", async () => {
  const losses: number[] = [];
  const parts = await learnToRead(examples(6000), {
    dimensions: DIMENSIONS,
    sections,
    seed: 1,
    onEpoch: (_, loss) => losses.push(loss),
  });
  assert.ok(losses.at(-1)! < losses[0] / 2, `${losses}`);
  const { header, bytes } = packReader("model", DIMENSIONS, parts);
  const reader = new Reader(header, bytes);
  WORDS.forEach((word, section) => {
    const read = reader.read(`When is the ${word} due?`, vector);
    const cosines = [0, 1, 2].map((axis) => read[axis]);
    assert.equal(cosines.indexOf(Math.max(...cosines)), section, `${word}: ${cosines}`);
  });
});

Deno.test("a word that stands in one or two texts gets no vector, and the same seed gives the same reader", async () => {
  const training = { dimensions: DIMENSIONS, sections, seed: 1 };
  const [one, two] = [
    await learnToRead(examples(30), training),
    await learnToRead(examples(30), training),
  ];
  assert.deepEqual([...one.words].sort(), ["bond", "debrief", "invoice", "when"]);
  assert.deepEqual(one.wordVectors, two.wordVectors);
  assert.deepEqual(one.map, two.map);
});
