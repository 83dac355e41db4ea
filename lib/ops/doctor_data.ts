/** What `farchat doctor` looks at in the data folder. */
import { accessSync, constants, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EmbedderRecord } from "../store/types.ts";
import { lockHolder } from "./data_lock.ts";
import { DISK_FULL_BYTES, diskSpace, nearestFolder } from "./disk.ts";
import type { Check, DatabaseLook } from "./doctor.ts";

/** Room for an ingestion of both regulations and a backup of it, in bytes. */
const ROOM_BYTES = 1_000_000_000;

export function checkFolder(folder: string): Check {
  const name = "data folder";
  const give =
    "Give this user the right to write there, or choose another with --data FOLDER or FARCHAT_DATA.";
  let mode: number | null;
  try {
    const info = statSync(folder);
    if (!info.isDirectory()) {
      return { name, status: "fail", found: "a file is where the folder should be", next: give };
    }
    mode = info.mode;
  } catch {
    return writable(nearestFolder(folder))
      ? { name, status: "pass", found: "not there yet; the first start makes it" }
      : { name, status: "fail", found: "not there, and it can't be made", next: give };
  }
  if (!writable(folder)) return { name, status: "fail", found: "it can't be written", next: give };
  // Windows has no such bits.
  const others = Deno.build.os === "windows" ? 0 : (mode ?? 0) & 0o077;
  if (others === 0) return { name, status: "pass", found: "there, and only this user may read it" };
  return {
    name,
    status: "warn",
    found: `other users of this machine may look into it (mode ${octal(mode!)})`,
    next: "Questions and answers are in it: chmod 700 on the folder keeps them to this user.",
  };
}

export function checkDisk(folder: string, databaseBytes: number): Check {
  const name = "disk";
  const space = diskSpace(folder);
  if (!space) return { name, status: "pass", found: "this machine doesn't tell how much is free" };
  const found = `${size(space.free)} of ${size(space.total)} free`;
  if (space.free < DISK_FULL_BYTES) {
    return { name, status: "fail", found, next: "Free some space, or use a larger disk." };
  }
  if (space.free < Math.max(ROOM_BYTES, 2 * databaseBytes)) {
    return {
      name,
      status: "warn",
      found,
      next: "An update and a backup each need as much room as the database takes; free some space.",
    };
  }
  return { name, status: "pass", found };
}

export function checkServer(folder: string): Check {
  const holder = lockHolder(folder);
  const found = holder
    ? `running on this folder: process ${holder.pid ?? "unknown"}, since ${holder.since ?? "?"}`
    : "none is running on this folder";
  return { name: "server", status: "pass", found };
}

export function checkDatabase({ inspection, problem }: DatabaseLook): Check {
  const name = "database";
  if (problem) return { name, status: "fail", found: problem.message, next: problem.next };
  if (!inspection) {
    return { name, status: "pass", found: "not there yet; the first start makes it" };
  }
  const { damage, schemaVersion, newestVersion, bytes } = inspection;
  if (damage.length > 0) {
    return {
      name,
      status: "fail",
      found: "damaged",
      next: "Stop FARchat and restore a backup: farchat restore FILE",
    };
  }
  if (schemaVersion > newestVersion) {
    return {
      name,
      status: "fail",
      found: `schema ${schemaVersion}, of a newer FARchat; this one knows ${newestVersion}`,
      next: "Use the newer FARchat, or restore the copy it made before the update.",
    };
  }
  const schema = schemaVersion === newestVersion
    ? `schema ${schemaVersion}`
    : `schema ${schemaVersion}; the next start brings it to ${newestVersion}, after a copy`;
  return { name, status: "pass", found: `whole, ${schema}, ${size(bytes)}` };
}

export function checkVectors({ inspection }: DatabaseLook, model: EmbedderRecord): Check {
  const name = "vectors";
  const stored = inspection?.embedder;
  if (!stored) return { name, status: "pass", found: "none stored yet" };
  const same = stored.name === model.name && stored.dimensions === model.dimensions &&
    stored.version === model.version;
  if (same) return { name, status: "pass", found: `made by ${stored.name}, as this FARchat does` };
  return {
    name,
    status: "fail",
    found: `made by ${stored.name} (${stored.dimensions} dimensions, version ${stored.version}), ` +
      `but the model now is ${model.name} (${model.dimensions} dimensions, version ${model.version})`,
    next: "Make them anew: farchat ingest --re-embed",
  };
}

/** Bytes for people, in powers of ten as disks are sold. */
export function size(bytes: number): string {
  if (bytes < 1e9) return `${Math.round(bytes / 1e6)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** A file is written and removed: rights alone don't tell of a disk that was mounted read-only. */
function writable(folder: string): boolean {
  const probe = join(folder, `.farchat-doctor-${crypto.randomUUID().slice(0, 8)}`);
  try {
    accessSync(folder, constants.W_OK);
    writeFileSync(probe, "");
    rmSync(probe);
    return true;
  } catch {
    return false;
  }
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8);
}
