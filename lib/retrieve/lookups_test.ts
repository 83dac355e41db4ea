import assert from "node:assert/strict";
import { Catalog } from "./catalog.ts";
import { lookUpCitations } from "./lookups.ts";
import { withStarter } from "./test_starter.ts";

Deno.test("every section is found by its own number in five notations", () =>
  withStarter((store) => {
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
  }));
