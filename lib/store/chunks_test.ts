import assert from "node:assert/strict";
import fc from "fast-check";
import { Problem } from "../problem.ts";
import {
  chunked,
  EMBEDDER,
  manySections,
  newDocument,
  newSection,
  vectorTo,
  withStore,
} from "./test_store.ts";
import type { Store } from "./store.ts";
import { quoteWords } from "./word_search.ts";

function load(store: Store) {
  store.documents.replace(newDocument({ sha256: "f" }), [
    chunked(
      newSection("15.403", ["(a) Certified cost data are required.", "(b) Widgets."], {
        title: "Pricing",
      }),
      0,
    ),
  ]);
  store.documents.replace(newDocument({ sha256: "d", collection: "dfars" }), [
    chunked(
      newSection("215.403", ["Certified widgets, and more certified widgets."], {
        collection: "dfars",
        title: "Certified",
      }),
      10,
    ),
  ]);
  store.documents.replace(newDocument({ sha256: "u", collection: "uploads" }), [
    chunked(newSection("1", ["Our certified letter."], { collection: "uploads" }), 20),
  ]);
}

const texts = (store: Store, hits: { id: number }[]) =>
  store.chunks.get(hits.map(({ id }) => id)).map(({ text }) => text);

Deno.test("words are found by their stems, the best first, within the collections asked for", async () => {
  await withStore((store) => {
    load(store);
    const hits = store.chunks.searchWords("certifying", 10);
    assert.equal(hits.length, 3);
    assert.equal(texts(store, hits)[0], "Certified widgets, and more certified widgets.");
    assert.ok(hits.every(({ score }, i) => i === 0 || score <= hits[i - 1].score));
    assert.deepEqual(texts(store, store.chunks.searchWords("certified", 10, ["far"])), [
      "(a) Certified cost data are required.",
    ]);
    assert.equal(store.chunks.searchWords("certified", 10, ["far", "uploads"]).length, 2);
    assert.equal(store.chunks.searchWords("certified", 1).length, 1);
    assert.deepEqual(store.chunks.searchWords("certified", 10, []), []);
    assert.deepEqual(store.chunks.searchWords("certified", 0), []);
    // The number is a word of the title.
    assert.equal(store.chunks.searchWords('"215.403"', 10).length, 1);
  });
});

Deno.test("a word counts as the weight of its column says", async () => {
  await withStore((store) => {
    load(store);
    // A word in half of all chunks weighs nothing in BM25.
    store.documents.replace(newDocument({ sha256: "m" }), manySections(10, 1));
    const first = (title: number, body: number) =>
      store.chunks.searchWords("pricing OR letter", 10, undefined, { title, context: 1, body })[0]
        .id;
    assert.equal(store.chunks.get([first(10, 0.1)])[0].title, "Pricing");
    assert.equal(store.chunks.get([first(0.1, 10)])[0].text, "Our certified letter.");
    assert.throws(
      () => store.chunks.searchWords("x", 1, undefined, { title: NaN, context: 1, body: 1 }),
      RangeError,
    );
  });
});

Deno.test("a malformed search is a Problem without SQL in it, and an empty one finds nothing", async () => {
  await withStore((store) => {
    load(store);
    for (const match of ['"', "AND", "text:certified", "NEAR(", "certified OR", "*", "a b)", "^"]) {
      assert.throws(() => store.chunks.searchWords(match, 5), (error) => {
        assert.ok(error instanceof Problem, match);
        assert.equal(error.status, 400);
        assert.doesNotMatch(error.message + error.next, /fts5|sql|syntax|column|match/i);
        return true;
      });
    }
    assert.deepEqual(store.chunks.searchWords("  ", 5), []);
    // The statement is still good.
    assert.equal(store.chunks.searchWords("certified", 5).length, 3);
  });
});

Deno.test("quoteWords makes a search of any text that never fails", async () => {
  await withStore((store) => {
    load(store);
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      store.chunks.searchWords(quoteWords(text), 5);
      store.chunks.searchWords(`${quoteWords(text)}* OR certified`, 5);
    }));
    assert.equal(store.chunks.searchWords(quoteWords('cost" data'), 5).length, 1);
  });
});

Deno.test("the nearest vectors come first, scored by cosine, within the collections asked for", async () => {
  await withStore((store) => {
    load(store);
    const hits = store.chunks.searchVectors(vectorTo(10, 0.6, 20), 10);
    assert.deepEqual(hits.map(({ score }) => score.toFixed(4)), [
      "0.8000",
      "0.6000",
      "0.0000",
      "0.0000",
    ]);
    assert.match(texts(store, hits)[0], /more certified widgets/);
    const only = store.chunks.searchVectors(vectorTo(10), 10, ["far", "uploads"]);
    assert.deepEqual(store.chunks.get(only.map(({ id }) => id)).map((c) => c.collection).sort(), [
      "far",
      "far",
      "uploads",
    ]);
    assert.equal(store.chunks.searchVectors(vectorTo(10), 2).length, 2);
    assert.deepEqual(store.chunks.searchVectors(vectorTo(10), 10, []), []);
    assert.equal(store.chunks.searchVectors(vectorTo(10), 1_000_000).length, 4);
    assert.throws(() => store.chunks.searchVectors(new Float32Array(3), 10), Problem);
  });
});

