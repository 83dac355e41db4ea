import assert from "node:assert/strict";
import { join } from "node:path";
import { placePreparedDatabase, withPreparedDatabase } from "./prepared_database.ts";
import { noise, withPacked } from "./test_packed.ts";

const FILES = { "farchat.db": noise(5_000_000) };

Deno.test("the database is put where there is none", () =>
  withPacked(FILES, (packed, _, folder) => {
    const path = join(folder, "farchat.db");
    assert.equal(placePreparedDatabase(path, packed), true);
    assert.deepEqual(Deno.readFileSync(path), FILES["farchat.db"]);
    assert.ok(![...Deno.readDirSync(folder)].some(({ name }) => name.endsWith(".unpacking")));
  }));

Deno.test("a database that is there is never touched", () =>
  withPacked(FILES, (packed, _, folder) => {
    const path = join(folder, "farchat.db");
    Deno.writeTextFileSync(path, "mine");
    assert.equal(placePreparedDatabase(path, packed), false);
    assert.equal(Deno.readTextFileSync(path), "mine");
  }));

Deno.test("what a killed start left behind is removed in time, and taken for no database", () =>
  withPacked(FILES, (packed, _, folder) => {
    const path = join(folder, "farchat.db");
    const [old, young] = ["00000000", "11111111"].map((id) => `${path}.${id}.unpacking`);
    for (const left of [old, young]) Deno.writeTextFileSync(left, "half");
    const before = new Date(Date.now() - 3_600_000);
    Deno.utimeSync(old, before, before);
    assert.equal(placePreparedDatabase(path, packed), true);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert.ok(!names.includes("farchat.db.00000000.unpacking"));
    assert.ok(names.includes("farchat.db.11111111.unpacking"), "another start may be at it");
  }));

Deno.test("a data folder that can't be written is told with what to do", () =>
  withPacked(FILES, (packed, _, folder) => {
    assert.throws(() => placePreparedDatabase(join(folder, "none", "farchat.db"), packed), {
      name: "Problem",
      message: /5 MB.*could not be put into the data folder/,
    });
  }));

Deno.test("an executable without a database, and the sources, put none", () =>
  withPacked(FILES, (packed, _, folder) => {
    const path = join(folder, "farchat.db");
    delete packed.manifest.groups.database;
    assert.equal(placePreparedDatabase(path, packed), false);
    assert.equal(placePreparedDatabase(path), false);
  }));

Deno.test("what the executable brings can be read beside a database that is there, and is gone afterwards", () =>
  withPacked(FILES, (packed, _, folder) => {
    Deno.writeTextFileSync(join(folder, "farchat.db"), "mine");
    const before = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    const read = withPreparedDatabase(folder, (path) => Deno.readFileSync(path), packed);
    assert.deepEqual(read, FILES["farchat.db"]);
    assert.throws(
      () =>
        withPreparedDatabase(folder, () => {
          throw new Error("while reading");
        }, packed),
      /while reading/,
    );
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), before);
    assert.equal(withPreparedDatabase(folder, () => 1, undefined), undefined);
  }));
