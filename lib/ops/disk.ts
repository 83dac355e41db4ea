/** The room on the disk of the data folder. */
import { existsSync, statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** With less free than this, in bytes, a disk counts as full: an ingestion or a backup would fail half way. */
export const DISK_FULL_BYTES = 100_000_000;

/** In bytes; `free` is what a user without special rights may write. */
export interface DiskSpace {
  free: number;
  total: number;
}

/** The disk that `folder` is on, or will be on; undefined where the machine doesn't tell. */
export function diskSpace(folder: string): DiskSpace | undefined {
  try {
    const { bavail, blocks, bsize } = statfsSync(nearestFolder(folder));
    return { free: bavail * bsize, total: blocks * bsize };
  } catch {
    return undefined;
  }
}

/** The folder itself, or the nearest one above it that exists. */
export function nearestFolder(folder: string): string {
  const path = resolve(folder);
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}
