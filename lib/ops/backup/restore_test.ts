import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Problem } from "../../problem.ts";
import { openStore, SCHEMA_VERSION } from "../../store/mod.ts";
import { withFolder } from "../../store/test_store.ts";
import { lockDataFolder } from "../data_lock.ts";
import { restoreBackup } from "./restore.ts";
import {
  entriesOf,
  makeBackup,
  makeData,
  settingOf,
  withManifest,
  writeEntries,
} from "./test_backup.ts";

const NOW = new Date("2026-02-01T10:00:00Z");
const KEPT = "before-restore-20260201T100000Z";

/** A data folder that changed after its backup was made. */
async function withChanged(
  test: (given: { folder: string; data: string; file: string }) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const data = makeData(folder);
    const { file } = await makeBackup(folder, data);
    const store = openStore({ path: join(data, "farchat.db") });
    store.settings.set("label", "changed");
    store.close();
    writeFileSync(join(data, "originals", "report.pdf"), "the changed report");
    writeFileSync(join(data, "originals", "new.pdf"), "a new one");
    await test({ folder, data, file });
  });
}

const upload = (data: string, name: string) => readFileSync(join(data, "originals", name), "utf8");

/** Nothing of the data folder changed. */
function unchanged(data: string): void {
  assert.equal(settingOf(data, "label"), "changed");
  assert.equal(upload(data, "report.pdf"), "the changed report");
  assert.equal(upload(data, "new.pdf"), "a new one");
  const left = readdirSync(data).filter((name) => !name.startsWith("farchat."));
  assert.deepEqual(left, ["originals"]);
}

Deno.test("a restore brings back what the backup holds and keeps what was there", async () => {
  await withChanged(async ({ data, file }) => {
    const { kept, manifest, counts } = await restoreBackup({ file, data, now: NOW });
    assert.equal(settingOf(data, "label"), "first");
    assert.equal(upload(data, "report.pdf"), "the report of first");
    assert.ok(!existsSync(join(data, "originals", "new.pdf")));
    assert.equal(kept, join(data, KEPT));
    assert.deepEqual(counts, manifest!.counts);
    assert.equal(settingOf(kept!, "label"), "changed");
    assert.equal(upload(kept!, "report.pdf"), "the changed report");
    assert.equal(upload(kept!, "new.pdf"), "a new one");
    assert.deepEqual(
      readdirSync(data).filter((name) => !name.startsWith("farchat.")).toSorted(),
      [KEPT, "originals"],
    );
  });
});

Deno.test("a restore into an empty folder, as on a new machine, keeps nothing aside", async () => {
  await withChanged(async ({ folder, file }) => {
    const data = join(folder, "new", "machine");
    const { kept } = await restoreBackup({ file, data });
    assert.equal(kept, undefined);
    assert.equal(settingOf(data, "label"), "first");
    assert.equal(upload(data, "deeper/memo.txt"), "a memo");
  });
});

Deno.test("while a server has the folder, or another command the database, nothing is restored", async () => {
  await withChanged(async ({ data, file }) => {
    const lock = await lockDataFolder(data);
    await assert.rejects(restoreBackup({ file, data }), /Another FARchat is serving/);
    lock.release();
    const other = openStore({ path: join(data, "farchat.db") });
    await assert.rejects(restoreBackup({ file, data }), /is using the database/);
    other.settings.set("still", "usable");
    other.close();
    unchanged(data);
    await restoreBackup({ file, data });
    assert.equal(settingOf(data, "label"), "first");
  });
});

Deno.test("a damaged backup changes nothing", async () => {
  await withChanged(async ({ folder, data, file }) => {
    const bad = join(folder, "bad.tar.gz");
    const bytes = readFileSync(file);
    writeFileSync(bad, bytes.subarray(0, bytes.length - 5));
    await assert.rejects(restoreBackup({ file: bad, data }), Problem);
    unchanged(data);
    writeEntries(bad, withManifest(entriesOf(file), (m) => void (m.schema = SCHEMA_VERSION + 1)));
    await assert.rejects(restoreBackup({ file: bad, data }), /schema version/);
    await assert.rejects(restoreBackup({ file: join(folder, "none"), data }), Problem);
    unchanged(data);
  });
});

