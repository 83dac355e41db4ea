import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Problem } from "../problem.ts";
import { Database } from "./database.ts";
import { migrate, type Migration } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/mod.ts";
import { openStore } from "./store.ts";
import { chunked, EMBEDDER, newDocument, newSection, vectorTo, withFolder } from "./test_store.ts";

/** A later step made up for these tests. */
const LABELS: Migration = {
  version: MIGRATIONS.length + 1,
  name: "labels",
  up(db) {
    db.exec("ALTER TABLE documents ADD COLUMN label TEXT NOT NULL DEFAULT ''");
    db.run("UPDATE documents SET label = name || '!'");
  },
};
const FAILING: Migration = {
  version: LABELS.version + 1,
  name: "fail half way",
  up(db) {
    db.exec("ALTER TABLE documents ADD COLUMN half TEXT");
    db.run("DELETE FROM documents");
    db.run("INSERT INTO no_such_table VALUES (1)");
  },
};

function makeFile(folder: string): string {
  const path = join(folder, "farchat.db");
  const store = openStore({ path });
  store.setEmbedder(EMBEDDER);
  store.documents.replace(newDocument(), [chunked(newSection("15.403", ["Widgets."]), 0)]);
  store.close();
  return path;
}

/** Opens the file with these steps known, and closes it after `test`. */
function migrated(path: string, migrations: Migration[], test: (db: Database) => void) {
  const db = new Database({ path });
  try {
    migrate(db, migrations);
    test(db);
  } finally {
    db.close();
  }
}

const copies = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(".bak"));

Deno.test("the migrations are numbered without gaps", () => {
  assert.deepEqual(MIGRATIONS.map(({ version }) => version), MIGRATIONS.map((_, i) => i + 1));
});

Deno.test("a new file gets the newest schema and no copy; opening it again changes nothing", async () => {
  await withFolder((folder) => {
    const path = makeFile(folder);
    assert.deepEqual(copies(folder), []);
    migrated(path, [...MIGRATIONS], (db) => {
      assert.equal(db.pragma("user_version"), MIGRATIONS.length);
    });
    assert.deepEqual(copies(folder), []);
  });
});

Deno.test("an older file is copied before it is updated, and the copy is a whole, older database", async () => {
  await withFolder((folder) => {
    const path = makeFile(folder);
    // Somebody has it open: what is only in the write-ahead log must be in the copy too.
    const other = openStore({ path });
    other.settings.set("late", "yes");
    migrated(path, [...MIGRATIONS, LABELS], (db) => {
      assert.equal(db.get("SELECT label FROM documents")?.label, "widgets.xml!");
      assert.equal(db.pragma("user_version"), LABELS.version);
    });
    other.close();
    const copy = `farchat.db.before-v${LABELS.version}.bak`;
    assert.deepEqual(copies(folder), [copy]);
    assert.deepEqual(readdirSync(folder).filter((name) => name.includes("tmp")), []);

    const old = openStore({ path: join(folder, copy) });
    assert.equal(old.settings.get("late"), "yes");
    assert.equal(old.chunks.searchWords("widget", 1).length, 1);
    assert.equal(old.chunks.searchVectors(vectorTo(0), 1)[0].score, 1);
    assert.deepEqual(old.embedder(), EMBEDDER);
    old.close();
  });
});

Deno.test("a step that fails leaves the file at the step before, working, and says so without SQL", async () => {
  await withFolder((folder) => {
    const path = makeFile(folder);
    assert.throws(() => migrated(path, [...MIGRATIONS, LABELS, FAILING], () => {}), (error) => {
      assert.ok(error instanceof Problem);
      assert.match(error.message, /version 2 to 3 \(fail half way\)/);
      assert.match(error.next, /farchat\.db\.before-v3\.bak/);
      assert.doesNotMatch(error.message + error.next, /no_such_table|INSERT|\//);
      return true;
    });
    assert.equal(existsSync(join(folder, "farchat.db.before-v3.bak")), true);
    migrated(path, [...MIGRATIONS, LABELS], (db) => {
      assert.equal(db.pragma("user_version"), LABELS.version);
      assert.equal(db.get("SELECT label FROM documents")?.label, "widgets.xml!");
      assert.throws(() => db.get("SELECT half FROM documents"), Problem);
    });
  });
});

Deno.test("the older program still works with a file whose only update failed", async () => {
  await withFolder((folder) => {
    const path = makeFile(folder);
    const failing = { ...FAILING, version: MIGRATIONS.length + 1 };
    // Twice: the copy of the first attempt is in the way of nothing.
    for (let i = 0; i < 2; i++) {
      assert.throws(() => migrated(path, [...MIGRATIONS, failing], () => {}), Problem);
    }
    const store = openStore({ path });
    assert.equal(store.counts().documents, 1);
    assert.equal(store.chunks.searchWords("widget", 1).length, 1);
    store.close();
  });
});

Deno.test("nothing is changed when the copy can't be written", async () => {
  await withFolder((folder) => {
    const path = makeFile(folder);
    // A folder of the copy's name is in its place.
    const copy = join(folder, `farchat.db.before-v${LABELS.version}.bak`);
    Deno.mkdirSync(join(copy, "inside"), { recursive: true });
    assert.throws(() => migrated(path, [...MIGRATIONS, LABELS], () => {}), (error) => {
      assert.ok(error instanceof Problem);
      assert.match(error.message, /copy.*nothing was changed/);
      return true;
    });
    assert.deepEqual(readdirSync(folder).filter((name) => name.includes("tmp")), []);
    migrated(path, [...MIGRATIONS], (db) => {
      assert.equal(db.pragma("user_version"), MIGRATIONS.length);
    });
  });
});

Deno.test("a newer file is refused, with both versions and what to do, and stays as it is", async () => {
  await withFolder((folder) => {
    const path = makeFile(folder);
    migrated(path, [...MIGRATIONS, LABELS], () => {});
    const before = Deno.readFileSync(path);
    assert.throws(() => openStore({ path }), (error) => {
      assert.ok(error instanceof Problem);
      assert.match(
        error.message,
        new RegExp(`version ${LABELS.version}.* ${MIGRATIONS.length}\\.`),
      );
      assert.match(error.next, /newer FARchat.*before-v2\.bak/);
      assert.ok(!(error.message + error.next).includes(folder));
      return true;
    });
    assert.deepEqual(Deno.readFileSync(path), before);
  });
});

Deno.test("another program's database is refused and not touched", async () => {
  await withFolder((folder) => {
    const path = join(folder, "recipes.db");
    const foreign = new DatabaseSync(path);
    foreign.exec("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')");
    foreign.close();
    const before = Deno.readFileSync(path);
    assert.throws(() => openStore({ path }), (error) => {
      return error instanceof Problem && /FARchat database was expected/.test(error.message);
    });
    assert.deepEqual(Deno.readFileSync(path), before);
    assert.deepEqual(readdirSync(folder), ["recipes.db"]);
  });
});

Deno.test("a database that another program has open is refused too", async () => {
  await withFolder((folder) => {
    const path = join(folder, "recipes.db");
    const foreign = new DatabaseSync(path);
    foreign.exec("PRAGMA journal_mode = WAL; CREATE TABLE recipes (name TEXT)");
    assert.throws(() => openStore({ path }), (error) => {
      return error instanceof Problem && /FARchat database was expected/.test(error.message);
    });
    foreign.exec("INSERT INTO recipes VALUES ('soup')");
    foreign.close();
  });
});
