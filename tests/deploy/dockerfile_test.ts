import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Copy, DockerfileParser } from "dockerfile-ast";
import { validate, ValidationSeverity } from "dockerfile-utils";
import manifest from "../../package.json" with { type: "json" };
import { repositoryPath } from "../support/shared.ts";
import { contextFiles, readIgnoreFile } from "./docker_context.ts";
import { program, read, run, testWith, unknownSettings } from "./tools.ts";

const text = read("Dockerfile");
const file = DockerfileParser.parse(text);
const instructions = file.getInstructions();
const lastStage = instructions.slice(
  instructions.findLastIndex((one) => one.getKeyword() === "FROM"),
);
const context = contextFiles(repositoryPath());

/** getFromFlag() sees it only as the one flag of a COPY. */
function fromFlag(copy: Copy): string | undefined {
  return copy.getFlags().find((flag) => flag.getName() === "from")?.getValue() ?? undefined;
}

function contents(keyword: string): string[] {
  return lastStage.filter((one) => one.getKeyword() === keyword).map((one) =>
    one.getArgumentsContent()!
  );
}

Deno.test("the Dockerfile has nothing that a linter finds fault with", () => {
  const found = validate(text, {
    deprecatedMaintainer: ValidationSeverity.ERROR,
    directiveCasing: ValidationSeverity.ERROR,
    emptyContinuationLine: ValidationSeverity.ERROR,
    instructionCasing: ValidationSeverity.ERROR,
    instructionCmdMultiple: ValidationSeverity.ERROR,
    instructionEntrypointMultiple: ValidationSeverity.ERROR,
    instructionHealthcheckMultiple: ValidationSeverity.ERROR,
    instructionJSONInSingleQuotes: ValidationSeverity.ERROR,
    instructionWorkdirRelative: ValidationSeverity.ERROR,
  });
  assert.deepEqual(found.map(({ message, range }) => `${range.start.line + 1}: ${message}`), []);
});

Deno.test("every stage that is named is there", () => {
  const stages = file.getFROMs().map((from) => from.getBuildStage());
  const { RUNTIME } = Object.fromEntries(
    file.getInitialARGs().map((
      arg,
    ) => [arg.getProperty()!.getName(), arg.getProperty()!.getValue()]),
  );
  for (const kind of ["executable", "source"]) assert.ok(stages.includes(kind), kind);
  assert.ok(stages.includes(RUNTIME!));
  for (const copy of file.getCOPYs()) {
    const from = fromFlag(copy as Copy);
    assert.ok(from == null || stages.includes(from), `${from}`);
  }
});

Deno.test("the image runs as nobody's root, checks its health with farchat, and carries labels", () => {
  assert.deepEqual(contents("USER"), ["${RUN_AS}"]);
  assert.match(text, /^ARG RUN_AS=10001:10001$/m);
  assert.deepEqual(contents("ENTRYPOINT"), ['["farchat"]']);
  assert.deepEqual(contents("CMD"), ['["serve"]']);
  assert.match(contents("HEALTHCHECK")[0], /CMD \["farchat", "healthcheck"\]$/);
  assert.deepEqual(contents("STOPSIGNAL"), ["SIGTERM"]);
  assert.deepEqual(contents("VOLUME"), [], "Railway refuses an image with VOLUME");
  for (const label of ["title", "description", "licenses", "version", "revision", "created"]) {
    assert.match(contents("LABEL")[0], new RegExp(`org\\.opencontainers\\.image\\.${label}=`));
  }
  const names = contents("ENV").join(" ").match(/\b[A-Z_]+(?==)/g)!;
  assert.deepEqual(unknownSettings(names), []);
});

Deno.test("the image's versions are those of package.json", () => {
  const deno = /npx --yes deno@([\d.]+) /.exec(manifest.scripts.start)![1];
  assert.match(text, new RegExp(`^ARG DENO_VERSION=${deno.replaceAll(".", "\\.")}$`, "m"));
  assert.match(text, new RegExp(`^ARG VERSION=${manifest.version.replaceAll(".", "\\.")}$`, "m"));
});

Deno.test("no secret comes into a layer: none as ARG or ENV, and npm's settings only while a step runs", () => {
  const named = instructions.filter((one) => ["ARG", "ENV"].includes(one.getKeyword()))
    .map((one) => one.getArgumentsContent()!);
  assert.deepEqual(named.filter((one) => /KEY|TOKEN|SECRET|PASSWORD/.test(one)), []);
  for (const one of instructions.filter((one) => one.getTextContent().includes("npmrc"))) {
    assert.match(one.getTextContent(), /^RUN --mount=type=secret,id=npmrc,target=\/root\/\.npmrc /);
  }
});

