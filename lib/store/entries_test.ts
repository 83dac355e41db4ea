import assert from "node:assert/strict";
import fc from "fast-check";
import { Problem } from "../problem.ts";
import type { Store } from "./store.ts";
import { vectorTo, withStore } from "./test_store.ts";
import type { NewEntry } from "./types.ts";
import { toInt8 } from "./vectors.ts";

const ENTRIES: NewEntry[] = [
  {
    kind: "question",
    collection: "far",
    number: "15.403-1",
    text: "When do I count widgets?",
    vector: toInt8(vectorTo(0)),
  },
  {
    kind: "question",
    collection: "far",
    number: "15.403-1",
    text: "Who pays for widgets?",
    vector: toInt8(vectorTo(1)),
  },
  {
    kind: "question",
    collection: "dfars",
    number: "215.403",
    text: "Does the Department count gadgets?",
    vector: toInt8(vectorTo(2)),
  },
  {
    kind: "brief",
    collection: "far",
    number: "15.403-1",
    text: "Widgets are counted once a year.",
    textSha256: "ab".repeat(32),
    vector: toInt8(vectorTo(0, 0.6, 2)),
  },
  { kind: "brief", collection: "dfars", number: "215.403", text: "Gadgets." },
];

const texts = (store: Store, hits: { id: number }[]) =>
  store.entries.get(hits.map(({ id }) => id)).map(({ text }) => text);

Deno.test("the brief and the questions of a section are found by its number", async () => {
  await withStore((store) => {
    store.entries.replaceAll("v1", ENTRIES);
    assert.equal(store.entries.version(), "v1");
    const { id: _, ...brief } = store.entries.brief("far", "15.403-1")!;
    const { vector: __, ...expected } = ENTRIES[3];
    assert.deepEqual(brief, expected);
    assert.equal(store.entries.brief("far", "15.403"), undefined);
    assert.equal(store.entries.brief("uploads", "15.403-1"), undefined);
    assert.deepEqual(
      store.entries.questionsOf("far", "15.403-1").map(({ text }) => text),
      ["When do I count widgets?", "Who pays for widgets?"],
    );
    const { questions, briefs } = store.counts().entries;
    assert.deepEqual([questions, briefs], [3, 2]);
  });
});

Deno.test("entries are searched by words and by meaning, by kind and collection", async () => {
  await withStore((store) => {
    store.entries.replaceAll("v1", ENTRIES);
    assert.equal(store.entries.searchWords("counting", 10).length, 3);
    assert.deepEqual(texts(store, store.entries.searchWords("count", 10, { kind: "brief" })), [
      "Widgets are counted once a year.",
    ]);
    assert.deepEqual(
      texts(store, store.entries.searchWords("count", 10, { collections: ["dfars"] })),
      ["Does the Department count gadgets?"],
    );
    assert.throws(() => store.entries.searchWords('"', 10), Problem);

    const near = store.entries.searchVectors(vectorTo(0), 10);
    assert.deepEqual(texts(store, near).slice(0, 2), [
      "When do I count widgets?",
      "Widgets are counted once a year.",
    ]);
    // Rounding to int8 costs less than a hundredth.
    assert.ok(Math.abs(near[0].score - 1) < 0.01 && Math.abs(near[1].score - 0.8) < 0.01);
    assert.equal(near.length, 4);
    assert.deepEqual(
      texts(
        store,
        store.entries.searchVectors(vectorTo(0), 10, { kind: "question", collections: ["dfars"] }),
      ),
      ["Does the Department count gadgets?"],
    );
    assert.deepEqual(store.entries.searchVectors(vectorTo(0), 10, { collections: [] }), []);
    assert.throws(() => store.entries.searchVectors(new Float32Array(2), 10), Problem);
  });
});

Deno.test("replacing all entries leaves nothing of the old ones, and failing leaves all of them", async () => {
  await withStore((store) => {
    store.entries.replaceAll("v1", ENTRIES);
    const version = store.dataVersion();
    function* failing() {
      yield ENTRIES[0];
      throw new Error("the file ended early");
    }
    assert.throws(() => store.entries.replaceAll("v2", failing()), /early/);
    assert.throws(
      () => store.entries.replaceAll("v2", [{ ...ENTRIES[0], vector: new Int8Array(3) }]),
      Problem,
    );
    assert.equal(store.entries.version(), "v1");
    assert.equal(store.dataVersion(), version);
    assert.equal(store.entries.searchWords("count", 10).length, 3);

    store.entries.replaceAll("v2", [ENTRIES[4]]);
    assert.equal(store.entries.version(), "v2");
    assert.notEqual(store.dataVersion(), version);
    assert.deepEqual(store.entries.searchWords("count", 10), []);
    assert.deepEqual(store.entries.searchVectors(vectorTo(0), 10), []);
    assert.equal(store.entries.searchWords("gadgets", 10).length, 1);
  });
});

Deno.test("entries without a vector can be given one later", async () => {
  await withStore((store) => {
    store.entries.replaceAll("v1", ENTRIES);
    const [lacking, ...others] = store.entries.withoutVector(10);
    assert.equal(lacking.text, "Gadgets.");
    assert.equal(others.length, 0);
    store.entries.setVectors([
      { id: lacking.id, vector: vectorTo(7) },
      { id: 99_999, vector: vectorTo(8) },
    ]);
    assert.equal(store.entries.vectors(), 5);
    assert.deepEqual(texts(store, store.entries.searchVectors(vectorTo(7), 1)), ["Gadgets."]);
    assert.deepEqual(store.entries.withoutVector(10), []);
  });
});

Deno.test("suggestions are questions with all the words typed, the last one unfinished, then with some", async () => {
  await withStore((store) => {
    store.entries.replaceAll("v1", ENTRIES);
    const suggest = (text: string, limit = 10) =>
      store.entries.suggest(text, limit).map((entry) => entry.text);
    assert.deepEqual(suggest("who pays for wid"), [
      "Who pays for widgets?",
      "When do I count widgets?",
    ]);
    assert.deepEqual(suggest("gad"), ["Does the Department count gadgets?"]);
    assert.deepEqual(suggest("who pays for wid", 1), ["Who pays for widgets?"]);
    assert.deepEqual(suggest("zebra"), []);
    assert.deepEqual(suggest(" ?! "), []);
  });
});

Deno.test("suggest takes any text", async () => {
  await withStore((store) => {
    store.entries.replaceAll("v1", ENTRIES);
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      assert.ok(store.entries.suggest(text + ' "AND NEAR( widgets', 3).length <= 3);
      assert.ok(store.entries.suggest(text, 3).length <= 3);
    }));
  });
});

Deno.test("an index in memory can be made from all entries and vectors", async () => {
  await withStore((store) => {
    store.entries.replaceAll("v1", ENTRIES);
    const all = store.entries.all();
    assert.deepEqual(all.map(({ text }) => text), ENTRIES.map(({ text }) => text));
    const vectors = new Map(store.entries.allVectors().map(({ id, vector }) => [id, vector]));
    assert.equal(vectors.size, 4);
    assert.deepEqual(vectors.get(all[3].id), ENTRIES[3].vector);
  });
});
