/** On a small disk: `deno run disk_full_child.ts FOLDER`. Fills it by writing, and prints what happened as JSON. */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backUp } from "../../lib/ops/backup/mod.ts";
import { Problem } from "../../lib/problem.ts";
import { openStore, type Store } from "../../lib/store/mod.ts";
import { EMBEDDER, manySections, newDocument } from "../../lib/store/test_store.ts";

const [disk] = Deno.args;
const ballast = join(disk, "ballast");
writeFileSync(ballast, new Uint8Array(1_000_000));
const path = join(disk, "farchat.db");
const store = openStore({ path });
store.setEmbedder(EMBEDDER);

const problemOf = (error: unknown) =>
  error instanceof Problem
    ? { status: error.status, message: error.message, next: error.next }
    : { status: 0, message: String(error), next: "" };
const state = (store: Store) => {
  const { documents, sections, chunks, vectors } = store.counts();
  const found = store.chunks.searchWords("widgets", 100_000).length;
  return { documents, sections: sections.uploads, chunks, vectors, found };
};

let told = 0;
let full: ReturnType<typeof problemOf> | undefined;
while (!full) {
  try {
    const name = String(told);
    const document = newDocument({ collection: "uploads", name, sha256: name });
    store.documents.replace(document, manySections(20, 4, "uploads"));
    told++;
  } catch (error) {
    full = problemOf(error);
  }
}
const atFull = state(store);

let backup: ReturnType<typeof problemOf> | undefined;
try {
  await backUp({ store, data: disk, to: join(disk, "backups", "b.tar.gz") });
} catch (error) {
  backup = problemOf(error);
}
const left = readdirSync(join(disk, "backups"));

rmSync(ballast);
store.settings.set("after", "there is room again");
store.close();
const again = openStore({ path });
const after = {
  setting: again.settings.get("after"),
  integrity: again.integrity(),
  ...state(again),
};
again.close();
console.log(JSON.stringify({ told, full, atFull, backup, left, after }));
