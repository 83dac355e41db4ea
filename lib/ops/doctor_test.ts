import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openStore } from "../store/mod.ts";
import { lockDataFolder } from "./data_lock.ts";
import { type Check, type DoctorReport, examine } from "./doctor.ts";
import { checkDisk, checkFolder } from "./doctor_data.ts";
import { checkClock, checkPort } from "./doctor_machine.ts";
import { encrypt, generateKey } from "./fernet.ts";

const KEY = "sk-ant-canary-of-the-doctor";
const DATABASE = "farchat.db";

/** An address of this machine where nobody listens. */
function nobody(): string {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  free.close();
  return `http://127.0.0.1:${port}`;
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function look(data: string, environment: Record<string, string> = {}): Promise<DoctorReport> {
  return examine({
    environment: {
      FARCHAT_DATA: data,
      PORT: "0",
      ANTHROPIC_BASE_URL: nobody(),
      ...environment,
    },
  }, DATABASE);
}

function check(report: DoctorReport, name: string): Check {
  const found = report.checks.find((check) => check.name === name);
  assert.ok(found, `a check ${name}`);
  return found;
}

function makeDatabase(folder: string, embedder = "all-MiniLM-L6-v2/q4"): void {
  const store = openStore({ path: join(folder, DATABASE) });
  store.setEmbedder({ name: embedder, dimensions: 384, version: 1 });
  store.close();
}

function sql(folder: string, text: string): void {
  const db = new DatabaseSync(join(folder, DATABASE));
  db.exec(text);
  db.close();
}

Deno.test("before the first start nothing is missing, and nothing is made by looking", () =>
  inFolder(async (folder) => {
    const data = join(folder, "data");
    const report = await look(data);
    assert.equal(report.status, "pass", JSON.stringify(report.checks));
    assert.match(check(report, "model").found, /loaded and embeds/);
    assert.match(check(report, "data folder").found, /not there yet/);
    assert.match(check(report, "network").found, /was refused; without a key nothing needs it/);
    assert.equal(existsSync(data), false);
  }));

Deno.test("a data folder in order passes; its database is not migrated by looking", () =>
  inFolder(async (folder) => {
    await Deno.chmod(folder, 0o700);
    makeDatabase(folder);
    const before = await Deno.readFile(join(folder, DATABASE));
    const report = await look(folder);
    assert.match(check(report, "database").found, /^whole, schema \d+, 0 MB$|^whole, schema \d+/);
    assert.equal(check(report, "data folder").status, "pass");
    assert.deepEqual(await Deno.readFile(join(folder, DATABASE)), before);
  }));

Deno.test("vectors of another model are told with the command that makes them anew", () =>
  inFolder(async (folder) => {
    makeDatabase(folder, "another-model/q8");
    const report = await look(folder);
    const { status, found, next } = check(report, "vectors");
    assert.equal(status, "fail");
    assert.match(found, /made by another-model\/q8 .* but the model now is all-MiniLM/);
    assert.match(next!, /farchat ingest --re-embed/);
    assert.equal(report.status, "fail");
  }));

Deno.test("a file that is no database, a damaged one and one of a newer FARchat are told apart", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, DATABASE), "not a database at all ".repeat(100));
    assert.match(check(await look(folder), "database").found, /not a database/);
    await Deno.remove(join(folder, DATABASE));

    makeDatabase(folder);
    sql(folder, "PRAGMA user_version = 999");
    const newer = check(await look(folder), "database");
    assert.match(newer.found, /schema 999, of a newer FARchat/);
    sql(folder, "PRAGMA user_version = 1");
    sql(folder, "PRAGMA wal_checkpoint(TRUNCATE)");

    const path = join(folder, DATABASE);
    const bytes = await Deno.readFile(path);
    bytes.fill(0xa5, 4096 * 2, 4096 * 12);
    await Deno.writeFile(path, bytes);
    const damaged = check(await look(folder), "database");
    assert.equal(damaged.status, "fail");
    assert.match(damaged.next!, /farchat restore FILE/);
  }));

Deno.test("a folder that others may read is a warning, and one that can't be is a failure", () =>
  inFolder(async (folder) => {
    if (Deno.build.os === "windows") return;
    await Deno.chmod(folder, 0o755);
    assert.match(checkFolder(folder).found, /other users .*mode 755/);
    await Deno.writeTextFile(join(folder, "file"), "");
    assert.equal(checkFolder(join(folder, "file")).status, "fail");
    assert.equal(checkFolder(join(folder, "file", "below")).status, "fail");
  }));

Deno.test("a disk without room for twice the database is a warning", () =>
  inFolder((folder) => {
    assert.equal(checkDisk(folder, 1e15).status, "warn");
    return Promise.resolve();
  }));

Deno.test("a server that is running is named, and its port is not taken for another program's", () =>
  inFolder(async (folder) => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    const settings = { HOST: "127.0.0.1", PORT: port, FARCHAT_DATA: folder };
    const other = checkPort(settings);
    assert.equal(other.status, "fail");
    assert.match(other.next!, new RegExp(`--port ${port + 1}`));
    const lock = await lockDataFolder(folder);
    try {
      assert.equal(checkPort(settings).status, "pass");
      assert.match(
        check(await look(folder), "server").found,
        new RegExp(`running on this folder: process ${Deno.pid}, since`),
      );
    } finally {
      lock.release();
      listener.close();
    }
  }));

interface Seen {
  what: string;
  key: string | null;
}

