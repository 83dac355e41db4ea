import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Problem } from "../problem.ts";
import { APPLICATION_ID, Database } from "./database.ts";
import { isBusy } from "./errors.ts";
import { withFolder } from "./test_store.ts";

async function withDatabase(test: (db: Database, other: Database) => void): Promise<void> {
  await withFolder((folder) => {
    const path = join(folder, "test.db");
    const db = new Database({ path, busyTimeoutMs: 30 });
    const other = new Database({ path, busyTimeoutMs: 30 });
    try {
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      db.exec("CREATE TABLE things (name TEXT PRIMARY KEY) STRICT");
      test(db, other);
    } finally {
      db.close();
      other.close();
    }
  });
}

const names = (db: Database) => db.all("SELECT name FROM things ORDER BY name").map((r) => r.name);

Deno.test("the file is in WAL mode, with foreign keys checked and deleted rows overwritten", async () => {
  await withDatabase((db) => {
    assert.equal(db.get("PRAGMA journal_mode")?.journal_mode, "wal");
    assert.equal(db.pragma("foreign_keys"), 1);
    assert.equal(db.pragma("synchronous"), 1);
    assert.equal(db.pragma("busy_timeout"), 30);
    assert.equal(db.pragma("secure_delete"), 1);
    assert.equal(db.name, "test.db");
  });
});

Deno.test("a transaction is stored whole or not at all, and a part that fails takes back itself alone", async () => {
  await withDatabase((db, other) => {
    const add = (name: string) => db.run("INSERT INTO things (name) VALUES (?)", name);
    assert.throws(() =>
      db.transaction(() => {
        add("a");
        throw new Error("stop");
      }), /stop/);
    assert.deepEqual(names(db), []);
    const result = db.transaction(() => {
      add("b");
      assert.throws(() =>
        db.transaction(() => {
          add("c");
          add("b");
        }), Problem);
      db.transaction(() => add("d"));
      assert.deepEqual(names(other), []);
      return 7;
    });
    assert.equal(result, 7);
    assert.deepEqual(names(other), ["b", "d"]);
  });
});

Deno.test("work that goes on after it returned is refused, and taken back", async () => {
  await withDatabase((db) => {
    assert.throws(() =>
      db.transaction(() => {
        db.run("INSERT INTO things (name) VALUES ('a')");
        return Promise.resolve();
      }), TypeError);
    assert.deepEqual(names(db), []);
  });
});

Deno.test("another writer is waited for and then reported as a Problem to try again", async () => {
  await withDatabase((db, other) => {
    db.transaction(() => {
      assert.throws(
        () => other.run("INSERT INTO things (name) VALUES ('late')"),
        (error) => isBusy(error) && error instanceof Problem && error.status === 503,
      );
      assert.throws(() => other.transaction(() => {}), isBusy);
      assert.equal(other.checkpoint(), false);
      // Reading goes on.
      assert.deepEqual(names(other), []);
    });
    other.transaction(() => {});
    assert.equal(other.checkpoint(), true);
  });
});

Deno.test("a shorter wait holds for its work alone, also when that fails", async () => {
  await withDatabase((db) => {
    assert.equal(db.withBusyTimeout(5, () => db.pragma("busy_timeout")), 5);
    assert.throws(() =>
      db.withBusyTimeout(5, () => {
        throw new Error("stop");
      }), /stop/);
    assert.equal(db.pragma("busy_timeout"), 30);
  });
});

Deno.test("what SQLite says is for the log alone, and a mistake of ours stays what it is", async () => {
  await withDatabase((db) => {
    for (
      const sql of [
        "SELECT nothing FROM nowhere",
        "INSERT INTO things VALUES (NULL, 2)",
        "PRAGMA (",
      ]
    ) {
      assert.throws(() => db.run(sql), (error) => {
        assert.ok(error instanceof Problem);
        assert.doesNotMatch(error.message + error.next, /nothing|nowhere|things|syntax|SQL/);
        assert.match(String((error.cause as Error).message), /no such|has 1 column|syntax/);
        return true;
      });
    }
    assert.throws(() => db.run("INSERT INTO things (name) VALUES (?)", {} as string), (error) => {
      return error instanceof Error;
    });
  });
});

Deno.test("SQL can't load extensions", async () => {
  await withDatabase((db) => {
    assert.throws(() => db.get("SELECT load_extension('/tmp/evil')"), Problem);
    assert.match(String(db.get("SELECT vec_version() AS v")?.v), /^v0\./);
  });
});

Deno.test("a copy is whole while another connection writes, and holds what is only in the log", async () => {
  await withDatabase((db, other) => {
    db.run("INSERT INTO things (name) VALUES ('kept')");
    const path = db.path + ".copy";
    other.transaction(() => {
      other.run("INSERT INTO things (name) VALUES ('unfinished')");
      db.copyTo(path);
    });
    const copy = new DatabaseSync(path);
    assert.deepEqual({
      ...copy.prepare("SELECT group_concat(name) AS all_names FROM things").get(),
    }, {
      all_names: "kept",
    });
    copy.close();
    assert.throws(() => db.copyTo(join(path, "inside", "copy")));
  });
});

Deno.test("a copy is whole while another process makes the file larger all the time", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "test.db");
    const db = new Database({ path });
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    db.exec("CREATE TABLE things (name TEXT) STRICT");
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        `import { DatabaseSync } from "node:sqlite";
         const db = new DatabaseSync(Deno.args[0], { timeout: 60_000 });
         const add = db.prepare("INSERT INTO things (name) VALUES (?)");
         for (let i = 0;; i++) { add.run("x".repeat(3000)); if (i === 100) console.log("writing"); }`,
        path,
      ],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    try {
      const reader = child.stdout.getReader();
      await reader.read();
      for (let i = 0; i < 10; i++) {
        db.copyTo(`${path}.${i}`);
        const copy = new DatabaseSync(`${path}.${i}`);
        assert.deepEqual({ ...copy.prepare("PRAGMA integrity_check").get() }, {
          integrity_check: "ok",
        });
        assert.ok(Number(copy.prepare("SELECT count(*) AS n FROM things").get()?.n) > 100);
        copy.close();
      }
      await reader.cancel();
    } finally {
      child.kill("SIGKILL");
      await child.status;
      db.close();
    }
  });
});

Deno.test("opening the file a second time does not drop the first connection's locks", async () => {
  await withDatabase((db) => {
    // A third connection of this process comes and goes; another process must still find the file in use.
    new Database({ path: db.path }).close();
    const { success, stdout } = new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        `import { DatabaseSync } from "node:sqlite";
         const db = new DatabaseSync(Deno.args[0]);
         db.exec("PRAGMA locking_mode = EXCLUSIVE");
         try { db.exec("CREATE TABLE taken (x)"); console.log("took it"); }
         catch (error) { console.log(error.message); }`,
        db.path,
      ],
      stderr: "null",
    }).outputSync();
    assert.equal(success, true);
    assert.match(new TextDecoder().decode(stdout), /locked/);
    db.run("INSERT INTO things (name) VALUES ('still')");
  });
});
