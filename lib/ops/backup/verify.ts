/** `farchat verify`: a backup restored aside, looked at, and removed again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkStore } from "./check_store.ts";
import { withDiskProblems } from "./disk_problem.ts";
import { DATABASE, type Manifest } from "./manifest.ts";
import type { OnProgress } from "./progress.ts";
import { unpack } from "./unpack.ts";

/** How to verify. */
export interface VerifyOptions {
  /** Where it is restored aside; the system's folder for temporary files when absent. */
  aside?: string;
  onProgress?: OnProgress;
}

/**
 * Restores the backup at `path` aside, checks its database (integrity, counts, a fixed search) and removes it again.
 * Returns its manifest; throws a `Problem` that says what is wrong with it.
 */
export function verifyBackup(path: string, options: VerifyOptions = {}): Promise<Manifest> {
  return withDiskProblems("the backup", async () => {
    const folder = mkdtempSync(join(options.aside ?? tmpdir(), ".farchat-verify-"));
    try {
      const manifest = await unpack(
        path,
        folder,
        (share) => options.onProgress?.({ stage: "verifying", share: share * 0.5 }),
      );
      checkStore(join(folder, DATABASE), manifest);
      options.onProgress?.({ stage: "verifying", share: 1 });
      return manifest;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
