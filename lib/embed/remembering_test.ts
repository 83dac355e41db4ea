import assert from "node:assert/strict";
import fc from "fast-check";
import { remembering } from "./remembering.ts";
import type { Embedder } from "./types.ts";

/** Makes a vector of each text that says which text it is of, and writes down what it was asked. */
function counting(): { embedder: Embedder; asked: string[][] } {
  const asked: string[][] = [];
  const embedder: Embedder = {
    name: "counting",
    dimensions: 2,
    state: "ready",
    embed: (texts) => {
      asked.push(texts);
      return Promise.resolve(
        texts.map((text) => Float32Array.of(text.length, text.charCodeAt(0))),
      );
    },
    countTokens: () => Promise.resolve([]),
    close: () => Promise.reject(new Error("not to be closed")),
  };
  return { embedder, asked };
}

Deno.test("each text is embedded once while it is remembered, and asked in one go", async () => {
  const { embedder, asked } = counting();
  const memory = remembering(embedder);
  await memory.embed(["a", "b", "a"]);
  await memory.embed(["b", "c", "a"]);
  await memory.embed(["a", "b", "c"]);
  assert.deepEqual(asked, [["a", "b"], ["c"]]);
  await memory.close();
});

Deno.test("what was not used for longest is forgotten first", async () => {
  const { embedder, asked } = counting();
  const memory = remembering(embedder, 2);
  await memory.embed(["a", "b"]);
  await memory.embed(["a"]);
  await memory.embed(["c"]);
  await memory.embed(["a"]);
  await memory.embed(["b"]);
  assert.deepEqual(asked, [["a", "b"], ["c"], ["b"]]);
});

Deno.test("with whatever memory, the vectors are those of the embedder, in the order of the texts", async () => {
  const text = fc.constantFrom("a", "bb", "ccc", "dddd", "eeeee");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(text, { maxLength: 6 }), { maxLength: 8 }),
      fc.integer({ min: 0, max: 4 }),
      async (calls, most) => {
        const { embedder } = counting();
        const memory = remembering(embedder, most);
        const found = await Promise.all(calls.map((texts) => memory.embed(texts)));
        for (const [i, texts] of calls.entries()) {
          assert.deepEqual(found[i], await embedder.embed(texts));
        }
      },
    ),
  );
});

Deno.test("a failure is told and nothing of it is remembered", async () => {
  const { embedder, asked } = counting();
  let fail = true;
  const memory = remembering({
    ...embedder,
    embed: (texts) => fail ? Promise.reject(new Error("no model")) : embedder.embed(texts),
  });
  await assert.rejects(memory.embed(["a"]), /no model/);
  fail = false;
  await memory.embed(["a"]);
  assert.deepEqual(asked, [["a"]]);
});
