/** A process that writes to a store until it is killed: `deno run writer_child.ts FILE ROUND`. Says what is stored. */
import { openStore } from "../../lib/store/mod.ts";
import { EMBEDDER, manySections, newDocument } from "../../lib/store/test_store.ts";

const [path, round] = Deno.args;
const encoder = new TextEncoder();
/** Said when, and only when, it is stored. */
const stored = (word: string) => Deno.stdout.writeSync(encoder.encode(word + "\n"));

const store = openStore({ path });
store.setEmbedder(EMBEDDER);
for (let i = 0;; i++) {
  const name = `${round}-${i}`;
  store.settings.set(name, "stored");
  stored(`setting ${name}`);
  stored(`conversation ${store.conversations.create("browser", `Question ${name}?`)}`);
  const uploads = store.documents.list("uploads");
  // Replacing is writing too; a few dozen documents are enough.
  const replaces = uploads.length > 20 ? [uploads[0].id] : [];
  store.documents.replace(
    newDocument({ collection: "uploads", name, sha256: name }),
    manySections(3, 4, "uploads"),
    { replaces },
  );
  stored(`document ${name} ${replaces.length > 0 ? uploads[0].sha256 : ""}`);
}