Deno.test("when the data can't be put in place, the old ones are put back", async () => {
  await withChanged(async ({ data, file }) => {
    // A folder where a file of the backup is to be.
    Deno.removeSync(join(data, "originals", "deeper", "memo.txt"));
    mkdirSync(join(data, "originals", "deeper", "memo.txt", "folder"), { recursive: true });
    await assert.rejects(restoreBackup({ file, data, now: NOW }));
    unchanged(data);
    assert.ok(existsSync(join(data, "originals", "deeper", "memo.txt", "folder")));
  });
});

Deno.test("when the database itself can't be put in place, uploaded files are put back too", async () => {
  await withChanged(async ({ data, file }) => {
    Deno.renameSync(join(data, "farchat.db"), join(data, "farchat.db.saved"));
    mkdirSync(join(data, "farchat.db", "folder"), { recursive: true });
    await assert.rejects(restoreBackup({ file, data, now: NOW }));
    Deno.removeSync(join(data, "farchat.db"), { recursive: true });
    Deno.renameSync(join(data, "farchat.db.saved"), join(data, "farchat.db"));
    unchanged(data);
  });
});

Deno.test("a damaged, a newer and a foreign database in the folder are replaced and kept", async () => {
  const damages: Record<string, (path: string) => void> = {
    damaged: (path) => {
      const bytes = readFileSync(path);
      bytes.fill(0x5a, 4096);
      writeFileSync(path, bytes);
      writeFileSync(path + "-wal", "half a log");
    },
    "cut short": (path) => writeFileSync(path, readFileSync(path).subarray(0, 10_000)),
    foreign: (path) => writeFileSync(path, "A letter."),
    newer: (path) => {
      const db = new DatabaseSync(path);
      db.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
      db.close();
    },
  };
  for (const [name, damage] of Object.entries(damages)) {
    await withChanged(async ({ data, file }) => {
      damage(join(data, "farchat.db"));
      const { kept } = await restoreBackup({ file, data, now: NOW });
      assert.equal(settingOf(data, "label"), "first", name);
      assert.ok(existsSync(join(kept!, "farchat.db")), name);
      assert.equal(existsSync(join(data, "farchat.db-wal")), false, name);
    });
  }
});

Deno.test("changes that a killed server left in its write-ahead log are kept with the old data", async () => {
  await withChanged(async ({ folder, data, file }) => {
    const path = join(data, "farchat.db");
    const store = openStore({ path });
    store.settings.set("last", "word");
    // What a kill leaves: the file and its log, as they are in this moment.
    const left = join(folder, "left");
    mkdirSync(left);
    for (const end of ["", "-wal"]) Deno.copyFileSync(path + end, join(left, "farchat.db" + end));
    store.close();
    const { kept } = await restoreBackup({ file, data: left, now: NOW });
    assert.equal(settingOf(kept!, "last"), "word");
    assert.equal(settingOf(left, "last"), undefined);
  });
});

Deno.test("the copy that an update leaves is restored like a backup", async () => {
  await withChanged(async ({ data }) => {
    const path = join(data, "farchat.db");
    const store = openStore({ path });
    store.settings.set("label", "before the update");
    store.copyTo(`${path}.before-v2.bak`);
    store.settings.set("label", "changed");
    store.close();
    const { manifest, kept } = await restoreBackup({ file: `${path}.before-v2.bak`, data });
    assert.equal(manifest, undefined);
    assert.ok(kept);
    assert.equal(settingOf(data, "label"), "before the update");
    assert.ok(existsSync(`${path}.before-v2.bak`), "the copy stays");
  });
});
