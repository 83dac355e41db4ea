/** `farchat restore FILE`: a backup in place of what is in the data folder. */
import { parseArgs } from "node:util";
import { useUnpackSettings } from "../lib/native/mod.ts";
import { restoreBackup, type RestoreReport } from "../lib/ops/backup/mod.ts";
import { configureLogs } from "../lib/ops/log.ts";
import { loadSettings, processSources } from "../lib/ops/settings.ts";
import { contents, StagePrinter } from "./backup_printer.ts";

/** The restore command. Returns 0, or 2 for wrong usage; throws a `Problem` and changes nothing otherwise. */
export async function restoreCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { data: { type: "string" }, json: { type: "boolean", default: false } },
  });
  if (positionals.length !== 1) {
    console.error(
      `farchat restore: expected one file, found ${positionals.length}.\n` +
        "Usage: farchat restore FILE [--data FOLDER] [--json]",
    );
    return 2;
  }
  const settings = loadSettings(processSources({ FARCHAT_DATA: values.data }));
  await configureLogs(settings);
  useUnpackSettings(settings);
  const printer = new StagePrinter();
  let report: RestoreReport;
  try {
    report = await restoreBackup({
      file: positionals[0],
      data: settings.FARCHAT_DATA,
      onProgress: (progress) => printer.show(progress),
    });
  } finally {
    printer.end();
  }
  if (values.json) console.log(JSON.stringify(report));
  const { counts, manifest, kept } = report;
  const from = manifest ? ` from ${manifest.created}` : "";
  console.error(`Restored${from}: ${contents(counts)}.`);
  if (kept) console.error(`What was there before is in ${kept}; remove it when you don't need it.`);
  return 0;
}
