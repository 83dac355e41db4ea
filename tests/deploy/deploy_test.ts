import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Machine } from "./machine.ts";

const tools = Deno.build.os === "linux" && await has("flock");

function deployTest(name: string, work: (machine: Machine) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !tools,
    fn: async () => {
      await using machine = new Machine();
      await work(machine);
    },
  });
}

if (!tools) console.log("no flock on this machine: the tests of deploy.sh are left out");

async function has(command: string): Promise<boolean> {
  const { success } = await new Deno.Command("sh", { args: ["-c", `command -v ${command}`] })
    .output();
  return success;
}

/** Asks a question; returns the conversation and the cookie that opens it. */
async function ask(machine: Machine): Promise<{ path: string; cookie: string }> {
  const response = await fetch(`${machine.url}/api/v1/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ question: "Who signs a contract?", stream: false }),
  });
  assert.equal(response.status, 200, await response.clone().text());
  const { conversation } = await response.json();
  const cookie = response.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
  return { path: `/c/${conversation}`, cookie };
}

async function status(machine: Machine, path: string, cookie = ""): Promise<number> {
  const response = await fetch(machine.url + path, { headers: { cookie } });
  await response.body?.cancel();
  return response.status;
}

function backups(machine: Machine): string[] {
  return readdirSync(join(machine.data, "backups")).filter((name) => name.endsWith(".tar.gz"));
}

deployTest("an update makes a backup, keeps the data, and can be taken back", async (machine) => {
  const first = await machine.deploy(machine.artifact("1.0.0"));
  assert.equal(first.code, 0, first.log + machine.serviceLog());
  assert.match(first.log, /no database yet/);
  assert.equal(machine.link("current"), "1.0.0");
  const { path, cookie } = await ask(machine);

  const second = await machine.deploy(await machine.pack(machine.artifact("1.1.0")));
  assert.equal(second.code, 0, second.log);
  assert.match(second.log, /checksum is right/);
  assert.match(second.log, /backup .* is verified/);
  assert.equal(machine.link("current"), "1.1.0");
  assert.equal(machine.link("previous"), "1.0.0");
  assert.equal(backups(machine).length, 1);
  assert.equal(await status(machine, path, cookie), 200, "the conversation is there");

  const again = await machine.deploy(await machine.pack(machine.artifact("1.1.0")));
  assert.equal(again.code, 0);
  assert.match(again.log, /runs already/);

  const back = await machine.rollback();
  assert.equal(back.code, 0, back.log);
  assert.equal(machine.link("current"), "1.0.0");
  assert.equal(machine.link("previous"), "1.1.0");
  assert.equal(await status(machine, path, cookie), 200, "the conversation is there");
});

deployTest("a release that ends at once is taken back by itself", async (machine) => {
  assert.equal((await machine.deploy(machine.artifact("1.0.0"))).code, 0);
  const { path, cookie } = await ask(machine);
  const bad = await machine.deploy(machine.artifact("2.0.0", "ends"));
  assert.equal(bad.code, 1, bad.log);
  assert.match(bad.log, /1\.0\.0-\w+ runs again, with the data as they are/);
  assert.equal(machine.link("current"), "1.0.0");
  assert.equal(machine.link("previous"), undefined);
  assert.equal(await status(machine, path, cookie), 200);
});

deployTest("a release that is never ready is taken back by itself", async (machine) => {
  assert.equal((await machine.deploy(machine.artifact("1.0.0"))).code, 0);
  const bad = await machine.deploy(machine.artifact("2.0.0", "is never ready"), {
    FARCHAT_HEALTH_SECONDS: "15",
  });
  assert.equal(bad.code, 1, bad.log);
  assert.match(bad.log, /not healthy after 15 s/);
  assert.equal(machine.link("current"), "1.0.0");
  assert.equal(await status(machine, "/readyz"), 200);
});

deployTest("after a release that changed the database, the backup is restored", async (machine) => {
  assert.equal((await machine.deploy(machine.artifact("1.0.0"))).code, 0);
  const { path, cookie } = await ask(machine);
  const bad = await machine.deploy(machine.artifact("3.0.0", "changes the database and ends"));
  assert.equal(bad.code, 1, bad.log);
  assert.match(bad.log, /does not run with the data as they are; restoring/);
  assert.match(bad.log, /runs again, with the data of/);
  assert.equal(machine.link("current"), "1.0.0");
  assert.equal(await status(machine, path, cookie), 200, "the conversation came with the backup");
  assert.ok(readdirSync(machine.data).some((name) => name.startsWith("before-restore")));
});

deployTest("what is not whole, not FARchat or no file changes nothing", async (machine) => {
  assert.equal((await machine.deploy(machine.artifact("1.0.0"))).code, 0);
  const pid = machine.pid();
  const damaged = machine.artifact("1.2.0");
  writeFileSync(join(dirname(damaged), "SHA256SUMS"), `${"0".repeat(64)}  farchat\n`);
  assert.match((await machine.deploy(damaged)).log, /is not what SHA256SUMS says/);
  writeFileSync(join(dirname(damaged), "SHA256SUMS"), `${"0".repeat(64)}  other\n`);
  assert.equal((await machine.deploy(damaged)).code, 1);
  const text = join(machine.folder, "text");
  writeFileSync(text, "#!/bin/sh\necho hello\n");
  assert.match((await machine.deploy(text)).log, /expected a FARchat, found: hello/);
  assert.match((await machine.deploy("/no/such/file")).log, /there is no file/);
  assert.match((await machine.rollback()).log, /there is no release before/);
  assert.match((await machine.rollback("9.9.9-00000000")).log, /there is no release 9\.9\.9/);
  assert.equal(machine.pid(), pid);
  assert.equal(await status(machine, "/readyz"), 200);
  assert.deepEqual(readdirSync(join(machine.root, "releases")).length, 1, "nothing is left over");
});

deployTest("a rollback to a release that does not run ends with the newer one", async (machine) => {
  assert.equal((await machine.deploy(machine.artifact("1.0.0"))).code, 0);
  assert.equal((await machine.deploy(machine.artifact("1.1.0"))).code, 0);
  const old = readdirSync(join(machine.root, "releases")).find((name) => name.startsWith("1.0.0"))!;
  writeFileSync(join(machine.root, "releases", old, "farchat"), "#!/bin/sh\nexit 1\n");
  const back = await machine.rollback();
  assert.equal(back.code, 1, back.log);
  assert.equal(machine.link("current"), "1.1.0");
  assert.equal(await status(machine, "/readyz"), 200);
});

deployTest("of two deployments at once the second ends at once", async (machine) => {
  const first = machine.deploy(machine.artifact("1.0.0"));
  const lock = join(machine.root, ".deploy.lock");
  while (!await Deno.stat(lock).then(() => true, () => false)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const second = await machine.deploy(machine.artifact("1.1.0"));
  assert.equal(second.code, 1);
  assert.match(second.log, /another deployment/);
  assert.equal((await first).code, 0);
});
