/** The worker in which a server backs up: its own connection to the store, so that pages answer meanwhile. */
/// <reference lib="deno.worker" />
import { Problem } from "../../problem.ts";
import { openStore } from "../../store/mod.ts";
import { backUp } from "./backup.ts";
import type { BackupJob, FromBackupWorker } from "./worker_messages.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;

scope.onmessage = async (event: MessageEvent<BackupJob>) => {
  scope.postMessage(await run(event.data));
};

async function run(job: BackupJob): Promise<FromBackupWorker> {
  const { storePath, data, to, aside } = job;
  try {
    const store = openStore({ path: storePath, busyTimeoutMs: 30_000 });
    try {
      return { kind: "done", report: await backUp({ store, data, to, aside }) };
    } finally {
      store.close();
    }
  } catch (error) {
    if (!(error instanceof Problem)) return { kind: "failed", message: String(error) };
    const { message, next, status, cause } = error;
    return { kind: "problem", message, next, status, cause: String(cause ?? "") };
  }
}
