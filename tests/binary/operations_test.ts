/** The executable in an administrator's hands: is it well, is it saved, does it come back, does it get newer. */
import assert from "node:assert/strict";
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Client } from "../support/client.ts";
import { repositoryPath } from "../support/shared.ts";
import { inStore } from "../support/stored.ts";
import { until } from "../support/until.ts";
import { SCHEMA_VERSION } from "../../lib/store/mod.ts";
import { VERSION } from "../../lib/version.ts";
import { binaryTest, filesBelow, type Finished, type Machine, type Served } from "./machine.ts";
import { buildNextVersion, NEXT_VERSION } from "./next_version.ts";

const FIXTURE = repositoryPath("tests/fixtures/mini_far.xml");
const QUESTION = "When are certified cost or pricing data required?";
const SECTION = "/far/15.403-4";

/** Tests ask faster than a person may. */
const UNLIMITED = { RATE_LIMIT_PER_MINUTE: "100000", ASK_LIMIT_PER_MINUTE: "100000" };

const data = (machine: Machine) => join(machine.home, "farchat_data");

/** That a command ended so, and what it said has no stack in it. */
function assertEnded({ code, out, err }: Finished, expected: number, says: RegExp = /^/): void {
  assert.equal(code, expected, out + err);
  assert.match(out + err, says);
  assert.doesNotMatch(out + err, /\n\s+at /);
}

async function ingest(machine: Machine): Promise<void> {
  assertEnded(await machine.run(["ingest", FIXTURE]), 0);
}

