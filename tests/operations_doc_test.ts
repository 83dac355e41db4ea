/** docs/operations.md says what is there: its tables name tests, commands and settings that exist. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { VARIABLES } from "../lib/ops/settings.ts";
import { miniCorpus } from "./support/mini_corpus.ts";
import { repositoryPath } from "./support/shared.ts";

const text = readFileSync(repositoryPath("docs/operations.md"), "utf8");

/** Tables whose last column says which test shows the row. */
const rows = text.split(/\n(?=\|[^\n]*\| The test that shows it \|\n)/).slice(1)
  .flatMap((table) => table.split("\n\n")[0].trim().split("\n").slice(2))
  .map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));

Deno.test("every promise in docs/operations.md names its place and a test that exists", () => {
  assert.ok(rows.length > 25, `${rows.length} rows`);
  for (const [promise, place, tests] of rows) {
    assert.ok(promise && place, promise);
    const files = tests.match(/[\w/.-]+_test\.tsx?/g) ?? [];
    assert.ok(files.length > 0, `no test is named for: ${promise}`);
    for (const file of files) assert.ok(existsSync(repositoryPath(file)), `${promise}: ${file}`);
  }
});

Deno.test("tests that docs/operations.md names by their words are there by those words", () => {
  let named = 0;
  for (const [, , tests] of rows) {
    let file = "", source = "";
    for (const [, path, words] of tests.matchAll(/([\w/.-]+_test\.tsx?)|"([^"]+)"/g)) {
      if (path) {
        file = path;
        source = readFileSync(repositoryPath(path), "utf8");
        continue;
      }
      const begin = words.replace(/\s*\.\.\.$/, "");
      assert.ok(source.includes(begin), `${file} has no test "${begin}"`);
      named++;
    }
  }
  assert.ok(named > 15, `${named} tests are named by their words`);
});

Deno.test("commands, settings and files that docs/operations.md names are there", () => {
  const main = readFileSync(repositoryPath("main.ts"), "utf8");
  for (const [, command] of text.matchAll(/(?:`|^ {4})farchat ([a-z]+)/gm)) {
    assert.match(main, new RegExp(`^ {4}${command}: `, "m"), command);
  }
  for (const [name] of text.matchAll(/\b(?:BACKUP|RATE|ASK|MAX|METRICS|TRUSTED|LOG)_[A-Z_]+\b/g)) {
    assert.ok(Object.hasOwn(VARIABLES, name.replace(/_FILE$/, "")) || name === "LOG_FILE", name);
  }
  for (const [, path] of text.matchAll(/`((?:deploy|lib|tests|commands|scripts)\/[\w/.-]+)`/g)) {
    assert.ok(existsSync(repositoryPath(path)), path);
  }
});

Deno.test("every dependency has one exact version, and the lock file is there", () => {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(repositoryPath("package.json"), "utf8"),
  );
  const versions = Object.entries<string>({ ...dependencies, ...devDependencies });
  assert.ok(versions.length > 20);
  for (const [name, version] of versions) assert.match(version, /^\d+\.\d+\.\d+/, name);
  const { npm } = JSON.parse(readFileSync(repositoryPath("deno.lock"), "utf8"));
  for (const { integrity } of Object.values<{ integrity?: string }>(npm)) {
    assert.match(integrity ?? "", /^sha(1|512)-/);
  }
});

Deno.test("the load bench runs against a server and nothing fails", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "-A", repositoryPath("bench/main.ts")]
      .concat("load", "--seconds", "2", "--connections", "3", "--data", await miniCorpus()),
    env: { NO_COLOR: "1" },
  }).output();
  const out = new TextDecoder().decode(stdout);
  assert.equal(code, 0, out + new TextDecoder().decode(stderr));
  for (const what of ["pages", "search", "ask"]) {
    // Requests a second, p50, p95, p99, worst, failed, memory before and after.
    assert.match(out, new RegExp(`^\\| ${what} \\|( [\\d.]+ \\|){5} 0 \\|( \\d+ \\|){2}$`, "m"));
  }
});
