/** Starts that can't be: each ends with what is wrong and what to do, and changes nothing. */
import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "../support/client.ts";
import { miniCorpus } from "../support/mini_corpus.ts";
import { runCommand, startFarchat } from "../support/running_farchat.ts";
import { canHaveSmallDisk, onSmallDisk } from "./small_disk.ts";

const possible = await canHaveSmallDisk();
if (!possible) console.log("no small disk on this machine: the read-only disk is left out");

async function withData(test: (data: string, folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "farchat-start-" });
  try {
    const data = join(folder, "data");
    cpSync(await miniCorpus(), data, { recursive: true });
    await test(data, folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Words for people, and no trace of the inside. */
function clear(err: string, pattern: RegExp): void {
  assert.match(err, pattern);
  assert.doesNotMatch(err, /\bat .*\.ts:\d+|SQLITE_|errno|uncaught/i);
}

const DAMAGES: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  "cut short": (bytes) => bytes.subarray(0, bytes.length / 2),
  "overwritten at its beginning": (bytes) => bytes.fill(0x5a, 0, 4096),
  "overwritten behind its header": (bytes) => bytes.fill(0x5a, 100, 60_000),
  "overwritten with zeros": (bytes) => bytes.fill(0),
};

Deno.test("a server whose database is damaged says so and offers restore, which brings it back", async () => {
  await withData(async (data, folder) => {
    const backup = join(folder, "backup.tar.gz");
    assert.equal((await runCommand(["backup", "--to", backup, "--data", data])).code, 0);
    const path = join(data, "farchat.db");
    const whole = readFileSync(path);
    for (const [name, damage] of Object.entries(DAMAGES)) {
      const damaged = damage(whole.slice());
      writeFileSync(path, damaged);
      const { code, err } = await runCommand(["serve", "--port", "0", "--data", data]);
      assert.equal(code, 1, name);
      clear(err, /damaged|not a database/);
      assert.match(err, /farchat restore FILE/, name);
      assert.deepEqual(new Uint8Array(readFileSync(path)), new Uint8Array(damaged), name);
    }
    const restored = await runCommand(["restore", backup, "--data", data]);
    assert.equal(restored.code, 0, restored.err);
    await using farchat = await startFarchat({ data });
    const answer = await new Client(farchat.url).ask("When do I need cost or pricing data?");
    assert.ok(answer.citations.length > 0);
    const kept = readdirSync(data).find((name) => name.startsWith("before-restore-"));
    assert.ok(existsSync(join(data, kept!, "farchat.db")), "the damaged file is kept");
  });
});

Deno.test({
  name: "a data folder on a disk that is read-only is told",
  ignore: !possible,
  async fn() {
    await withData(async (data, folder) => {
      const disk = join(folder, "disk");
      Deno.mkdirSync(disk);
      const before = `cp -r '${data}/.' "$1"; mount -o remount,ro "$1"`;
      const wrap = (command: string[]) => onSmallDisk(disk, 80, command, before);
      await assert.rejects(
        async () => {
          await using farchat = await startFarchat({ data: disk, wrap });
          await farchat.stop();
        },
        (error: Error) => {
          clear(error.message, /a data folder that can be written, found one that can't/);
          assert.match(error.message, /--data|write access/);
          return true;
        },
      );
    });
  },
});
