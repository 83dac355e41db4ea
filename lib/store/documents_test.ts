import assert from "node:assert/strict";
import { Problem } from "../problem.ts";
import type { Store } from "./store.ts";
import {
  chunked,
  manySections,
  newDocument,
  newSection,
  vectorTo,
  withStore,
} from "./test_store.ts";

const COUNTING = newSection("15.403-1", ["(a) Widgets are counted.", "(b) Gadgets are weighed."]);

/** Ids of chunks whose words match. */
const wordHits = (store: Store, words: string) =>
  store.chunks.searchWords(words, 10).map(({ id }) => id);

Deno.test("a stored document says what it holds and can be found by its bytes", async () => {
  await withStore((store) => {
    const stored = store.documents.replace(
      newDocument({ versionDate: "2026-11-02", notices: ["15.404 occurs twice"] }),
      [chunked(COUNTING, 0)],
    );
    assert.equal(stored.sections, 1);
    assert.equal(stored.words, 8);
    assert.equal(stored.chunks, 2);
    assert.equal(stored.versionDate, "2026-11-02");
    assert.deepEqual(stored.notices, ["15.404 occurs twice"]);
    assert.deepEqual(store.documents.findBySha256("far", "a".repeat(64)), stored);
    assert.equal(store.documents.findBySha256("dfars", "a".repeat(64)), undefined);
    assert.deepEqual(store.documents.list(), [stored]);
    assert.deepEqual(store.documents.list("uploads"), []);
    assert.equal(store.documents.get(stored.id + 1), undefined);
  });
});

Deno.test("removing a document removes its sections, paragraphs, chunks, words and vectors, and no other's", async () => {
  await withStore((store) => {
    const first = store.documents.replace(newDocument(), [chunked(COUNTING, 0)]);
    const other = newSection("15.404", ["Sprockets are polished."], { order: 1 });
    store.documents.replace(newDocument({ sha256: "c" }), [chunked(other, 9)]);

    assert.equal(store.documents.remove(first.id), true);
    assert.equal(store.documents.remove(first.id), false);

    const counts = store.counts();
    assert.deepEqual(
      [counts.documents, counts.sections.far, counts.paragraphs, counts.chunks, counts.vectors],
      [1, 1, 1, 1, 1],
    );
    assert.deepEqual(wordHits(store, "widgets OR gadgets"), []);
    assert.equal(wordHits(store, "sprockets").length, 1);
    assert.equal(store.chunks.searchVectors(vectorTo(0), 10).length, 1);
  });
});

Deno.test("a document takes the place of those it replaces", async () => {
  await withStore((store) => {
    const first = store.documents.replace(newDocument(), [chunked(COUNTING, 0)]);
    const changed = newSection("15.403-1", ["(a) Widgets are weighed."]);
    const second = store.documents.replace(
      newDocument({ sha256: "new" }),
      [chunked(changed, 3)],
      { replaces: [first.id] },
    );
    assert.deepEqual(store.documents.list().map(({ id }) => id), [second.id]);
    assert.equal(store.sections.get("far", "15.403-1").length, 1);
    assert.deepEqual(wordHits(store, "gadgets"), []);
    assert.equal(store.counts().vectors, 1);
  });
});

Deno.test("a document of the same bytes is refused in its collection and taken in another", async () => {
  await withStore((store) => {
    store.documents.replace(newDocument(), [chunked(COUNTING)]);
    assert.throws(
      () => store.documents.replace(newDocument(), [chunked(COUNTING)]),
      (error) => error instanceof Problem && error.status === 409,
    );
    const upload = { ...COUNTING, collection: "uploads" as const };
    store.documents.replace(newDocument({ collection: "uploads" }), [chunked(upload)]);
    assert.equal(store.counts().documents, 2);
  });
});

Deno.test("whatever fails while a document is stored leaves what was there before", async () => {
  await withStore((store) => {
    const first = store.documents.replace(newDocument(), [chunked(COUNTING, 0)]);
    const before = { counts: store.counts(), version: store.dataVersion() };
    const good = manySections(20, 2);
    const replaces = [first.id];

    const shortVector = chunked(newSection("15.900", ["Short."], { order: 99 }));
    shortVector.chunks[0].vector = new Float32Array(3);
    const outside = chunked(newSection("15.901", ["Outside."], { order: 99 }));
    outside.chunks[0].end = 1000;
    const foreign = chunked(newSection("215.900", ["Foreign."], { collection: "dfars" }));
    const document = newDocument({ sha256: "new" });
    for (
      const [bad, kind] of [
        [shortVector, Problem],
        [outside, RangeError],
        [foreign, TypeError],
      ] as const
    ) {
      assert.throws(() => store.documents.replace(document, [...good, bad], { replaces }), kind);
    }
    function* failing() {
      yield* good;
      throw new Error("the reader failed");
    }
    assert.throws(() => store.documents.replace(document, failing(), { replaces }), /reader/);

    assert.deepEqual(store.counts(), before.counts);
    assert.equal(store.dataVersion(), before.version);
    assert.deepEqual(store.documents.list().map(({ id }) => id), replaces);
    assert.equal(wordHits(store, "gadgets").length, 1);
    assert.equal(store.chunks.searchVectors(vectorTo(0), 10)[0].score, 1);
  });
});

Deno.test("several documents change together in one transaction, or not at all", async () => {
  await withStore((store) => {
    const first = store.documents.replace(newDocument(), [chunked(COUNTING, 0)]);
    assert.throws(() =>
      store.transaction(() => {
        store.documents.remove(first.id);
        store.documents.replace(newDocument({ sha256: "x" }), manySections(3, 1));
        throw new Error("stop");
      }), /stop/);
    assert.deepEqual(store.documents.list().map(({ id }) => id), [first.id]);
    // A failure inside that is dealt with inside takes back only itself.
    store.transaction(() => {
      store.documents.replace(newDocument({ sha256: "y" }), manySections(3, 1));
      assert.throws(() =>
        store.documents.replace(newDocument({ sha256: "y" }), manySections(2, 1))
      );
    });
    assert.deepEqual(store.documents.list().map(({ sections }) => sections), [1, 3]);
  });
});

Deno.test("a document with nothing in it is kept, with its notices", async () => {
  await withStore((store) => {
    const stored = store.documents.replace(newDocument({ notices: ["no sections"] }), []);
    assert.deepEqual([stored.sections, stored.words, stored.chunks], [0, 0, 0]);
    const empty = newSection("15.500", [], { reserved: true });
    store.documents.replace(newDocument({ sha256: "e" }), [chunked(empty)]);
    assert.equal(store.sections.get("far", "15.500")[0].text, "");
    assert.equal(store.sections.get("far", "15.500")[0].reserved, true);
  });
});

Deno.test("storing and removing again and again does not make the file grow", async () => {
  await withStore((store) => {
    const sections = manySections(100, 4);
    let last = store.documents.replace(newDocument({ sha256: "0" }), sections);
    const sizes: number[] = [];
    for (let i = 1; i <= 6; i++) {
      last = store.documents.replace(newDocument({ sha256: String(i) }), sections, {
        replaces: [last.id],
      });
      sizes.push(store.counts().bytes);
    }
    assert.equal(store.counts().vectors, 400);
    assert.ok(sizes[5] <= sizes[1] * 1.1, `sizes: ${sizes}`);
  });
});
