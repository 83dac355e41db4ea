import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStore, type Store } from "../store/mod.ts";
import { withFolder } from "../store/test_store.ts";
import { lastBackup, rememberBackup, verifyBackup } from "./backup/mod.ts";
import { makeData } from "./backup/test_backup.ts";
import { CATCH_UP_MS, Schedule } from "./schedule.ts";

type Settings = ConstructorParameters<typeof Schedule>[0];

async function withSchedule(
  more: Partial<Settings>,
  test: (given: { schedule: Schedule; store: Store; data: string; backups: string }) => unknown,
): Promise<void> {
  await withFolder(async (folder) => {
    const data = makeData(folder);
    const store = openStore({ path: join(data, "farchat.db") });
    const settings: Settings = {
      FARCHAT_DATA: data,
      BACKUP_SCHEDULE: "30 2 * * *",
      BACKUP_KEEP: 3,
      BACKUP_DIR: undefined,
      ...more,
    };
    const schedule = new Schedule(settings, store);
    try {
      await test({ schedule, store, data, backups: settings.BACKUP_DIR ?? join(data, "backups") });
    } finally {
      await schedule.close();
      store.close();
    }
  });
}

const at = (text: string) => new Date(text);

Deno.test("scheduled backups are whole and remembered, and only as many as asked stay", async () => {
  await withSchedule({}, async ({ schedule, data, backups }) => {
    assert.equal(lastBackup(data), undefined);
    mkdirSync(backups);
    writeFileSync(join(backups, "by-hand.tar.gz"), "not ours");
    for (let day = 1; day <= 5; day++) await schedule.backUp(at(`2026-03-0${day}T02:30:00Z`));
    assert.equal(schedule.failure, undefined);
    assert.deepEqual(readdirSync(backups).toSorted(), [
      "by-hand.tar.gz",
      "farchat-20260303T023000Z.tar.gz",
      "farchat-20260304T023000Z.tar.gz",
      "farchat-20260305T023000Z.tar.gz",
    ]);
    await verifyBackup(join(backups, "farchat-20260305T023000Z.tar.gz"));
    const { made, bytes } = lastBackup(data)!;
    // The worker's own clock; the name is the schedule's.
    assert.ok(Math.abs(Date.parse(made) - Date.now()) < 60_000);
    assert.ok(bytes > 1000);
  });
});

Deno.test("after the clock was set back, the newest backup is the one just made", async () => {
  await withSchedule({ BACKUP_KEEP: 2 }, async ({ schedule, backups }) => {
    for (const year of [2035, 2036]) await schedule.backUp(at(`${year}-01-01T02:30:00Z`));
    await schedule.backUp(at("2026-03-01T02:30:00Z"));
    const names = readdirSync(backups).toSorted();
    assert.deepEqual(names, ["farchat-20260301T023000Z.tar.gz", "farchat-20360101T023000Z.tar.gz"]);
  });
});

Deno.test("a backup that fails is told and leaves the old ones; the next one clears it", async () => {
  await withSchedule({}, async ({ schedule, backups, data }) => {
    await schedule.backUp(at("2026-03-01T02:30:00Z"));
    const remembered = lastBackup(data);
    // The same name again: a backup never replaces a file.
    await schedule.backUp(at("2026-03-01T02:30:00Z"));
    assert.match(schedule.failure!.message, /file of that name/);
    assert.equal(readdirSync(backups).length, 1);
    assert.deepEqual(lastBackup(data), remembered);
    await schedule.backUp(at("2026-03-02T02:30:00Z"));
    assert.equal(schedule.failure, undefined);
    assert.equal(readdirSync(backups).length, 2);
  });
});

Deno.test("a folder that can't be written is told without its path", async () => {
  await withFolder(async (folder) => {
    writeFileSync(join(folder, "file"), "");
    await withSchedule({ BACKUP_DIR: join(folder, "file", "backups") }, async ({ schedule }) => {
      await schedule.backUp();
      assert.ok(schedule.failure);
      assert.ok(!schedule.failure.message.includes(folder));
    });
  });
});

Deno.test("closing in the middle of a backup ends it and leaves nothing of it", async () => {
  await withSchedule({}, async ({ schedule, backups }) => {
    const running = schedule.backUp();
    await schedule.close();
    await running;
    assert.deepEqual(existsSync(backups) ? readdirSync(backups) : [], []);
    assert.equal(schedule.failure, undefined);
  });
});

Deno.test("two backups asked for at once are one", async () => {
  await withSchedule({}, async ({ schedule, backups }) => {
    await Promise.all([schedule.backUp(), schedule.backUp()]);
    assert.equal(readdirSync(backups).length, 1);
    assert.equal(schedule.failure, undefined);
  });
});

Deno.test("a backup that was missed is caught up, one that was made is not; so it is when the clock was set back", async () => {
  const noon = at("2026-03-05T12:00:00");
  const cases: [string | undefined, number][] = [
    [undefined, 1],
    [at("2026-03-05T02:30:01").toISOString(), 0],
    [at("2026-03-04T02:30:01").toISOString(), 1],
    [at("2036-03-04T02:30:01").toISOString(), 1],
  ];
  for (const [made, timers] of cases) {
    await withSchedule({}, ({ schedule, data }) => {
      if (made) rememberBackup(data, { made, bytes: 1, seconds: 1 });
      assert.equal(timersOf(() => schedule.start(noon)), timers, made ?? "never");
      assert.ok(schedule.next()!.getTime() > Date.now());
    });
  }
  await withSchedule({ BACKUP_SCHEDULE: undefined }, ({ schedule }) => {
    assert.equal(timersOf(() => schedule.start(noon)), 0);
    assert.equal(schedule.next(), undefined);
  });
});

Deno.test("the daily upkeep removes what was left unfinished and old copies of updates, never the newest copy", async () => {
  await withSchedule({}, ({ schedule, data, store }) => {
    const now = Date.now(), day = 24 * 60 * 60 * 1000;
    const make = (name: string, age: number, folder = false) => {
      const path = join(data, name);
      if (folder) mkdirSync(path, { recursive: true });
      else writeFileSync(path, "x");
      utimesSync(path, (now - age) / 1000, (now - age) / 1000);
    };
    make("farchat.db.before-v2.bak", 200 * day);
    make("farchat.db.before-v3.bak", 100 * day);
    make("farchat.db.before-v4.bak", 40 * day);
    make("backups/.farchat-backup-aaaa", 3 * day, true);
    make("backups/.farchat-backup-bbbb", day / 24, true);
    make(".farchat-restore-cccc", 3 * day, true);
    make("notes.bak", 300 * day);
    store.settings.set("written", "to the log");
    schedule.upkeep(now);
    assert.deepEqual(readdirSync(data).toSorted().filter((name) => !/-shm$|-wal$/.test(name)), [
      "backups",
      "farchat.db",
      "farchat.db.before-v4.bak",
      "notes.bak",
      "originals",
    ]);
    assert.deepEqual(readdirSync(join(data, "backups")), [".farchat-backup-bbbb"]);
    assert.equal(Deno.statSync(join(data, "farchat.db-wal")).size, 0);
  });
});

/** How many timers of the catch-up's length are set. */
function timersOf(work: () => unknown): number {
  const { setTimeout: real } = globalThis;
  let set = 0;
  globalThis.setTimeout = ((handler: () => void, ms?: number, ...more: unknown[]) => {
    if (ms === CATCH_UP_MS) set++;
    return real(handler, ms, ...more as []);
  }) as typeof setTimeout;
  try {
    work();
  } finally {
    globalThis.setTimeout = real;
  }
  return set;
}
