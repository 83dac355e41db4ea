/**
 * The checklist before a deployment, as one command: tests, format, lint, types, known weaknesses, secrets, build, and a
 * trial of what was built.
 *
 *     deno task predeploy [--skip NAME[,NAME]] [--json]
 *
 * Exit codes: 0 ready, 1 not ready, 2 wrong usage. Where an executable can't be built (`deno compile` downloads a base
 * binary; DENORT_BIN may name one), `--skip build` tries the source instead.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  allPass,
  type Check,
  type Outcome,
  program,
  runChecks,
  table,
} from "./predeploy/checks.ts";
import { checkSecrets } from "./predeploy/secrets.ts";
import { type Program, smokeTest } from "./predeploy/smoke.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const DENO = Deno.execPath();
const EXECUTABLE = `${ROOT}dist/farchat${Deno.build.os === "windows" ? ".exe" : ""}`;
const SOURCE: Program = [
  DENO,
  "run",
  "--no-prompt",
  ...["net", "read", "write", "env", "ffi", "sys"].map((name) => `--allow-${name}`),
  `${ROOT}main.ts`,
];

const CHECKS: (Check & { key: string })[] = [
  { key: "commit", name: "Everything is committed", run: checkCommitted },
  { key: "format", ...program("Format", DENO, ["fmt", "--check", "--quiet"]) },
  { key: "lint", ...program("Lint", DENO, ["lint", "--quiet"]) },
  { key: "islands", ...program("Islands", DENO, ["task", "--quiet", "islands"]) },
  { key: "types", ...program("Types", DENO, ["check", "--quiet"]) },
  { key: "tests", ...program("Tests", DENO, ["task", "--quiet", "test"]) },
  { key: "audit", ...program("Known weaknesses", DENO, ["audit", "--level=high"], unreachable) },
  { key: "secrets", name: "No secret in git", run: () => checkSecrets(ROOT) },
  { key: "build", ...program("Build", DENO, ["task", "--quiet", "build"]) },
  { key: "smoke", name: "Trial of the executable", run: () => smokeTest([EXECUTABLE]) },
];

/** A mirror of the registry often has no list of weaknesses: that is no weakness, and no pass either. */
function unreachable(output: string): Outcome | undefined {
  return /error sending request|dns error|failed to (fetch|post)|404|405|403|connection/i.test(
      output,
    ) &&
      !/severity/i.test(output)
    ? { result: "left out", note: "the registry gave no list of weaknesses" }
    : undefined;
}

async function checkCommitted(): Promise<Outcome> {
  const { success, stdout } = await new Deno.Command("git", {
    args: ["status", "--porcelain"],
    cwd: ROOT,
  }).output();
  if (!success) return { result: "left out", note: "this is no git repository" };
  const changed = new TextDecoder().decode(stdout).trim().split("\n").filter(Boolean);
  return changed.length === 0
    ? { result: "pass" }
    : { result: "fail", note: `${changed.length} files differ from the last commit` };
}

/** Without a build, the source is tried. */
function chosen(skipped: Set<string>): Check[] {
  return CHECKS.filter(({ key }) => !skipped.has(key)).map((check) =>
    check.key === "smoke" && skipped.has("build")
      ? { ...check, name: "Trial of the source", run: () => smokeTest(SOURCE) }
      : check
  );
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { skip: { type: "string", multiple: true }, json: { type: "boolean" } },
  });
  const skipped = new Set(values.skip?.flatMap((names) => names.split(",")) ?? []);
  const known = CHECKS.map(({ key }) => key);
  const unknown = [...skipped].filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(
      `predeploy: expected names of checks after --skip (${known.join(", ")}), found ${unknown}`,
    );
    return 2;
  }
  Deno.chdir(ROOT);
  const rows = await runChecks(chosen(skipped), (text) => console.error(text));
  console.error("");
  if (values.json) console.log(JSON.stringify({ ready: allPass(rows), checks: rows }, null, 2));
  else console.log(table(rows));
  return allPass(rows) ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
