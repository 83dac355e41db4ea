import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadSettings } from "../../lib/ops/settings.ts";
import { repositoryPath } from "../support/shared.ts";
import { program, read, run, testWith, unknownSettings } from "./tools.ts";

const unit = read("deploy/systemd/farchat.service");
const EXECUTABLE = "/opt/farchat/current/farchat";
const analyze = program("systemd-analyze", "systemd's check of the unit");

/** The values of a directive, in order. */
function values(directive: string): string[] {
  return [...unit.matchAll(new RegExp(`^${directive}=(.*)$`, "gm"))].map((match) => match[1]);
}

/** The unit with a program that is there, and with the lines for secrets switched on. */
async function withUnit(work: (path: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    const stand = join(folder, "farchat-program");
    writeFileSync(stand, "#!/bin/sh\n");
    chmodSync(stand, 0o755);
    const path = join(folder, "farchat.service");
    writeFileSync(
      path,
      unit.replaceAll(EXECUTABLE, stand).replace(/^#(LoadCredential|Environment)=/gm, "$1="),
    );
    await work(path);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

testWith(analyze, "systemd finds no fault with the unit, secrets switched on", async (command) => {
  await withUnit(async (path) => {
    const { code, output } = await run(command, ["verify", path]);
    assert.equal(
      output.split("\n").filter((line) => line.includes("farchat.service")).join("\n"),
      "",
    );
    assert.equal(code, 0, output);
  });
});

testWith(
  analyze,
  "systemd calls what the service may still do OK: 2 of 10 or less",
  async (command) => {
    await withUnit(async (path) => {
      const { code, output } = await run(command, [
        "security",
        "--offline=true",
        "--threshold=20",
        path,
      ]);
      assert.equal(code, 0, output);
    });
  },
);

const strace = analyze && program("strace", "the look at FARchat's system calls");
testWith(
  strace,
  "a server makes no system call that the unit refuses, from its start to its end",
  async (command) => {
    const allowed = await systemCalls(analyze!, "@system-service");
    for (const call of await systemCalls(analyze!, "@pkey")) allowed.add(call);
    for (const group of ["@privileged", "@obsolete"]) {
      for (const name of await systemCalls(analyze!, group)) allowed.delete(name);
    }
    const folder = Deno.makeTempDirSync();
    try {
      const counts = join(folder, "counts");
      const pid = join(folder, "pid");
      const data = join(folder, "data");
      const flags = ["net", "read", "write", "env", "ffi", "sys"].map((name) => `--allow-${name}`);
      const farchat = [Deno.execPath(), "run", "--no-prompt", ...flags, repositoryPath("main.ts")];
      const server = new Deno.Command(command, {
        args: [
          ...["-f", "-c", "-U", "name", "-o", counts],
          ...["sh", "-c", 'echo $$ >"$0"; exec "$@"', pid],
          ...[...farchat, "serve", "--port", "0", "--data", data],
        ],
        stdin: "null",
        stdout: "null",
        stderr: "piped",
        env: { ANTHROPIC_API_KEY: "", BACKUP_SCHEDULE: "off", NO_COLOR: "1" },
      }).spawn();
      let log = "";
      for await (const text of server.stderr.pipeThrough(new TextDecoderStream())) {
        const before = log;
        log += text;
        const url = /^Answers /m.test(log) && !/^Answers /m.test(before) &&
          /at (http\S+)/.exec(log)?.[1];
        if (!url) continue;
        const answer = await fetch(`${url}/api/v1/chat`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ question: "Who signs a contract?", stream: false }),
        });
        assert.equal(answer.status, 200, await answer.text());
        // strace does not pass SIGTERM on; the server is its child.
        Deno.kill(Number(Deno.readTextFileSync(pid)), "SIGTERM");
      }
      assert.equal((await server.status).code, 0, log);
      const made = Deno.readTextFileSync(counts).split("\n").map((line) => line.trim())
        .filter((line) => /^[a-z]\w*$/.test(line) && !["syscall", "total"].includes(line));
      assert.ok(made.length > 40, `${made.length} system calls were seen`);
      // SQLite gives its files to the folder's owner when it runs as root, as here; the service does not.
      if (Deno.uid() === 0) allowed.add("fchown");
      assert.deepEqual(made.filter((name) => !allowed.has(name)), []);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);

/** The system calls of a group of systemd's, and of the groups in it. */
async function systemCalls(command: string, group: string): Promise<Set<string>> {
  const { output } = await run(command, ["syscall-filter", group]);
  const members = [...output.matchAll(/^ {4}([@\w-]+)$/gm)].map((match) => match[1]);
  const calls = new Set<string>();
  for (const member of members) {
    if (!member.startsWith("@")) calls.add(member);
    else for (const call of await systemCalls(command, member)) calls.add(call);
  }
  return calls;
}

Deno.test("what V8 and the native libraries need is not taken away", () => {
  assert.deepEqual(values("MemoryDenyWriteExecute"), []);
  assert.deepEqual(values("NoExecPaths"), []);
});

Deno.test("the data are in the service's own folder, and every variable is a setting", () => {
  const variables = values("Environment").join(" ").split(" ").map((word) =>
    word.split("=") as [string, string]
  );
  assert.deepEqual(unknownSettings(variables.map(([name]) => name)), []);
  const settings = loadSettings({ environment: Object.fromEntries(variables) });
  assert.equal(settings.FARCHAT_DATA, `/var/lib/${values("StateDirectory")[0]}`);
  assert.deepEqual(values("ExecStart"), [`${EXECUTABLE} serve`]);
  const secret = /^#Environment=(\w+)=%d\/(\w+)$/m.exec(unit)!;
  assert.deepEqual(unknownSettings([secret[1]]), []);
  assert.match(unit, new RegExp(`^#LoadCredential=${secret[2]}:`, "m"));
});
