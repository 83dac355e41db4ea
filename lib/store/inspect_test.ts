import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inspectDatabase } from "./inspect.ts";
import { openStore } from "./store.ts";

async function inFolder(work: (path: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    work(join(folder, "farchat.db"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a look makes no file where there is none", () =>
  inFolder((path) => {
    assert.equal(inspectDatabase(path), undefined);
    assert.equal(existsSync(path), false);
  }));

Deno.test("it tells schema, embedder and settings, while another connection has the file open", () =>
  inFolder((path) => {
    const store = openStore({ path });
    try {
      store.setEmbedder({ name: "m", dimensions: 384, version: 1 });
      store.settings.set("CLAUDE_MODEL", "x");
      const found = inspectDatabase(path)!;
      assert.equal(found.schemaVersion, found.newestVersion);
      assert.deepEqual(found.damage, []);
      assert.deepEqual(found.embedder, { name: "m", dimensions: 384, version: 1 });
      assert.deepEqual(found.settings, { CLAUDE_MODEL: "x" });
      assert.ok(found.bytes > 0);
    } finally {
      store.close();
    }
  }));

Deno.test("a file of another schema is told and left at its schema", () =>
  inFolder((path) => {
    openStore({ path }).close();
    for (const version of [999, 0]) {
      const db = new DatabaseSync(path);
      db.exec(`PRAGMA user_version = ${version}`);
      db.close();
      const found = inspectDatabase(path)!;
      assert.equal(found.schemaVersion, version);
      assert.deepEqual(found.settings, {});
      const again = new DatabaseSync(path);
      assert.equal(again.prepare("PRAGMA user_version").get()!.user_version, version);
      again.close();
    }
  }));
