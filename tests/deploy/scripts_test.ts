import assert from "node:assert/strict";
import { repositoryPath } from "../support/shared.ts";
import { program, read, run, testWith } from "./tools.ts";

const SCRIPTS = ["deploy/deploy.sh", "deploy/rollback.sh", "deploy/docker/farchat"];
const shellcheck = program("shellcheck", "the check of the shell scripts");

testWith(shellcheck, "shellcheck finds no fault with the scripts", async (command) => {
  const { code, output } = await run(command, [
    "--external-sources",
    ...SCRIPTS,
    "deploy/common.sh",
  ], {
    cwd: repositoryPath(),
  });
  assert.equal(code, 0, output);
});

Deno.test("the scripts can be executed, and say how they are used when they are used wrongly", async () => {
  for (const path of SCRIPTS) {
    assert.ok((Deno.statSync(repositoryPath(path)).mode! & 0o111) !== 0, path);
    assert.match(read(path), /^#!\/(usr\/bin\/env bash|bin\/sh)\n/);
  }
  const { code, output } = await run(repositoryPath("deploy/deploy.sh"), []);
  assert.equal(code, 2);
  assert.match(output, /^usage: deploy\.sh ARTIFACT/);
  assert.equal((await run(repositoryPath("deploy/rollback.sh"), ["--wrong"])).code, 2);
});