Deno.test("chunks come in the order asked for, with the text between their offsets", async () => {
  await withStore((store) => {
    load(store);
    const [section] = store.sections.get("far", "15.403");
    const [first, second] = store.chunks.ofSection(section.id);
    assert.equal(first.text, "(a) Certified cost data are required.");
    assert.equal(section.text.slice(second.start, second.end), second.text);
    assert.equal(second.anchor, "b");
    assert.equal(second.title, "Pricing");
    assert.equal(second.context, "FAR 15.403");
    assert.deepEqual(second.path, section.path);
    assert.deepEqual(store.chunks.get([second.id, 4711, first.id]), [second, first]);
  });
});

Deno.test("vectors come back as stored, and by the hash of their text", async () => {
  await withStore((store) => {
    load(store);
    const [section] = store.sections.get("far", "15.403");
    const [first] = store.chunks.ofSection(section.id);
    assert.deepEqual(store.chunks.vectorsOf([first.id, 4711]), new Map([[first.id, vectorTo(0)]]));
    const hash = "15.403/0/(a) Certified cost data are required.";
    assert.deepEqual(
      store.chunks.vectorsByHash([hash, "unknown"]),
      new Map([[hash, vectorTo(0)]]),
    );
  });
});

Deno.test("staged vectors are found by their hash and model until they are cleared", async () => {
  await withStore((store) => {
    store.chunks.stage([{ hash: "h1", vector: vectorTo(1) }]);
    store.chunks.stage([{ hash: "h1", vector: vectorTo(2) }], "other-model");
    store.chunks.stage([{ hash: "h1", vector: vectorTo(3) }]);
    assert.deepEqual(store.chunks.vectorsByHash(["h1"]), new Map([["h1", vectorTo(3)]]));
    assert.deepEqual(
      store.chunks.vectorsByHash(["h1"], "other-model"),
      new Map([["h1", vectorTo(2)]]),
    );
    assert.throws(() => store.chunks.stage([{ hash: "h2", vector: new Float32Array(2) }]), Problem);
    store.chunks.clearStaged();
    assert.equal(store.chunks.vectorsByHash(["h1"]).size, 0);
  });
});

Deno.test("another model's vectors are neither reused nor searched", async () => {
  await withStore((store) => {
    load(store);
    const hash = "15.403/0/(a) Certified cost data are required.";
    assert.equal(store.chunks.vectorsByHash([hash], "other-model").size, 0);
    const version = store.dataVersion();
    store.setEmbedder({ ...EMBEDDER, name: "other-model" });
    assert.equal(store.counts().vectors, 0);
    assert.notEqual(store.dataVersion(), version);
    assert.equal(store.chunks.searchWords("certified", 10).length, 3);
  });
});

Deno.test("chunks stored without a vector get theirs later", async () => {
  await withStore((store) => {
    store.documents.replace(newDocument(), [chunked(newSection("15.403", ["One.", "Two."]))]);
    const [section] = store.sections.get("far", "15.403");
    const [one, two] = store.chunks.ofSection(section.id);
    assert.equal(store.counts().vectors, 0);
    assert.deepEqual(store.chunks.withoutVector(10).map(({ id }) => id), [one.id, two.id]);
    store.chunks.setVectors([{ id: two.id, vector: vectorTo(5) }, {
      id: 999,
      vector: vectorTo(6),
    }]);
    assert.deepEqual(store.chunks.searchVectors(vectorTo(5), 10), [{ id: two.id, score: 1 }]);
    assert.deepEqual(store.chunks.withoutVector(10).map(({ id }) => id), [one.id]);
  });
});

Deno.test("an index in memory can be made from all places and vectors", async () => {
  await withStore((store) => {
    load(store);
    const [section] = store.sections.get("far", "15.403");
    const [first, second] = store.chunks.ofSection(section.id);
    const places = store.chunks.places();
    assert.equal(places.length, 4);
    assert.deepEqual(places.slice(0, 2), [
      { id: first.id, sectionId: section.id },
      { id: second.id, sectionId: section.id },
    ]);
    const vectors = new Map(store.chunks.allVectors().map(({ id, vector }) => [id, vector]));
    assert.equal(vectors.size, 4);
    assert.deepEqual(vectors.get(second.id), vectorTo(1));
  });
});
