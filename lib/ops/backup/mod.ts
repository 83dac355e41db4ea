/**
 * Backups of the data folder: one compressed file with the database, uploaded files and a manifest.
 *
 *     const report = await backUp({ store, data, to: join(folder, backupName(new Date())) });
 *     await verifyBackup(report.file);
 *     await restoreBackup({ file: report.file, data });      // no server may run on it
 *
 * A backup holds everything that was asked and answered: keep it as you keep the data folder. Secrets that were stored
 * are in it as they are in the database, encrypted; keys of the environment and of .env are not in it.
 */
export { backUp, backupName, type BackupOptions, type BackupReport } from "./backup.ts";
export { type BackupInFolder, backupsIn, prune, removeAbandoned } from "./folder.ts";
export { type LastBackup, lastBackup, rememberBackup } from "./last_backup.ts";
export type { BackupCounts, Manifest } from "./manifest.ts";
export type { BackupProgress, OnProgress } from "./progress.ts";
export { restoreBackup, type RestoreOptions, type RestoreReport } from "./restore.ts";
export { verifyBackup, type VerifyOptions } from "./verify.ts";
