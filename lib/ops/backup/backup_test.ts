import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../../problem.ts";
import { openStore } from "../../store/mod.ts";
import { manySections, newDocument, withFolder } from "../../store/test_store.ts";
import { backUp, backupName } from "./backup.ts";
import { entriesOf, makeBackup, makeData } from "./test_backup.ts";
import { verifyBackup } from "./verify.ts";

Deno.test("a backup is one file for this user alone, and says what is in it", async () => {
  await withFolder(async (folder) => {
    const data = makeData(folder);
    const { file, bytes, manifest } = await makeBackup(join(folder, "backups"), data);
    assert.deepEqual(readdirSync(join(folder, "backups")), ["backup.tar.gz"]);
    const { mode, size } = statSync(file);
    assert.equal(mode & 0o777, 0o600);
    assert.equal(size, bytes);
    assert.equal(manifest.created, "2026-01-31T02:30:00.000Z");
    assert.deepEqual(manifest.counts.sections, { far: 41, dfars: 0, uploads: 0 });
    const names = ["farchat.db", "originals/deeper/memo.txt", "originals/report.pdf"];
    assert.deepEqual(manifest.files.map(({ name }) => name), names);
    const entries = entriesOf(file);
    assert.deepEqual(entries.map(({ name }) => name), ["manifest.json", ...names]);
    assert.equal(new TextDecoder().decode(entries[3].bytes), "the report of first");
    assert.deepEqual(await verifyBackup(file), manifest);
  });
});

Deno.test("an ordinary tar unpacks it", async () => {
  await withFolder(async (folder) => {
    const { file } = await makeBackup(folder, makeData(folder));
    const { code, stderr } = await new Deno.Command("tar", {
      args: ["-xzf", file, "-C", folder],
      stderr: "piped",
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const store = openStore({ path: join(folder, "farchat.db") });
    assert.equal(store.settings.get("label"), "first");
    store.close();
    assert.equal(readFileSync(join(folder, "originals/deeper/memo.txt"), "utf8"), "a memo");
  });
});

Deno.test("while another connection writes, a backup holds whole documents of one moment", async () => {
  await withFolder(async (folder) => {
    const data = makeData(folder);
    const writer = openStore({ path: join(data, "farchat.db") });
    let written = 0;
    const timer = setInterval(() => {
      writer.documents.replace(
        newDocument({ collection: "uploads", name: `${written}`, sha256: `${written}` }),
        manySections(3, 2, "uploads"),
      );
      writer.settings.set("written", String(++written));
    });
    try {
      for (let i = 0; i < 5; i++) {
        const { manifest } = await makeBackup(folder, data, `${i}.tar.gz`);
        const { documents, sections, chunks, vectors } = manifest.counts;
        assert.equal(sections.uploads, 3 * (documents - 1));
        assert.equal(chunks, vectors);
      }
    } finally {
      clearInterval(timer);
      writer.close();
    }
    assert.ok(written > 5, `${written} written`);
  });
});

Deno.test("the manifest holds no setting, no question and no name of the machine", async () => {
  await withFolder(async (folder) => {
    const data = makeData(folder);
    const store = openStore({ path: join(data, "farchat.db") });
    store.settings.set("ANTHROPIC_API_KEY", "gAAAAABcanary-of-a-setting");
    store.conversations.create("browser-canary", "question-canary");
    const to = join(folder, "b.tar.gz");
    await backUp({ store, data, to });
    store.close();
    const manifest = new TextDecoder().decode(entriesOf(to)[0].bytes);
    assert.match(manifest, /sha256/);
    assert.doesNotMatch(manifest, /canary|ANTHROPIC|gAAAA/i);
    for (const word of [folder, Deno.hostname()]) assert.ok(!manifest.includes(word), word);
  });
});

Deno.test("another file is never replaced, and links among uploads are left out", async () => {
  await withFolder(async (folder) => {
    const data = makeData(folder);
    symlinkSync("/etc/passwd", join(data, "originals", "link.txt"));
    const { manifest } = await makeBackup(folder, data);
    assert.ok(!JSON.stringify(manifest.files).includes("link.txt"));
    const before = readFileSync(join(folder, "backup.tar.gz"));
    await assert.rejects(makeBackup(folder, data), Problem);
    assert.deepEqual(readFileSync(join(folder, "backup.tar.gz")), before);
    assert.deepEqual(readdirSync(folder).toSorted(), ["backup.tar.gz", "data"]);
  });
});

Deno.test("a damaged database makes no backup that says it is good", async () => {
  await withFolder(async (folder) => {
    const data = makeData(folder);
    const path = join(data, "farchat.db");
    const bytes = Deno.readFileSync(path);
    bytes.fill(0x5a, 180_000, 200_000);
    Deno.writeFileSync(path, bytes);
    await assert.rejects(
      makeBackup(join(folder, "backups"), data),
      (error) => error instanceof Problem && /damaged|could not/.test(error.message),
    );
    assert.deepEqual(readdirSync(join(folder, "backups")), []);
  });
});

Deno.test("names sort by time", () => {
  assert.equal(backupName(new Date("2026-01-31T02:30:05.999Z")), "farchat-20260131T023005Z.tar.gz");
});
