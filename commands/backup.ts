/** `farchat backup`: the data folder in one verified file, also while a server runs. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DATABASE_FILE, databasePath } from "../lib/farchat.ts";
import { backUp, backupName, rememberBackup } from "../lib/ops/backup/mod.ts";
import { configureLogs } from "../lib/ops/log.ts";
import { backupFolder } from "../lib/ops/schedule.ts";
import { loadSettings, processSources } from "../lib/ops/settings.ts";
import { Problem } from "../lib/problem.ts";
import { openStore } from "../lib/store/mod.ts";
import { contents, megabytes, StagePrinter } from "./backup_printer.ts";

/** The backup command; see lib/ops/backup. Returns 0, or throws a `Problem`. */
export async function backupCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      to: { type: "string" },
      data: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const settings = loadSettings(processSources({ FARCHAT_DATA: values.data }));
  await configureLogs(settings);
  const data = settings.FARCHAT_DATA;
  // Asking for a backup makes no data folder, so this comes before databasePath.
  if (!existsSync(join(data, DATABASE_FILE))) {
    throw new Problem("Expected a data folder with a database to back up, found none.", {
      next: "Name the folder with --data FOLDER or FARCHAT_DATA.",
    });
  }
  const printer = new StagePrinter();
  const store = openStore({ path: databasePath(settings), busyTimeoutMs: 30_000 });
  try {
    const report = await backUp({
      store,
      data,
      to: target(values.to ?? backupFolder(settings), new Date()),
      onProgress: (progress) => printer.show(progress),
    });
    const { file, bytes, seconds, manifest } = report;
    rememberBackup(data, { made: manifest.created, bytes, seconds });
    printer.end();
    if (values.json) console.log(JSON.stringify({ ...report, verified: true }));
    console.error(
      `${file}: ${megabytes(bytes)}, verified, in ${seconds.toFixed(1)} s; ${
        contents(manifest.counts)
      }`,
    );
    return 0;
  } finally {
    printer.end();
    store.close();
  }
}

/** A name that ends as an archive's is the file; everything else is a folder. */
function target(to: string, now: Date): string {
  const isFolder = existsSync(to) && statSync(to).isDirectory();
  return !isFolder && /\.(tar\.gz|tgz)$/i.test(to) ? to : join(to, backupName(now));
}
