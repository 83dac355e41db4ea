/** `farchat backup`: the whole data folder in one file, made while FARchat is in use. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { Problem } from "../../problem.ts";
import { openStore, SCHEMA_VERSION, type Store } from "../../store/mod.ts";
import { VERSION } from "../../version.ts";
import { sha256Of, writeArchive } from "./archive.ts";
import { withDiskProblems } from "./disk_problem.ts";
import { type BackupFile, countsOf, DATABASE, type Manifest, ORIGINALS } from "./manifest.ts";
import { probe } from "./probe.ts";
import type { OnProgress } from "./progress.ts";
import { verifyBackup } from "./verify.ts";

/** What to back up, and where to. */
export interface BackupOptions {
  /** The open store; others may read and write it meanwhile. */
  store: Store;
  /** The data folder, for uploaded files. */
  data: string;
  /** The file to make. Its folder is made where it is missing. */
  to: string;
  /** Where it is made, in the same folder as `to`, so that another process can clean up after this one. */
  aside?: string;
  onProgress?: OnProgress;
  now?: Date;
}

/** A backup that was made and verified. */
export interface BackupReport {
  file: string;
  /** Bytes of the file. */
  bytes: number;
  seconds: number;
  manifest: Manifest;
}

/**
 * Copies the database (SQLite's online backup) and uploaded files, writes them with a manifest to one compressed file
 * that only this user may read, and verifies that file by restoring it aside. It appears under its name when it is
 * complete and good; otherwise there is a `Problem` and no file. A file of that name is never replaced.
 */
export function backUp(options: BackupOptions): Promise<BackupReport> {
  const started = performance.now();
  const { store, to, onProgress = () => {} } = options;
  return withDiskProblems("the backup", async () => {
    refuseExisting(to);
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    // Beside the backup: a rename within one file system is all or nothing.
    const aside = options.aside ?? mkdtempSync(join(dirname(to), ".farchat-backup-"));
    try {
      onProgress({ stage: "copying", share: 0 });
      refuseFullDisk(dirname(to), store.counts().bytes);
      const folder = join(aside, "files");
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      store.copyTo(join(folder, DATABASE));
      linkOriginals(join(options.data, ORIGINALS), join(folder, ORIGINALS));
      const manifest = await describe(folder, options.now ?? new Date());
      onProgress({ stage: "copying", share: 1 });
      const unfinished = join(aside, basename(to));
      await writeArchive(unfinished, manifest, folder, (share) => {
        onProgress({ stage: "writing", share });
      });
      rmSync(folder, { recursive: true });
      await verifyBackup(unfinished, { aside, onProgress });
      refuseExisting(to);
      renameSync(unfinished, to);
      const seconds = (performance.now() - started) / 1000;
      return { file: to, bytes: statSync(to).size, seconds, manifest };
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  });
}

/** The name of a backup made at this moment: `farchat-20260131T023000Z.tar.gz`. Names sort by time. */
export function backupName(now: Date): string {
  return `farchat-${now.toISOString().replace(/[-:]|\.\d+/g, "")}.tar.gz`;
}

async function describe(folder: string, now: Date): Promise<Manifest> {
  const path = join(folder, DATABASE);
  const copy = openStore({ path });
  let found: Pick<Manifest, "counts" | "probe">;
  try {
    found = { counts: countsOf(copy), probe: probe(copy) };
  } finally {
    copy.close();
  }
  chmodSync(path, 0o600);
  const names = filesBelow(folder).filter((name) => name !== DATABASE);
  const files: BackupFile[] = [];
  for (const name of [DATABASE, ...names]) {
    const file = join(folder, name);
    files.push({ name, bytes: statSync(file).size, sha256: await sha256Of(file) });
  }
  return {
    format: 1,
    created: now.toISOString(),
    version: VERSION,
    schema: SCHEMA_VERSION,
    ...found,
    files,
  };
}

/** Links keep a file that is deleted in the meantime, and take no space; a copy does where there are no links. */
function linkOriginals(from: string, to: string): void {
  if (!existsSync(from)) return;
  for (const name of filesBelow(from)) {
    const source = join(from, name), target = join(to, name);
    mkdirSync(dirname(target), { recursive: true });
    try {
      linkSync(source, target);
    } catch (error) {
      if (!existsSync(source)) continue; // deleted just now
      if (error instanceof Error && "code" in error && error.code === "ENOSPC") throw error;
      copyFileSync(source, target);
    }
  }
}

/** The regular files below a folder, as paths with "/", sorted; links are left out. */
export function filesBelow(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below)).toSorted().flatMap((entry) => {
    const name = below ? `${below}/${entry}` : entry;
    const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (found?.isDirectory()) return filesBelow(folder, name);
    return found?.isFile() ? [name] : [];
  });
}

/** The copy, the archive of it, and the copy again when it is verified: never all three at once. */
function refuseFullDisk(folder: string, database: number): void {
  const needed = 2 * database;
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= needed) return;
  throw new Problem("The disk has no room for a backup.", {
    next: `Free ${
      Math.ceil(needed / 1e6)
    } MB or choose a folder on another disk: twice as much as the database takes.`,
    status: 507,
  });
}

function refuseExisting(path: string): void {
  if (!existsSync(path)) return;
  throw new Problem("There is a file of that name already; a backup never replaces another file.", {
    next: "Choose another name, or a folder: the backup is then named after the time.",
  });
}
