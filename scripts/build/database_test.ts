import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { EMBEDDER, manySections, newDocument, withFolder } from "../../lib/store/test_store.ts";
import { openStore, type Store } from "../../lib/store/mod.ts";
import { prepareDatabase } from "./database.ts";

const QUESTION = "May our zebra-striped proposal stay confidential?";

/** A database in use, with what the work puts into it, and a folder for the prepared one. */
function withOriginal(
  fill: (store: Store) => void,
  work: (original: string, folder: string) => void,
): Promise<void> {
  return withFolder((root) => {
    const [data, folder] = ["data", "made"].map((name) => join(root, name));
    Deno.mkdirSync(folder);
    const store = openStore({ path: join(data, "farchat.db") });
    try {
      store.setEmbedder(EMBEDDER);
      fill(store);
      work(store.path, folder);
    } finally {
      store.close();
    }
  });
}

Deno.test("the regulation is handed out; conversations and settings are not, in no byte of the file", () =>
  withOriginal((store) => {
    store.documents.replace(newDocument(), manySections(3, 2));
    store.conversations.create("somebody's browser", QUESTION);
    store.settings.set("site_notice", "secret-of-the-house");
  }, (original, folder) => {
    const { path, sections } = prepareDatabase(folder, original);
    assert.equal(sections, 3);
    const bytes = Buffer.from(Deno.readFileSync(path));
    for (const own of [QUESTION, "somebody's browser", "secret-of-the-house"]) {
      assert.ok(!bytes.includes(own), own);
    }
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["farchat.db"]);
    const store = openStore({ path });
    assert.equal(store.counts().sections.far, 3);
    assert.ok(store.counts().entries.questions > 10_000, "what ships is in it as well");
    store.close();
    const kept = openStore({ path: original });
    assert.equal(
      kept.settings.get("site_notice"),
      "secret-of-the-house",
      "the original is as it was",
    );
    assert.equal(kept.conversations.list("somebody's browser").length, 1);
    kept.close();
  }));

Deno.test("a database without the regulation, and a file that is not there, are refused", () =>
  withOriginal(() => {}, (original, folder) => {
    assert.throws(() => prepareDatabase(folder, original), /expected a database with the FAR/);
    assert.throws(() => prepareDatabase(folder, join(folder, "none.db")), /found no file/);
  }));

Deno.test("without one it is what ships with FARchat alone", () =>
  withFolder((folder) => {
    const { path, sections } = prepareDatabase(folder);
    assert.equal(sections, 0);
    const store = openStore({ path });
    assert.ok(store.counts().entries.briefs > 4_000);
    store.close();
  }));
