/** A disk that is full: said so, nothing half there, readers go on, and writing goes on when there is room again. */
import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "../support/client.ts";
import { miniCorpus } from "../support/mini_corpus.ts";
import { runCommand, startFarchat } from "../support/running_farchat.ts";
import { repositoryPath } from "../support/shared.ts";
import { until } from "../support/until.ts";
import { canHaveSmallDisk, onSmallDisk } from "./small_disk.ts";

const possible = await canHaveSmallDisk();
if (!possible) console.log("no small disk on this machine: its tests are left out");

Deno.test({
  name: "a store on a full disk keeps all that it had, says so, and goes on when there is room",
  ignore: !possible,
  async fn() {
    const disk = Deno.makeTempDirSync({ prefix: "farchat-disk-" });
    try {
      const child = repositoryPath("tests/faults/disk_full_child.ts");
      const deno = [Deno.execPath(), "run", "--quiet", "--no-check", "-A", child, disk];
      const [program, ...args] = onSmallDisk(disk, 6, deno);
      const { success, stdout, stderr } = await new Deno.Command(program, {
        args,
        cwd: repositoryPath(),
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const { told, full, atFull, backup, left, after } = JSON.parse(
        new TextDecoder().decode(stdout),
      );
      assert.ok(told > 2, `${told} documents fit`);
      assert.equal(full.status, 507);
      assert.match(full.message, /disk is full/);
      const whole = {
        documents: told,
        sections: told * 20,
        chunks: told * 80,
        vectors: told * 80,
        found: told * 80,
      };
      assert.deepEqual(atFull, whole);
      assert.equal(backup.status, 507, backup.message);
      assert.match(backup.message + backup.next, /disk/);
      assert.ok(!JSON.stringify([full, backup]).includes(disk));
      assert.deepEqual(left, [], "nothing of the backup stays on the full disk");
      assert.deepEqual(after, { setting: "there is room again", integrity: [], ...whole });
    } finally {
      Deno.removeSync(disk);
    }
  },
});

Deno.test({
  name:
    "a server on a full disk shows its pages, tells who asks, and answers again when there is room",
  ignore: !possible,
  async fn() {
    const outside = Deno.makeTempDirSync({ prefix: "farchat-disk-" });
    // With all that a first start adds, so that the server's write-ahead log begins empty.
    const corpus = join(outside, "corpus");
    cpSync(await miniCorpus(), corpus, { recursive: true });
    await runCommand(["search", "contract", "--data", corpus]);
    const data = join(outside, "disk");
    Deno.mkdirSync(data);
    // The namespace is the server's own; files outside of the disk tell it when.
    const before = `cp -r '${corpus}/.' "$1"
      ( cd '${outside}'
        while [ ! -e fill ]; do sleep 0.05; done
        dd if=/dev/zero of="$1/ballast" bs=64k 2>/dev/null || true
        touch filled
        while [ ! -e free ]; do sleep 0.05; done
        rm "$1/ballast"
        touch freed ) >/dev/null 2>&1 &`;
    const size = Math.ceil(Deno.statSync(join(corpus, "farchat.db")).size / 1e6) + 6;
    try {
      await using farchat = await startFarchat({
        data,
        wrap: (command) => onSmallDisk(data, size, command, before),
      });
      const anna = new Client(farchat.url);
      const earlier = await anna.ask("When do I need certified cost or pricing data?");
      const tell = async (word: string, done: string) => {
        writeFileSync(join(outside, word), "");
        await until(done, () => exists(join(outside, done)));
      };
      await tell("fill", "filled");

      // A log that has room in it takes a few more questions.
      let refused: { status: number; text: string } | undefined;
      for (let i = 0; i < 200 && !refused; i++) {
        const answer = await anna.get("/api/v1/chat", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ question: `What is a commercial service, ${i}?`, stream: false }),
        });
        if (answer.status !== 200) refused = answer;
      }
      assert.ok(refused, "a full disk is told");
      assert.equal(refused.status, 507, refused.text);
      assert.match(refused.text, /disk is full/i);
      assert.ok(!refused.text.includes(data));
      assert.equal((await anna.get("/")).status, 200);
      assert.equal((await anna.get("/healthz")).status, 200);
      assert.equal((await anna.get("/far/15.403-4")).status, 200);
      const kept = await anna.json(`/api/v1/conversations/${earlier.conversation}`);
      assert.equal(kept.body.turns[0].answer, earlier.answer);

      await tell("free", "freed");
      const again = await anna.ask("What is a commercial service?");
      assert.ok(again.answer.length > 0);
      assert.equal(await farchat.stop(), 0);
    } finally {
      writeFileSync(join(outside, "fill"), "");
      writeFileSync(join(outside, "free"), "");
      Deno.removeSync(outside, { recursive: true });
    }
  },
});

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
