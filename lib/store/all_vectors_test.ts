import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { getLoadablePath } from "sqlite-vec";
import { manySections, newDocument, vectorTo, withStore } from "./test_store.ts";
import { toInt8 } from "./vectors.ts";

/** What sqlite-vec itself says is in the table. */
function asked(path: string, table: string): Map<number, Uint8Array> {
  const db = new DatabaseSync(path, { allowExtension: true });
  db.loadExtension(getLoadablePath());
  const rows = db.prepare(`SELECT id, embedding FROM ${table}`).all();
  db.close();
  return new Map(rows.map((row) => [Number(row.id), (row.embedding as Uint8Array).slice()]));
}

const bytes = (vector: Float32Array | Int8Array) =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength).slice();

Deno.test("all vectors are just those that sqlite-vec has, also after removals and more than one block", async () => {
  await withStore((store) => {
    const check = (count: number) => {
      const read = store.chunks.allVectors();
      assert.equal(read.length, count);
      assert.deepEqual(
        new Map(read.map(({ id, vector }) => [id, bytes(vector)])),
        asked(store.path, "chunk_vectors"),
      );
    };
    check(0);
    const ids = ["a", "b", "c"].map((sha256, i) =>
      store.documents.replace(newDocument({ sha256 }), manySections(100 + i, 8)).id
    );
    check(2424);
    store.documents.remove(ids[1]);
    check(1616);
    store.documents.replace(newDocument({ sha256: "d" }), manySections(7, 3), {
      replaces: [ids[0]],
    });
    check(837);
  });
});

Deno.test("so are all vectors of entries", async () => {
  await withStore((store) => {
    store.entries.replaceAll(
      "1",
      Array.from({ length: 1500 }, (_, i) => ({
        kind: i % 7 === 0 ? "brief" as const : "question" as const,
        collection: i % 3 === 0 ? "dfars" as const : "far" as const,
        number: `15.${100 + i}`,
        text: `Question ${i}?`,
        ...(i % 5 !== 0 && { vector: toInt8(vectorTo(i % 300, 0.3)) }),
      })),
    );
    const read = store.entries.allVectors();
    assert.equal(read.length, 1200);
    assert.deepEqual(
      new Map(read.map(({ id, vector }) => [id, bytes(vector)])),
      asked(store.path, "entry_vectors"),
    );
  });
});