/** Somebody who answers as the API does, with this status and clock. */
async function withApi(
  status: number,
  ahead: number,
  work: (url: string, seen: Seen[]) => Promise<void>,
): Promise<void> {
  const seen: Seen[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    seen.push({ what: `${request.method} ${pathname}`, key: request.headers.get("authorization") });
    return new Response("{}", {
      status,
      headers: { date: new Date(Date.now() + ahead).toUTCString(), location: nobody() },
    });
  });
  try {
    await work(`http://127.0.0.1:${server.addr.port}`, seen);
  } finally {
    await server.shutdown();
  }
}

Deno.test("the key is tried without spending tokens: a list of models is asked for", () =>
  inFolder((folder) =>
    withApi(200, 0, async (url, seen) => {
      const report = await look(join(folder, "data"), {
        ANTHROPIC_API_KEY: KEY,
        ANTHROPIC_BASE_URL: url,
        API_KEY_CREATED_DATE: new Date(Date.now() - 5 * 86_400_000).toISOString(),
      });
      assert.equal(check(report, "key").found, "set, not encrypted, 5 days old, accepted");
      assert.match(check(report, "clock").found, /as the other side has it/);
      assert.deepEqual(seen, [{ what: "GET /v1/models", key: `Bearer ${KEY}` }]);
      assert.ok(!JSON.stringify(report).includes("canary"));
    })
  ));

Deno.test("a key that is refused and a clock that is off are warnings, and nothing secret is told", () =>
  inFolder((folder) =>
    withApi(401, -20 * 60_000, async (url) => {
      const report = await look(join(folder, "data"), {
        ANTHROPIC_API_KEY: KEY,
        ANTHROPIC_BASE_URL: url,
        API_KEY_CREATED_DATE: "2020-01-01",
      });
      assert.equal(report.status, "warn");
      assert.match(check(report, "key").found, /refused by the API/);
      assert.match(check(report, "clock").found, /20 minutes ahead of the other side/);
      assert.ok(!JSON.stringify(report).includes("canary"));
    })
  ));

Deno.test("an address that sends elsewhere doesn't get the key sent after it", () =>
  inFolder((folder) =>
    withApi(302, 0, async (url, seen) => {
      const report = await look(join(folder, "data"), {
        ANTHROPIC_API_KEY: KEY,
        ANTHROPIC_BASE_URL: url,
      });
      assert.match(check(report, "network").found, /answers \(status 302\)/);
      assert.equal(check(report, "key").found, "set, not encrypted, of unknown age");
      assert.equal(seen.length, 1);
    })
  ));

Deno.test("Anthropic out of reach is a warning, an old key too, and an older ENCRYPTION_KEY", () =>
  inFolder(async (folder) => {
    const data = join(folder, "data");
    const old = await look(data, { ANTHROPIC_API_KEY: KEY, API_KEY_CREATED_DATE: "2020-01-01" });
    assert.equal(old.status, "warn");
    assert.match(check(old, "network").found, /127\.0\.0\.1:\d+ was not reached/);
    assert.match(check(old, "key").found, /days old; older than 90 days/);
    const [older, newer] = [generateKey(), generateKey()];
    const rotated = await look(data, {
      ANTHROPIC_API_KEY: encrypt(KEY, older),
      ENCRYPTION_KEY: `${newer},${older}`,
    });
    assert.match(check(rotated, "key").next!, /farchat key encrypt --current/);
    assert.ok(!JSON.stringify([old, rotated]).includes("canary"));
  }));

Deno.test("settings that are wrong fail with all their mistakes, and the other checks go on", () =>
  inFolder(async (folder) => {
    const report = await look(join(folder, "data"), { LOG_LEVEL: "loud", DEBUG: "perhaps" });
    assert.equal(report.status, "fail");
    const { found } = check(report, "settings");
    assert.match(found, /LOG_LEVEL: expected .*\nDEBUG: expected |DEBUG: .*\nLOG_LEVEL: /);
    assert.equal(check(report, "model").status, "pass");
  }));

Deno.test("a stored setting counts, and DEBUG in production is a warning", () =>
  inFolder(async (folder) => {
    makeDatabase(folder);
    const store = openStore({ path: join(folder, DATABASE) });
    store.settings.set("DEBUG", "true");
    store.close();
    const report = await look(folder);
    assert.equal(report.settings.find(({ name }) => name === "DEBUG")?.origin, "stored");
    assert.match(check(report, "settings").found, /DEBUG is on in production/);
  }));

Deno.test("a .env with a secret that others may read is a warning", () =>
  inFolder(async (folder) => {
    if (Deno.build.os === "windows") return;
    await Deno.writeTextFile(`${folder}/.env`, `ANTHROPIC_API_KEY=${KEY}\n`);
    await Deno.chmod(`${folder}/.env`, 0o644);
    const environment = { ANTHROPIC_BASE_URL: nobody(), PORT: "0" };
    const sources = { environment, folder, flags: { FARCHAT_DATA: join(folder, "data") } };
    assert.equal(check(await examine(sources, DATABASE), ".env").next, "chmod 600 .env");
    await Deno.chmod(`${folder}/.env`, 0o600);
    const report = await examine(sources, DATABASE);
    assert.ok(!report.checks.some(({ name }) => name === ".env"));
  }));

Deno.test("a model that isn't there fails and says what search does meanwhile", () =>
  inFolder(async (folder) => {
    const report = await look(join(folder, "data"), { FARCHAT_MODELS_DIR: folder });
    const { status, next } = check(report, "model");
    assert.equal(status, "fail");
    assert.match(next!, /search goes by words alone/);
  }));

Deno.test("a clock before FARchat was made, as of a machine without a battery, fails", () => {
  assert.equal(checkClock(new Date(0), { reachable: false }).status, "fail");
  assert.equal(checkClock(new Date("2027-01-01"), { reachable: false }).status, "pass");
});
