/**
 * What a server does by itself, so that nobody has to: backups with their verification and retention, and once a day
 * the upkeep of the data folder.
 */
import { readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { getLogger } from "@logtape/logtape";
import { Cron } from "croner";
import { Problem } from "../problem.ts";
import type { Store } from "../store/mod.ts";
import { backUpInWorker } from "./backup/backup_in_worker.ts";
import { backupName, lastBackup, prune, rememberBackup, removeAbandoned } from "./backup/mod.ts";
import type { Settings } from "./settings.ts";

/** A backup that was missed while no server ran is made this long after the start, in milliseconds. */
export const CATCH_UP_MS = 10 * 60 * 1000;

/** When the upkeep is done, as in cron: after the backup, where that has its usual time. */
const UPKEEP = "50 2 * * *";

/** Copies that updates left are kept this long, in milliseconds; the newest one longer. */
const BEFORE_UPDATE_MS = 30 * 24 * 60 * 60 * 1000;

type ScheduleSettings = Pick<
  Settings,
  "FARCHAT_DATA" | "BACKUP_SCHEDULE" | "BACKUP_KEEP" | "BACKUP_DIR"
>;

/** The folder that scheduled backups go to. */
export function backupFolder(
  settings: Pick<Settings, "FARCHAT_DATA" | "BACKUP_DIR">,
): string {
  return settings.BACKUP_DIR ?? join(settings.FARCHAT_DATA, "backups");
}

/** A server's schedule; it runs until it is closed. */
export class Schedule {
  /** The last scheduled backup that failed; undefined after one that did not. The message may be shown. */
  failure: { at: Date; message: string } | undefined;
  readonly #store: Store;
  readonly #settings: ScheduleSettings;
  readonly #stop = new AbortController();
  readonly #crons: Cron[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;

  constructor(settings: ScheduleSettings, store: Store) {
    this.#settings = settings;
    this.#store = store;
  }

  /** Begins; `now` is for tests. */
  start(now: Date = new Date()): this {
    const { BACKUP_SCHEDULE: pattern } = this.#settings;
    // Timers that alone would not keep a process alive.
    this.#crons.push(new Cron(UPKEEP, { unref: true }, () => this.upkeep()));
    if (pattern === undefined) return this;
    const cron = new Cron(pattern, { unref: true }, () => void this.backUp());
    this.#crons.push(cron);
    if (isMissed(lastBackup(this.#settings.FARCHAT_DATA)?.made, cron, now)) {
      this.#timer = setTimeout(() => void this.backUp(), CATCH_UP_MS);
      Deno.unrefTimer(this.#timer as unknown as number);
    }
    return this;
  }

  /** When the next backup is due; undefined when none is scheduled. */
  next(): Date | undefined {
    return this.#crons[1]?.nextRun() ?? undefined;
  }

  /** Makes a backup now, and removes older ones beyond those to keep. Never throws: a failure is logged and kept. */
  backUp(now: Date = new Date()): Promise<void> {
    this.#running ??= this.#backUp(now).finally(() => this.#running = undefined);
    return this.#running;
  }

  async #backUp(now: Date): Promise<void> {
    const log = getLogger(["farchat", "backup"]);
    const { FARCHAT_DATA: data, BACKUP_KEEP: keep } = this.#settings;
    const folder = backupFolder(this.#settings);
    try {
      this.#store.conversations.flush();
      const to = join(folder, backupName(now));
      const job = { storePath: this.#store.path, data, to };
      const { file, bytes, seconds, manifest } = await backUpInWorker(job, this.#stop.signal);
      rememberBackup(data, { made: manifest.created, bytes, seconds });
      this.failure = undefined;
      const removed = prune(folder, keep, basename(file));
      log.info(
        "backup {name} made and verified: {bytes} bytes in {seconds} s, {removed} old removed",
        {
          name: basename(file),
          bytes,
          seconds: Math.round(seconds * 10) / 10,
          removed: removed.length,
        },
      );
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      const message = error instanceof Problem ? error.message : "The backup failed.";
      this.failure = { at: now, message };
      log.error("backup failed: {message} {next}", {
        message,
        next: error instanceof Problem ? error.next : "",
        cause: error instanceof Problem ? error.cause : error,
      });
    }
  }

  /** The daily upkeep: what was left unfinished, old copies, the write-ahead log, the planner's figures. */
  upkeep(now: number = Date.now()): void {
    const { FARCHAT_DATA: data } = this.#settings;
    try {
      removeAbandoned(data, now);
      removeAbandoned(backupFolder(this.#settings), now);
      removeOldCopies(this.#store.path, now);
      this.#store.optimize();
      this.#store.checkpoint();
    } catch (error) {
      getLogger(["farchat", "store"]).warn("the daily upkeep did not end: {error}", {
        error: String(error),
      });
    }
  }

  /** Stops; a backup under way is given up and leaves nothing. */
  async close(): Promise<void> {
    for (const cron of this.#crons) cron.stop();
    clearTimeout(this.#timer);
    this.#stop.abort();
    await this.#running;
  }
}

/** Whether the backup that was due last was not made; a clock that was set back counts as such too. */
function isMissed(made: string | undefined, cron: Cron, now: Date): boolean {
  if (made === undefined) return true;
  const last = Date.parse(made);
  const [due] = cron.previousRuns(1, now);
  return last > now.getTime() || due !== undefined && last < due.getTime();
}

/** Removes `<database>.before-v<N>.bak` that are old, all but the newest. */
function removeOldCopies(path: string, now: number): void {
  const folder = dirname(path);
  const copies = readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(path)}.before-v`) && name.endsWith(".bak"))
    .map((name) => ({ name, made: statSync(join(folder, name)).mtimeMs }))
    .toSorted((a, b) => b.made - a.made);
  for (const { name, made } of copies.slice(1)) {
    if (now - made > BEFORE_UPDATE_MS) rmSync(join(folder, name), { force: true });
  }
}
