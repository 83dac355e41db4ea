import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryPath } from "../tests/support/shared.ts";
import { allPass, program, runChecks, table } from "./predeploy/checks.ts";
import { findSecrets } from "./predeploy/secrets.ts";
import { smokeTest } from "./predeploy/smoke.ts";

Deno.test("after a check that fails the others are made too, and the table says which", async () => {
  const rows = await runChecks([
    { name: "One", run: () => Promise.resolve({ result: "pass" }) },
    { name: "Another", run: () => Promise.reject(new Error("no\nmore")) },
    { name: "Third", run: () => Promise.resolve({ result: "left out", note: "no net" }) },
  ], () => {});
  assert.equal(allPass(rows), false);
  assert.equal(
    table(rows),
    [
      "PASS  One         0 s",
      "FAIL  Another     0 s  no",
      "----  Third       0 s  no net",
      "",
      "Not ready to deploy: 1 passed, 1 failed, 1 left out.",
    ].join("\n"),
  );
  assert.match(table(rows.slice(0, 1)), /Ready to deploy: 1 passed, 0 failed\.$/);
});

Deno.test("a program passes when it ends with 0, and its failure can be judged by what it said", async () => {
  const run = (code: string) =>
    program(
      "x",
      Deno.execPath(),
      ["eval", code],
      (output) => output.includes("nobody") ? { result: "left out" } : undefined,
    ).run();
  assert.deepEqual(await run("Deno.exit(0)"), { result: "pass" });
  assert.deepEqual(await run("Deno.exit(3)"), { result: "fail", note: "it ended with 3" });
  assert.deepEqual(await run("console.error('nobody'); Deno.exit(1)"), { result: "left out" });
});

Deno.test("secrets are found by their form and by the names of their files; examples are none", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const files: [string, string][] = [
      ["a.ts", `const key = "sk-ant-${"api03"}-${"x".repeat(90)}";`],
      ["b.md", "# \nANTHROPIC_API_KEY=sk-ant-...\nhttps://KEY@sentry.example.gov/1\n"],
      ["c.yml", `\n\ntoken: gh${"p"}_${"a".repeat(36)}`],
      ["d.txt", `https://user:${"secret"}word1@example.gov/x`],
      [".env", "X=1"],
      [".env.example", "X="],
    ];
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const found = findSecrets(folder, files.map(([name]) => name));
    assert.deepEqual(found.map(({ path, line }) => [path, line]), [
      ["a.ts", 1],
      ["c.yml", 3],
      ["d.txt", 1],
      [".env", undefined],
    ]);
    assert.ok(!JSON.stringify(found).includes("xxx"), "the secret itself is not repeated");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("the trial passes with this FARchat, and says what went wrong with another program", async () => {
  const flags = ["net", "read", "write", "env", "ffi", "sys"].map((name) => `--allow-${name}`);
  const outcome = await smokeTest([
    Deno.execPath(),
    "run",
    "--no-prompt",
    ...flags,
    repositoryPath("main.ts"),
  ]);
  assert.deepEqual(outcome, { result: "pass" });
  await assert.rejects(
    smokeTest([Deno.execPath(), "eval", "if (Deno.args[0] !== 'version') Deno.exit(1)"]),
    /the server ended/,
  );
});
