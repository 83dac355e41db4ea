/**
 * A data folder with the complete FAR and DFARS, ingested by the real command line. It takes about three minutes to
 * make and is kept in .cache until the code that makes it or the official text changes.
 */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { repositoryPath, sharedDir } from "./shared.ts";

/** Code that decides what is in the database. */
const MAKERS = [
  "lib/regulation",
  "lib/ingest",
  "lib/embed",
  "lib/store",
  "lib/retrieve/starter.ts",
  "corpus",
];

function filesOf(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).toSorted().flatMap((name) => filesOf(join(path, name)));
}

/** Changes with the files that a database is made from, and with the code that makes it. */
export function corpusKey(files: string[]): string {
  const hash = createHash("sha256");
  const sources = MAKERS.flatMap((path) => filesOf(repositoryPath(path)))
    .filter((path) => !/_test\.ts$/.test(path));
  for (const path of [...sources, ...files]) {
    hash.update(path).update(readFileSync(path));
  }
  return hash.digest("hex").slice(0, 16);
}

/** What Deno needs to run the command line of the repository, from a test. */
export const FARCHAT_COMMAND = [
  "run",
  "--no-prompt",
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-ffi",
  "--allow-sys",
  repositoryPath("main.ts"),
];

/**
 * The folder, for `--data`; its database is `farchat.db`. Undefined on a machine without the official text. Copy it
 * before writing to it.
 */
export async function fullCorpus(): Promise<string | undefined> {
  const shared = sharedDir();
  if (!shared) return undefined;
  const folder = repositoryPath(
    ".cache",
    `full-corpus-${corpusKey(filesOf(join(shared, "corpus", "ecfr")))}`,
  );
  if (existsSync(folder)) return folder;
  const making = `${folder}.making`; // resumed when an earlier test run was cut off
  const args = ["ingest", join(shared, "corpus", "ecfr"), "--data", making];
  const earlier = earlierFolder();
  if (!existsSync(making) && earlier) {
    // Vectors of chunks that are still the same are used again: seconds instead of minutes.
    cpSync(earlier, making, { recursive: true });
    args.push("--re-embed");
  }
  mkdirSync(making, { recursive: true });
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...FARCHAT_COMMAND, ...args],
    cwd: repositoryPath(),
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code !== 0) {
    throw new Error(`farchat ingest failed with ${code}: ${new TextDecoder().decode(stderr)}`);
  }
  renameSync(making, folder);
  if (earlier) rmSync(earlier, { recursive: true });
  return folder;
}

function earlierFolder(): string | undefined {
  const cache = repositoryPath(".cache");
  if (!existsSync(cache)) return undefined;
  const name = readdirSync(cache).find((entry) => /^full-corpus-[0-9a-f]{16}$/.test(entry));
  return name && join(cache, name);
}