Deno.test("the build context has what the steps copy and run, and nothing else", () => {
  for (const copy of file.getCOPYs()) {
    if (fromFlag(copy as Copy)) continue;
    for (const path of copy.getArguments().slice(0, -1).map((one) => one.getValue())) {
      assert.ok(path === "." || context.includes(path), `${path} is not in the context`);
    }
  }
  const needed = ["main.ts", "deno.lock", "scripts/build_islands.ts", "scripts/build.ts"];
  needed.push("commands/serve.ts", "routes/index.tsx", "static/styles/frame.css", "LICENSE");
  for (const path of needed) assert.ok(context.includes(path), `${path} is not in the context`);
  const folders = new Set(context.map((path) => path.split("/")[0]));
  for (const out of [".git", ".env", "farchat_data", "node_modules", "tests", "docs", "dist"]) {
    assert.ok(!folders.has(out), `${out} is in the context`);
  }
  assert.deepEqual(
    context.filter((path) => /(^|\/)\.env|\.log$|_test\.tsx?$|\.db(-wal|-shm)?$/.test(path)),
    [],
  );
});

Deno.test("every import of a file in the context leads to a file in the context", () => {
  const missing = context.filter((path) => /\.tsx?$/.test(path)).flatMap((path) => {
    const code = readFileSync(repositoryPath(path), "utf8");
    return [...code.matchAll(/(?:from\s+|import\s*\(?\s*)"(\.{1,2}\/[^"]+)"/g)].map(([, to]) =>
      join(path, "..", to)
    ).filter((to) => !context.includes(to)).map((to) => `${path} imports ${to}`);
  });
  // Fixtures of the developers' tools.
  assert.deepEqual(missing.filter((one) => !one.startsWith("scripts/")), []);
});

Deno.test("a .dockerignore is read as Docker reads it: the last rule counts, ** is any depth", () => {
  const ignored = readIgnoreFile("# all\n*\n!lib\nlib/*.log\n**/*_test.ts\n!/a/b.txt\n");
  for (const path of ["x", "lib/a.log", "lib/b_test.ts", "lib/c/d_test.ts", "a/c.txt"]) {
    assert.ok(ignored(path), path);
  }
  for (const path of ["lib/a.ts", "lib/c/a.log", "a/b.txt"]) assert.ok(!ignored(path), path);
});

const shellcheck = program("shellcheck", "the check of the image's command");
testWith(
  shellcheck,
  "the image's command has nothing that shellcheck finds fault with",
  async (command) => {
    const { code, output } = await run(command, [repositoryPath("deploy/docker/farchat")]);
    assert.equal(code, 0, output);
  },
);

const setpriv = Deno.uid() === 0 ? program("setpriv", "the test of giving root away") : undefined;
testWith(
  setpriv,
  "started as root, the image's command gives the data to FARchat's user and root away",
  async () => {
    const folder = Deno.makeTempDirSync();
    try {
      chmodSync(folder, 0o755);
      const data = join(folder, "data");
      mkdirSync(join(data, "sub"), { recursive: true });
      writeFileSync(join(data, "old"), "");
      writeFileSync(join(data, "other"), "");
      chownSync(join(data, "other"), 1234, 1234);
      const fake = join(folder, "program");
      writeFileSync(
        fake,
        '#!/bin/sh\necho "$(id -u):$(id -g) $*"\ngrep NoNewPrivs /proc/self/status\n',
      );
      const script = join(folder, "farchat");
      writeFileSync(
        script,
        read("deploy/docker/farchat").replace("/usr/local/lib/farchat/farchat", fake),
      );
      for (const path of [fake, script]) chmodSync(path, 0o755);
      const { code, output } = await run(script, ["serve", "a b"], { env: { FARCHAT_DATA: data } });
      assert.equal(code, 0, output);
      assert.match(output, /^10001:10001 serve a b\nNoNewPrivs:\s+1/);
      const owner = (path: string) => Deno.statSync(join(data, path)).uid;
      assert.deepEqual(["", "sub", "old", "other"].map(owner), [10001, 10001, 10001, 1234]);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);
