/** `farchat verify FILE`: whether a backup can be restored. */
import { parseArgs } from "node:util";
import { useUnpackSettings } from "../lib/native/mod.ts";
import { type Manifest, verifyBackup } from "../lib/ops/backup/mod.ts";
import { loadSettings, processSources } from "../lib/ops/settings.ts";
import { contents, StagePrinter } from "./backup_printer.ts";

/** The verify command. Returns 0 for a backup that is whole, 2 for wrong usage; throws a `Problem` for others. */
export async function verifyCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: "boolean", default: false } },
  });
  if (positionals.length !== 1) {
    console.error(
      `farchat verify: expected one file, found ${positionals.length}.\nUsage: farchat verify FILE [--json]`,
    );
    return 2;
  }
  useUnpackSettings(loadSettings(processSources()));
  const printer = new StagePrinter();
  let manifest: Manifest;
  try {
    manifest = await verifyBackup(positionals[0], {
      onProgress: (progress) => printer.show(progress),
    });
  } finally {
    printer.end();
  }
  if (values.json) console.log(JSON.stringify({ ok: true, manifest }));
  console.error(
    `The backup is whole: made ${manifest.created} by FARchat ${manifest.version}; ${
      contents(manifest.counts)
    }`,
  );
  return 0;
}
