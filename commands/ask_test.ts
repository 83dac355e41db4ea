import assert from "node:assert/strict";
import { anthropicDouble } from "../tests/support/anthropic_double.ts";
import { repositoryPath } from "../tests/support/shared.ts";
import { sectionOf, storeWith } from "../tests/support/answer_sections.ts";

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `farchat ask` as people do, in a process of its own. */
async function ask(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const data = Deno.makeTempDirSync({ prefix: "farchat_ask_" });
  try {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", repositoryPath("main.ts"), "ask", ...args],
      cwd: data,
      env: { FARCHAT_DATA: data, ANTHROPIC_API_KEY: "", LOG_LEVEL: "ERROR", ...env },
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } finally {
    Deno.removeSync(data, { recursive: true });
  }
}

Deno.test("without a question or with an unknown flag the usage is printed and the code is 2", async () => {
  for (const args of [[], ["--nonsense", "x"]]) {
    const { code, stdout, stderr } = await ask(args);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /Usage: farchat ask/);
  }
});

Deno.test("an empty question is a problem with a next step, and the code is 1", async () => {
  const { code, stdout, stderr } = await ask(["  "]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /farchat ask: Expected a question, found an empty one\.\n/);
});

Deno.test("on a fresh machine the answer is a labelled brief with its official address, also as JSON", async () => {
  const question = "When do I need certified cost or pricing data?";
  const text = await ask([question]);
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /not loaded here yet/);
  assert.match(
    text.stdout,
    /\nSources\n\[1\] FAR \S+ \(FARchat’s summary, not the regulation\), https:\/\/www\.ecfr\.gov\//,
  );
  const json = await ask([question, "--json"]);
  assert.equal(json.code, 0, json.stderr);
  const report = JSON.parse(json.stdout);
  assert.deepEqual(Object.keys(report), [
    "question",
    "answer",
    "mode",
    "citations",
    "passages",
    "notices",
  ]);
  assert.equal(report.question, question);
  assert.equal(report.mode, "extractive");
  assert.ok(
    report.citations.length > 0 &&
      report.citations.every((c: { kind: string }) => c.kind === "brief"),
  );
});

Deno.test("with a key Claude's answer is printed with its marks and what it cost", async () => {
  const tents = sectionOf("97.201", "Approving purchases of tents", [
    ["(a)", "(a) The tent officer shall approve every purchase of tents in writing."],
  ]);
  const { path, close, store } = storeWith([tents]);
  store.checkpoint();
  const double = anthropicDouble([{
    kind: "answer",
    blocks: [{
      deltas: ["The **tent** ", "officer.\n\n"],
      citations: [{ result: 0, from: 0, to: 1 }],
    }],
  }]);
  const data = path.replace(/\/[^/]+$/, "");
  const env = {
    FARCHAT_DATA: data,
    ANTHROPIC_API_KEY: "sk-test-0123456789",
    ANTHROPIC_BASE_URL: double.url,
  };
  try {
    const question = "Who approves FAR 97.201 tents?";
    const { code, stdout, stderr } = await ask([question, "--data", data], env);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^The tent officer\. \[1\]\n\nSources\n\[1\] FAR 97\.201\(a\), https:/);
    assert.match(stdout, /Written by Claude/);
    const report = JSON.parse((await ask([question, "--json"], env)).stdout);
    assert.equal(report.mode, "claude");
    assert.equal(report.usage.outputTokens, 57);
    assert.equal(report.citations[0].paragraph, "(a)");
  } finally {
    await double.close();
    close();
  }
});
