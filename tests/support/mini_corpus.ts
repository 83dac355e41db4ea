/** The made-up regulation of tests/fixtures, ingested by the real command line with the real model. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { corpusKey } from "./full_corpus.ts";
import { runCommand } from "./running_farchat.ts";
import { repositoryPath } from "./shared.ts";

/** The files that are ingested. */
export const MINI_FILES = ["mini_far.xml", "mini_dfars.xml"].map((name) =>
  repositoryPath("tests", "fixtures", name)
);

const ONE_DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The data folder, for `startFarchat({ from })`; it is kept in .cache until the code that makes it changes. It takes a
 * few seconds to make.
 */
export async function miniCorpus(): Promise<string> {
  const cache = repositoryPath(".cache");
  const folder = `${cache}/mini-corpus-${corpusKey(MINI_FILES)}`;
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  removeOld(cache);
  const making = Deno.makeTempDirSync({ dir: cache, prefix: "mini-making-" });
  const { code, err } = await runCommand(["ingest", ...MINI_FILES, "--data", making]);
  if (code !== 0) throw new Error(`farchat ingest failed with ${code}: ${err}`);
  try {
    renameSync(making, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // another test process was faster
    rmSync(making, { recursive: true });
  }
  return folder;
}

/** Those of earlier code; a test that runs now may still use one of today. */
function removeOld(cache: string): void {
  for (const name of readdirSync(cache).filter((name) => name.startsWith("mini-"))) {
    const path = `${cache}/${name}`;
    if (Date.now() - statSync(path).mtimeMs > ONE_DAY_MS) rmSync(path, { recursive: true });
  }
}
