import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../store/mod.ts";
import { withNewStore } from "../store/test_store.ts";
import {
  bankEntries,
  clausePrescriptions,
  seedStarter,
  textsSha256,
  vectorsByText,
} from "./starter.ts";

const BANK = join(import.meta.dirname!, "..", "..", "corpus", "bank");

Deno.test("the vectors that ship belong to the texts that ship", () => {
  const entries = bankEntries();
  const header = JSON.parse(readFileSync(join(BANK, "vectors.json"), "utf8"));
  assert.equal(header.count, entries.length);
  assert.equal(header.textsSha256, textsSha256(entries));
  assert.equal(readFileSync(join(BANK, "vectors.bin")).length, header.count * header.dimensions);
});

Deno.test("an empty store gets outline, questions, briefs and vectors, and nothing the second time", () =>
  withNewStore((store) => {
    const first = seedStarter(store);
    assert.equal(first.changed, true);
    assert.equal(first.vectors, first.entries);
    const { questions, briefs } = store.counts().entries;
    assert.equal(questions + briefs, first.entries);
    assert.ok(questions >= 14_000 && briefs >= 4_600);
    assert.equal(store.outline.get("far", "15.403-1")?.number, "15.403-1");
    assert.match(store.entries.brief("dfars", "252.204-7012")?.text ?? "", /72 hours/);
    assert.equal(seedStarter(store).changed, false);
  }));

Deno.test("vectors of another model are left out, and put in when the model is ours again", () =>
  withNewStore((store) => {
    assert.equal(seedStarter(store, { embedder: "another-model" }).vectors, 0);
    assert.ok(seedStarter(store).vectors > 0);
  }));

Deno.test("where the vectors don't stand beside the texts, they come from the database that was made of them", () =>
  withNewStore((store) => {
    seedStarter(store);
    const folder = Deno.makeTempDirSync({ prefix: "farchat-starter-" });
    try {
      cpSync(join(BANK, ".."), folder, {
        recursive: true,
        filter: (path) => !path.endsWith("vectors.bin"),
      });
      const without = openStore({ path: join(folder, "farchat.db") });
      try {
        assert.throws(() => seedStarter(without, { folder }), /vectors\.bin/);
        const seeded = seedStarter(without, { folder, vectorsOf: () => vectorsByText(store) });
        assert.ok(seeded.vectors > 0 && seeded.vectors === seeded.entries);
        assert.deepEqual(vectorsByText(without), vectorsByText(store));
      } finally {
        without.close();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }));

Deno.test("every section of the bank is in the outline, and every brief has its text's hash", () =>
  withNewStore((store) => {
    seedStarter(store);
    for (const { collection, number, kind, textSha256 } of bankEntries()) {
      assert.ok(store.outline.get(collection, number), `${collection} ${number}`);
      if (kind === "brief") assert.match(textSha256 ?? "", /^[0-9a-f]{64}$/);
    }
  }));

Deno.test("clauses know where they are prescribed before the text is loaded", () => {
  assert.deepEqual(clausePrescriptions()["52.217-8"], ["17.208(f)"]);
});
