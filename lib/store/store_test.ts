import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Problem } from "../problem.ts";
import { foldLog, openStore } from "./store.ts";
import {
  chunked,
  EMBEDDER,
  manySections,
  newDocument,
  newSection,
  outlineEntry,
  vectorTo,
  withFolder,
  withStore,
} from "./test_store.ts";

Deno.test("everything is there after closing and opening again", async () => {
  await withFolder((folder) => {
    const path = join(folder, "deeper", "data", "farchat.db");
    const store = openStore({ path });
    store.setEmbedder(EMBEDDER);
    store.documents.replace(newDocument(), [chunked(newSection("15.403", ["Widgets."]), 0)]);
    store.settings.set("k", "v");
    const counts = store.counts();
    const version = store.dataVersion();
    store.close();
    store.close();

    const again = openStore({ path });
    assert.deepEqual(again.counts(), counts);
    assert.equal(again.dataVersion(), version);
    assert.deepEqual(again.embedder(), EMBEDDER);
    assert.equal(again.settings.get("k"), "v");
    assert.equal(again.chunks.searchWords("widget", 1).length, 1);
    assert.equal(again.chunks.searchVectors(vectorTo(0), 1)[0].score, 1);
    again.close();
  });
});

Deno.test("the data version changes with the corpus, by whichever connection, and with nothing else", async () => {
  await withStore((store) => {
    const other = openStore({ path: store.path });
    const seen = new Set([store.dataVersion()]);
    const changed = (what: () => unknown) => {
      what();
      assert.equal(other.dataVersion(), store.dataVersion());
      const { size } = seen;
      seen.add(store.dataVersion());
      return seen.size > size;
    };
    const document = newDocument();
    assert.ok(changed(() => store.documents.replace(document, [])));
    assert.ok(changed(() => other.entries.replaceAll("1", [])));
    assert.ok(changed(() => other.outline.replaceAll("1", [outlineEntry("2.101")])));
    assert.ok(changed(() => store.documents.remove(store.documents.list()[0].id)));
    assert.ok(!changed(() => other.settings.set("a", "b")));
    assert.ok(!changed(() => other.conversations.create("browser", "A question?")));
    assert.ok(!changed(() => other.chunks.stage([{ hash: "h", vector: vectorTo(0) }])));
    assert.ok(!changed(() => store.documents.remove(999)));
    // What another connection loaded is seen at once.
    other.documents.replace(document, [chunked(newSection("15.403", ["Widgets."]))]);
    assert.equal(store.counts().sections.far, 1);
    assert.deepEqual(store.outline.sections("far").map(({ number }) => number), [
      "2.101",
      "15.403",
    ]);
    other.close();
  });
});

Deno.test("another model is refused with the command that re-embeds", async () => {
  await withStore((store) => {
    store.checkEmbedder(EMBEDDER);
    for (const other of [{ name: "bigger" }, { version: 2 }, { dimensions: 768 }]) {
      assert.throws(() => store.checkEmbedder({ ...EMBEDDER, ...other }), (error) => {
        assert.ok(error instanceof Problem);
        assert.match(error.next, /farchat ingest --re-embed/);
        assert.match(error.message, /test-model/);
        return true;
      });
    }
    assert.throws(() => store.setEmbedder({ ...EMBEDDER, dimensions: 768 }), Problem);
    assert.deepEqual(store.embedder(), EMBEDDER);
  });
});

Deno.test("a file without vectors takes any model of 384 dimensions", async () => {
  await withFolder((folder) => {
    const store = openStore({ path: join(folder, "farchat.db") });
    assert.equal(store.embedder(), undefined);
    store.checkEmbedder(EMBEDDER);
    assert.throws(() => store.chunks.stage([{ hash: "h", vector: vectorTo(0) }]), Problem);
    assert.equal(store.chunks.vectorsByHash(["h"]).size, 0);
    store.close();
  });
});

Deno.test("a new version of the chunks keeps the vectors until they are replaced", async () => {
  await withStore((store) => {
    store.documents.replace(newDocument(), [chunked(newSection("15.403", ["Widgets."]), 0)]);
    store.setEmbedder({ ...EMBEDDER, version: 2 });
    assert.equal(store.counts().vectors, 1);
    assert.throws(() => store.checkEmbedder(EMBEDDER), Problem);
  });
});

Deno.test("a copy of the store in use is a store of its own", async () => {
  await withStore((store) => {
    store.documents.replace(newDocument(), [chunked(newSection("15.403", ["Widgets."]), 0)]);
    const path = `${store.path}.copy`;
    store.copyTo(path);
    store.settings.set("later", "yes");
    const copy = openStore({ path });
    assert.equal(copy.chunks.searchWords("widget", 1).length, 1);
    assert.equal(copy.chunks.searchVectors(vectorTo(0), 1)[0].score, 1);
    assert.equal(copy.settings.get("later"), undefined);
    copy.close();
    assert.throws(() => store.copyTo(`${path}/inside/it`), Problem);
  });
});

Deno.test("a file in use is left as it is; one that is not becomes one file without a log", async () => {
  await withStore((store) => {
    assert.equal(foldLog(store.path), false);
    store.settings.set("later", "yes");
    store.close();
    assert.equal(foldLog(store.path), true);
    assert.deepEqual(readdirSync(dirname(store.path)), [basename(store.path)]);
    const again = openStore({ path: store.path });
    assert.equal(again.settings.get("later"), "yes");
    assert.deepEqual(again.integrity(), []);
    again.optimize();
    again.close();
  });
});

Deno.test("a damaged index is found by the check of the whole file", async () => {
  await withStore((store) => {
    store.documents.replace(newDocument(), manySections(200, 3));
    store.close();
    const bytes = Deno.readFileSync(store.path);
    // A cell of some leaf far from the schema.
    bytes.fill(0x5a, 300_000, 300_400);
    Deno.writeFileSync(store.path, bytes);
    const damaged = openStore({ path: store.path });
    let findings: unknown[];
    try {
      findings = damaged.integrity();
    } catch (error) {
      findings = [error];
    } finally {
      damaged.close();
    }
    assert.ok(findings.length > 0);
  });
});
