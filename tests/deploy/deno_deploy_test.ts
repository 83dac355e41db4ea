import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deploySettings, placeDatabase, tooOld } from "../../deploy/deno_deploy.ts";
import { loadSettings } from "../../lib/ops/settings.ts";
import { openStore } from "../../lib/store/mod.ts";
import { repositoryPath } from "../support/shared.ts";

Deno.test("the settings for Deno Deploy are right, and give way to what is set for the app", () => {
  const settings = deploySettings({ BACKUP_SCHEDULE: "0 1 * * *" }, "/tmp");
  assert.equal(settings.BACKUP_SCHEDULE, undefined);
  const loaded = loadSettings({ environment: settings });
  assert.equal(loaded.HOST, "0.0.0.0");
  assert.equal(loaded.FARCHAT_DATA, "/tmp/farchat");
  assert.match(loaded.SITE_NOTICE!, /temporary disk/);
});

Deno.test("the prepared database is placed once, and one that is there is left alone", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const prepared = join(folder, "prepared.db");
    assert.equal(placeDatabase(prepared, join(folder, "data")), false);
    writeFileSync(prepared, "new");
    assert.equal(placeDatabase(prepared, join(folder, "data")), true);
    writeFileSync(join(folder, "data", "farchat.db"), "used");
    assert.equal(placeDatabase(prepared, join(folder, "data")), false);
    assert.equal(readFileSync(join(folder, "data", "farchat.db"), "utf8"), "used");
    assert.equal(existsSync(join(folder, "data", "farchat.db.copy")), false);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("an old Deno is told before anything breaks", () => {
  assert.match(tooOld("2.5.0")!, /needs Deno 2\.7 or later, and this platform runs 2\.5\.0/);
  for (const version of ["2.7.0", "2.10.1", "3.0.0"]) assert.equal(tooOld(version), undefined);
});

Deno.test("it serves as Deno Deploy runs it: all permissions, a temporary folder, a prepared database", async () => {
  const folder = Deno.makeTempDirSync();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  // The data folder of an instance is empty; a database of before is what `prepared/` would give it.
  openStore({ path: join(folder, "prepared.db") }).close();
  placeDatabase(join(folder, "prepared.db"), join(folder, "farchat"));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", repositoryPath("deploy/deno_deploy.ts")],
    cwd: repositoryPath(),
    env: {
      TMPDIR: folder,
      HOST: "127.0.0.1",
      PORT: String(port),
      FARCHAT_DATA: "",
      ANTHROPIC_API_KEY: "",
      NO_COLOR: "1",
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const log = new Response(child.stderr).text();
  try {
    let html = "";
    for (let left = 300; left > 0 && html === ""; left--) {
      try {
        html = await (await fetch(`http://127.0.0.1:${port}/`)).text();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
    assert.match(
      html,
      /<div class="site-notice" role="note"><p>This FARchat runs on a temporary disk/,
    );
    assert.ok(existsSync(join(folder, "farchat", "farchat.db")));
  } finally {
    child.kill("SIGTERM");
    const { code } = await child.status;
    assert.equal(code, 0, await log);
    Deno.removeSync(folder, { recursive: true });
  }
});
