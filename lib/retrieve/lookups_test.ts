import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../store/mod.ts";
import { Catalog } from "./catalog.ts";
import { lookUpCitations } from "./lookups.ts";
import { seedStarter } from "./starter.ts";

Deno.test("every section is found by its own number in five notations", () => {
  const folder = Deno.makeTempDirSync({ prefix: "farchat-lookups-" });
  const store = openStore({ path: join(folder, "farchat.db") });
  try {
    seedStarter(store);
    const catalog = new Catalog(store);
    const missed: string[] = [];
    catalog.sections.forEach(({ collection, number }, place) => {
      const name = collection.toUpperCase();
      for (
        const typed of [
          number,
          `${name} ${number}`,
          `${name.toLowerCase()}${number}`,
          `48 CFR ${number}`,
          `what does ${name} ${number.replace(".", " ")} say?`,
        ]
      ) {
        const [lookup] = lookUpCitations(typed, store, catalog);
        if (lookup?.places[0] !== place) missed.push(typed);
      }
    });
    assert.deepEqual(missed, []);
  } finally {
    store.close();
    rmSync(folder, { recursive: true });
  }
});
