/** kill -9 in the middle of a restore: the old data are there, or the restored ones, and a second restore works. */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { restoreBackup } from "../../lib/ops/backup/mod.ts";
import { makeBackup, makeData, settingOf } from "../../lib/ops/backup/test_backup.ts";
import { openStore } from "../../lib/store/mod.ts";
import { repositoryPath } from "../support/shared.ts";
import { inStore } from "../support/stored.ts";

Deno.test("a restore killed at any moment leaves the old database or the restored one, whole", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "farchat-restore-" });
  try {
    const from = makeData(folder, "in the backup");
    const { file } = await makeBackup(folder, from);
    const old = join(folder, "old.db");
    const store = openStore({ path: join(from, "farchat.db") });
    store.settings.set("label", "old");
    store.copyTo(old);
    store.close();
    const found: (string | undefined)[] = [];
    for (const delay of [0, 20, 40, 60, 80, 100, 120, 140, 160, 200, 300, 1000, 5000]) {
      const data = join(folder, `data-${delay}`);
      mkdirSync(data);
      copyFileSync(old, join(data, "farchat.db"));
      await killedRestore(file, data, delay);
      assert.deepEqual(inStore(data, (store) => store.integrity()), [], `${delay} ms`);
      found.push(settingOf(data, "label"));
      await restoreBackup({ file, data });
      assert.equal(settingOf(data, "label"), "in the backup");
    }
    assert.equal(found[0], "old");
    assert.equal(found.at(-1), "in the backup");
    assert.deepEqual(new Set(found), new Set(["old", "in the backup"]));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

/** Kills it `ms` after it began, unless it has ended by then. */
async function killedRestore(file: string, data: string, ms: number): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--quiet", "-A", repositoryPath("tests/faults/restore_child.ts")]
      .concat(file, data),
    stdout: "piped",
  }).spawn();
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const _ of child.stdout) timer ??= setTimeout(() => kill(child), ms);
  clearTimeout(timer);
  await child.status;
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
}
