/** What a server and its backup worker say to each other. */
import type { BackupReport } from "./backup.ts";

/** What the worker is to back up; see `BackupOptions`. */
export interface BackupJob {
  storePath: string;
  data: string;
  to: string;
  aside: string;
}

/** How it went. */
export type FromBackupWorker =
  | { kind: "done"; report: BackupReport }
  | { kind: "problem"; message: string; next: string; status: number; cause: string }
  | { kind: "failed"; message: string };