/** Anna's first question, and what looks whether it and the regulation are there on a server. */
async function asked(server: Served) {
  const anna = new Client(server.url);
  const { conversation, answer, status } = await anna.ask(QUESTION);
  assert.equal(status, "done");
  assert.match(answer, /15\.403/);
  return async (later: Served) => {
    anna.url = later.url;
    const { body } = await anna.json(`/api/v1/conversations/${conversation}`);
    assert.deepEqual(body.turns?.map((turn: { answer: string }) => turn.answer), [answer]);
    const section = await anna.get(SECTION);
    assert.match(section.text, /class="regulation/);
    const { body: found } = await anna.json(`/api/v1/search?q=${encodeURIComponent(QUESTION)}`);
    assert.match(found.sections[0].number, /^15\.40/);
    assert.equal(found.usedVectors, true);
  };
}

binaryTest("healthcheck tells a server that is ready from none", async (machine) => {
  const server = await machine.serve();
  const { port } = new URL(server.url);
  assertEnded(await machine.run(["healthcheck", "--url", server.url]), 0, /FARchat is ready/);
  // As in a container: the server of this machine, by the same settings that it has.
  const here = { env: { PORT: port } };
  const told = await machine.run(["healthcheck", "--json"], here);
  assertEnded(told, 0);
  assert.equal(JSON.parse(told.out).ready, true);
  assert.equal(await server.stop(), 0);
  assertEnded(await machine.run(["healthcheck"], here), 1, /does not answer/);
});

binaryTest(
  "version, openapi and doctor tell from an empty folder what is there",
  async (machine) => {
    const cache = machine.folder("cache");
    const env = { FARCHAT_CACHE_DIR: cache };
    const version = await machine.run(["version"], { env });
    assertEnded(version, 0, new RegExp(`^FARchat ${VERSION.replaceAll(".", "\\.")} \\(Deno `));
    const openapi = await machine.run(["openapi"], { env });
    assertEnded(openapi, 0);
    const described = JSON.parse(openapi.out);
    assert.match(described.openapi, /^3\.1/);
    assert.ok("/api/v1/chat" in described.paths);
    const looked = await machine.run(["doctor", "--port", "0", "--json"], { env });
    assertEnded(looked, 0);
    const report = JSON.parse(looked.out);
    assert.equal(report.version, VERSION);
    const failed = report.checks.filter(({ status }: { status: string }) => status === "fail");
    assert.deepEqual(failed, []);
    const row = report.settings.find(({ name }: { name: string }) => name === "FARCHAT_CACHE_DIR");
    assert.equal(row.origin, "environment");
    const wrong = await machine.run(["doctor", "--json"], { env: { ...env, PORT: "many" } });
    assertEnded(wrong, 1);
    assert.equal(JSON.parse(wrong.out).status, "fail");
    assert.deepEqual(filesBelow(machine.home), [], "looking writes nothing");
  },
);

binaryTest(
  "a backup made while people ask brings everything back after a disaster",
  async (machine) => {
    await ingest(machine);
    const server = await machine.serve([], { env: UNLIMITED });
    const isThere = await asked(server);
    let over = false;
    const writing = (async () => {
      const ben = new Client(server.url);
      let count = 0;
      for (; !over || count === 0; count++) {
        await ben.ask(
          `What is section 15.40${count % 10} about?`,
        );
      }
      return count;
    })();
    const backups = machine.folder("backups");
    const made = await machine.run(["backup", "--to", backups, "--json"]).finally(() =>
      over = true
    );
    assert.ok(await writing > 0);
    assertEnded(made, 0, /verified/);
    const { file, manifest } = JSON.parse(made.out);
    assert.deepEqual(readdirSync(backups), [file.split("/").at(-1)]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(manifest.counts.sections.far > 0);

    // The server's answers don't suffer, and nothing is restored under it.
    const refused = await machine.run(["restore", file]);
    assertEnded(refused, 1, /Another FARchat is serving this data folder/);
    await isThere(server);

    // Verified in another folder, it leaves nothing in the folder for temporary files.
    const temporary = machine.folder("temporary");
    const verified = await machine.run(["verify", file], { env: { TMPDIR: temporary } });
    assertEnded(verified, 0, /The backup is whole: made 2/);
    assert.deepEqual(readdirSync(temporary), []);
    const cut = join(backups, "cut.tar.gz");
    writeFileSync(cut, readFileSync(file).subarray(0, -1000), { mode: 0o644 });
    assertEnded(await machine.run(["verify", cut]), 1, /damaged/);

    assert.equal(await server.stop(), 0, server.lines.join("\n"));
    const database = join(data(machine), "farchat.db");
    const bytes = readFileSync(database);
    writeFileSync(database, bytes.fill(0xff, 0, bytes.length >> 1));
    assertEnded(await machine.run(["serve", "--port", "0"]), 1);
    assertEnded(await machine.run(["restore", cut]), 1, /damaged/);
    assertEnded(await machine.run(["restore", file]), 0, /^Restored from 2/m);
    const kept = readdirSync(data(machine)).filter((name) => name.startsWith("before-restore-"));
    assert.equal(kept.length, 1);
    assert.ok(existsSync(join(data(machine), kept[0], "farchat.db")), "the old one is kept");
    const again = await machine.serve();
    await isThere(again);
    assert.equal(await again.stop(), 0, again.lines.join("\n"));
  },
);

binaryTest(
  "the server makes and verifies the backup that its schedule asks for",
  async (machine) => {
    await ingest(machine);
    const backups = machine.folder("backups");
    // Cron knows no less than a minute.
    const server = await machine.serve([], {
      env: { BACKUP_SCHEDULE: "* * * * *", BACKUP_DIR: backups, BACKUP_KEEP: "3" },
    });
    const isThere = await asked(server);
    const line = await until(
      "a scheduled backup",
      () => server.lines.find((line) => /backup failed|made and verified/.test(line)),
    );
    assert.match(line, /made and verified/);
    await isThere(server);
    assert.equal(await server.stop(), 0, server.lines.join("\n"));
    const [name] = readdirSync(backups);
    assert.match(name, /\.tar\.gz$/);
    assert.ok(line.includes(name), line);
    const last = JSON.parse(readFileSync(join(data(machine), "last_backup.json"), "utf8"));
    assert.ok(Date.parse(last.made) > 0);
    assertEnded(await machine.run(["verify", join(backups, name)]), 0, /The backup is whole/);

    const elsewhere = ["--data", machine.folder("elsewhere")];
    assertEnded(await machine.run(["restore", join(backups, name), ...elsewhere]), 0);
    const second = await machine.serve(elsewhere);
    await isThere(second);
    assert.equal(await second.stop(), 0);
  },
);

binaryTest(
  "a folder with an older starter corpus and another model's vectors is brought up to date",
  async (machine) => {
    await ingest(machine);
    let server = await machine.serve();
    const isThere = await asked(server);
    assert.equal(await server.stop(), 0);
    const now = inStore(data(machine), (store) => {
      const now = { version: store.entries.version(), counts: store.counts() };
      const path = [{ type: "part" as const, number: "15", title: "Older" }];
      const old = { collection: "far" as const, number: "15.403", title: "Older", reserved: false };
      store.outline.replaceAll("older", [{ ...old, path }]);
      store.entries.replaceAll("older", [{
        kind: "question",
        collection: "far",
        number: "15.403",
        text: "What did an older version know?",
      }]);
      const { name, ...embedder } = store.embedder()!;
      store.setEmbedder({ ...embedder, name: `older-${name}` });
      return now;
    });
    const refused = await machine.run(["serve", "--port", "0"]);
    assertEnded(refused, 1, /made by "older-.*\n.*farchat ingest --re-embed/);
    assertEnded(await machine.run(["ingest", "--re-embed"]), 0);
    server = await machine.serve();
    await isThere(server);
    assert.equal(await server.stop(), 0, server.lines.join("\n"));
    inStore(data(machine), (store) => {
      const { bytes: _, ...counts } = store.counts();
      const { bytes: __, ...before } = now.counts;
      assert.deepEqual(counts, before);
      assert.equal(store.entries.version(), now.version);
      assert.equal(store.outline.version(), now.version);
    });
  },
);

binaryTest(
  "the next version updates the folder and keeps a copy, and this one can go back to it",
  async (machine) => {
    await ingest(machine);
    const old = await machine.serve();
    const isThere = await asked(old);
    assert.equal(await old.stop(), 0);
    const [oldCache] = readdirSync(join(data(machine), "cache"));
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(join(data(machine), "cache", oldCache), longAgo, longAgo);

    await using next = await buildNextVersion();
    const inHome = { cwd: machine.home };
    const newer = await next.machine.serve([], inHome);
    await isThere(newer);
    assert.equal(await newer.stop(), 0, newer.lines.join("\n"));
    const copy = `farchat.db.before-v${SCHEMA_VERSION + 1}.bak`;
    assert.deepEqual(readdirSync(data(machine)).filter((name) => name.endsWith(".bak")), [copy]);
    const caches = readdirSync(join(data(machine), "cache"));
    assert.equal(caches.length, 1, "the old version's files are gone");
    assert.ok(caches[0].startsWith(`${NEXT_VERSION}-`), caches[0]);
    const made = await next.machine.run(["backup", "--json"], inHome);
    assertEnded(made, 0);
    const { file, manifest } = JSON.parse(made.out);
    assert.equal(manifest.schema, SCHEMA_VERSION + 1);

    // What the newer version left is told apart, and not touched.
    const database = join(data(machine), "farchat.db");
    const before = readFileSync(database);
    const versions = new RegExp(
      `schema version ${
        SCHEMA_VERSION + 1
      }, made by a newer FARchat; this one knows versions up to ${SCHEMA_VERSION}\\.`,
    );
    for (const args of [["serve", "--port", "0"], ["search", QUESTION], ["backup"]]) {
      const refused = await machine.run(args);
      assertEnded(refused, 1, versions);
      assert.ok(refused.err.includes(copy), refused.err);
    }
    assertEnded(
      await machine.run(["restore", file]),
      1,
      new RegExp(`made by FARchat ${NEXT_VERSION}`),
    );
    assert.ok(readFileSync(database).equals(before));

    assertEnded(await machine.run(["restore", join(data(machine), copy)]), 0, /^Restored/m);
    const back = await machine.serve();
    await isThere(back);
    assert.equal(await back.stop(), 0, back.lines.join("\n"));
  },
);
