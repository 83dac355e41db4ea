/** A backup beside a server. */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Problem } from "../../problem.ts";
import type { BackupReport } from "./backup.ts";
import type { BackupJob, FromBackupWorker } from "./worker_messages.ts";

/**
 * Runs `backUp` in a worker with its own connection to the store; settles as it does. When `signal` aborts, the worker
 * ends at once and leaves nothing.
 */
export async function backUpInWorker(
  job: Omit<BackupJob, "aside">,
  signal: AbortSignal,
): Promise<BackupReport> {
  signal.throwIfAborted();
  const aside = join(dirname(job.to), `.farchat-backup-${crypto.randomUUID().slice(0, 8)}`);
  const worker = new Worker(new URL("./backup_worker.ts", import.meta.url), {
    type: "module",
    name: "farchat-backup",
  });
  let stop = () => {};
  try {
    return await new Promise((resolve, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
      worker.onmessage = ({ data }: MessageEvent<FromBackupWorker>) => {
        if (data.kind === "done") return resolve(data.report);
        if (data.kind === "failed") return reject(new Error(data.message));
        const { message, next, status, cause } = data;
        reject(new Problem(message, { next, status, cause }));
      };
      worker.onerror = (event) => {
        // Without this the error would end the server.
        event.preventDefault();
        reject(new Error(`the backup worker died: ${event.message}`));
      };
      worker.postMessage({ ...job, aside } satisfies BackupJob);
    });
  } finally {
    signal.removeEventListener("abort", stop);
    worker.terminate();
    rmSync(aside, { recursive: true, force: true });
  }
}
