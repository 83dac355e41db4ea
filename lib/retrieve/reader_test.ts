import assert from "node:assert/strict";
import { loadReader, packReader, Reader, readWords } from "./reader.ts";

const SIZE = 4;
const identity = Float32Array.from({ length: 16 }, (_, i) => i % 5 === 0 ? 1 : 0);

function reader(words: Record<string, number[]>, map = identity): Reader {
  const { header, bytes } = packReader("model", SIZE, {
    map,
    words: Object.keys(words),
    wordVectors: Float32Array.from(Object.values(words).flat()),
  });
  return new Reader(header, bytes);
}

const close = (found: Float32Array, expected: number[]) =>
  expected.forEach((value, i) => assert.ok(Math.abs(found[i] - value) < 0.02, `${found}`));

Deno.test("a word pulls the question's vector its way", () => {
  const read = reader({ debrief: [0, 1, 0, 0] });
  const vector = Float32Array.of(1, 0, 0, 0);
  close(read.read("Where is my debriefing?", vector), [Math.SQRT1_2, Math.SQRT1_2, 0, 0]);
  close(read.read("Where is my check?", vector), [1, 0, 0, 0]);
});

Deno.test("a word said twice counts once", () => {
  const read = reader({ debrief: [0, 1, 0, 0] });
  const vector = Float32Array.of(1, 0, 0, 0);
  assert.deepEqual(read.read("debrief debrief", vector), read.read("debrief", vector));
});

Deno.test("small and large word vectors keep their sizes when packed", () => {
  const read = reader({ tiny: [0, 0.01, 0, 0], huge: [0, 0, 50, 0] });
  const vector = Float32Array.of(1, 0, 0, 0);
  close(read.read("tiny", vector), [1, 0.01, 0, 0]);
  close(read.read("huge", vector), [0.02, 0, 1, 0]);
});

Deno.test("stop words are read too: who asks for a person wants another section", () => {
  assert.deepEqual(readWords("Who signs, and who approves?"), ["who", "sign", "and", "approv"]);
});

Deno.test("the reader that ships is for the model that ships, and for no other", () => {
  const shipped = loadReader("all-MiniLM-L6-v2/q4");
  assert.ok(shipped);
  const vector = new Float32Array(384).fill(1 / Math.sqrt(384));
  const read = shipped.read("How long do I have to ask for a debriefing?", vector);
  assert.ok(Math.abs(Math.hypot(...read) - 1) < 1e-5);
  assert.equal(loadReader("another-model"), undefined);
});

Deno.test("a folder without a reader gives none", () => {
  assert.equal(loadReader("all-MiniLM-L6-v2/q4", "/nonexistent"), undefined);
});
