/** farchat backup, verify and restore as an administrator runs them, beside a server with real conversations. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StagePrinter } from "./backup_printer.ts";
import { Client } from "../tests/support/client.ts";
import { miniCorpus } from "../tests/support/mini_corpus.ts";
import { runCommand, startFarchat } from "../tests/support/running_farchat.ts";

const QUESTION = "When do I need certified cost or pricing data?";

Deno.test("a backup made while a server answers brings everything back on another machine", async () => {
  await using site = await startFarchat({ from: await miniCorpus() });
  const anna = new Client(site.url);
  const asked = await anna.ask(QUESTION);

  const backups = join(site.data, "..", "backups");
  const made = await runCommand(["backup", "--to", backups, "--data", site.data, "--json"]);
  assert.equal(made.code, 0, made.err);
  const { file, verified, manifest } = JSON.parse(made.out);
  assert.equal(verified, true);
  assert.ok(manifest.counts.sections.far > 0);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(backups).length, 1);
  assert.match(made.err, /Copying the database\n.*Writing the backup\n.*Verifying it\n/s);

  const verify = await runCommand(["verify", file]);
  assert.equal(verify.code, 0, verify.err);
  assert.match(verify.err, /The backup is whole: made 2/);

  // What happens later is not in it.
  await anna.ask("What is a commercial service?");
  const inUse = await runCommand(["restore", file, "--data", site.data]);
  assert.equal(inUse.code, 1);
  assert.match(inUse.err, /Another FARchat is serving this data folder/);

  const elsewhere = join(site.data, "..", "elsewhere");
  const restored = await runCommand(["restore", file, "--data", elsewhere]);
  assert.equal(restored.code, 0, restored.err);
  assert.match(restored.err, /^Restored from 2/m);
  assert.deepEqual(readdirSync(elsewhere).toSorted(), ["farchat.db", "farchat.lock"]);
  await using second = await startFarchat({ data: elsewhere });
  const later = new Client(second.url);
  later.cookie = anna.cookie;
  const { body } = await later.json(`/api/v1/conversations/${asked.conversation}`);
  assert.equal(body.turns.length, 1);
  assert.equal(body.turns[0].answer, asked.answer);
  const { body: recent } = await later.json("/api/v1/conversations");
  assert.equal(JSON.stringify(recent).includes("commercial service"), false);
});

Deno.test("a backup that is not whole fails with 1, no file or two are wrong usage", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const file = join(folder, "letter.tar.gz");
    writeFileSync(file, "A letter.");
    const data = join(folder, "data");
    for (const args of [["verify", file], ["restore", file, "--data", data]]) {
      const { code, err, out } = await runCommand(args);
      assert.equal(code, 1);
      assert.match(err, /damaged or no backup at all/);
      assert.doesNotMatch(err, /\bat .*\.ts:\d+/);
      assert.equal(out, "");
    }
    assert.ok(!existsSync(join(data, "farchat.db")));
    assert.equal((await runCommand(["verify"])).code, 2);
    assert.equal((await runCommand(["restore", file, file])).code, 2);
    const none = await runCommand(["backup", "--data", join(folder, "nothing")]);
    assert.equal(none.code, 1);
    assert.match(none.err, /found none\.\nName the folder/);
    assert.ok(!existsSync(join(folder, "nothing")), "asking for a backup makes no data folder");
    assert.equal(readFileSync(file, "utf8"), "A letter.");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("stages are named once in a log and redrawn on a terminal", () => {
  const shown = (terminal: boolean) => {
    const written: string[] = [];
    const printer = new StagePrinter(terminal, (text) => written.push(text));
    for (const share of [0, 0.001, 0.5, 1]) printer.show({ stage: "writing", share });
    printer.show({ stage: "verifying", share: 1 });
    printer.end();
    printer.end();
    return written;
  };
  assert.deepEqual(shown(false), ["Writing the backup\n", "Verifying it\n"]);
  assert.deepEqual(shown(true), [
    "\r\x1b[KWriting the backup: 0 %",
    "\r\x1b[KWriting the backup: 50 %",
    "\r\x1b[KWriting the backup: 100 %",
    "\r\x1b[KVerifying it: 100 %",
    "\r\x1b[K",
  ]);
});
