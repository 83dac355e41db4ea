import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { Problem } from "../lib/problem.ts";
import { runCommand, usage } from "./run.ts";

/** Runs with standard output and error kept. */
async function run(args: string[], command: (args: string[]) => Promise<number>) {
  const out: string[] = [];
  const err: string[] = [];
  const { log, error } = console;
  console.log = (text: string) => out.push(text);
  console.error = (text: string) => err.push(text);
  try {
    const code = await runCommand(args, { search: command });
    return { code, out: out.join("\n"), err: err.join("\n") };
  } finally {
    console.log = log;
    console.error = error;
  }
}

const never = () => Promise.reject(new Error("not to be called"));

Deno.test("the words after the command's name reach the command, and its exit code comes back", async () => {
  const { code } = await run(["search", "a", "-k", "3"], (args) => {
    assert.deepEqual(args, ["a", "-k", "3"]);
    return Promise.resolve(7);
  });
  assert.equal(code, 7);
});

Deno.test("an unknown command is wrong usage and says which there are, also for names objects have", async () => {
  for (const name of ["serach", "constructor", "toString"]) {
    const { code, err } = await run([name], never);
    assert.equal(code, 2);
    assert.match(err, new RegExp(`found "${name}"`));
    assert.match(err, /farchat search/);
  }
});

Deno.test("no command is wrong usage, help is not", async () => {
  assert.equal((await run([], never)).code, 2);
  for (const word of ["help", "--help", "-h"]) assert.equal((await run([word], never)).code, 0);
  assert.match((await run(["search", "--help"], never)).out, /search/);
  assert.match(usage({ search: never }), /Exit codes/);
});

Deno.test("a Problem is printed with its next step and fails with 1", async () => {
  const { code, err } = await run(["search", "x"], () => {
    throw new Problem("expected a question, found nothing", { next: "Type one." });
  });
  assert.equal(code, 1);
  assert.match(err, /expected a question, found nothing\nType one\./);
});

Deno.test("a flag nobody knows is wrong usage", async () => {
  const { code, err } = await run(["search", "--loud"], (args) => {
    parseArgs({ args, options: {}, allowPositionals: true });
    return Promise.resolve(0);
  });
  assert.equal(code, 2);
  assert.match(err, /--loud/);
});

Deno.test("an error that is ours to fix is not swallowed", async () => {
  await assert.rejects(run(["search"], () => Promise.reject(new TypeError("bug"))), TypeError);
});
