/** The examples of docs/api.md, run as they stand there against a real server. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { apiDocument } from "../../lib/api/document.ts";
import { PROBLEM_KINDS } from "../../lib/api/problem_kinds.ts";
import { EVENTS } from "../../lib/api/schemas/events.ts";
import { type Answered, Contract } from "../support/api_contract.ts";
import { miniCorpus } from "../support/mini_corpus.ts";
import { startFarchat } from "../support/running_farchat.ts";
import { repositoryPath } from "../support/shared.ts";

const DOCS = readFileSync(repositoryPath("docs", "api.md"), "utf8");

interface Example {
  status: number;
  type: string;
  command: string;
}

const EXAMPLES = [...DOCS.matchAll(/^```sh\n# (\d+) ?(\S*)\n(curl [^`]*)\n```$/gm)]
  .map(([, status, type, command]): Example => ({ status: Number(status), type, command }));

const HERE = "http://127.0.0.1:8000";

/** What curl adds to what the server sent: separators that no answer has in it. */
const WRITE_OUT = "\\x1e%{http_code}\\x1f%{content_type}\\x1f%{method}\\x1f%{url_effective}";

const hasCurl = await new Deno.Command("curl", { args: ["--version"], stdout: "null" }).output()
  .then(({ success }) => success, () => false);
if (!hasCurl) console.log("The examples of docs/api.md are left out: no curl here");

Deno.test("every block of shell in docs/api.md is an example, and every operation has one", async () => {
  assert.equal(EXAMPLES.length, DOCS.match(/^```sh$/gm)!.length);
  const contract = new Contract(await apiDocument());
  const shown = EXAMPLES.map(({ command }) => {
    const path = new RegExp(`${HERE}([^\\s"?]*)`).exec(command)![1];
    const method = /-X (\w+)/.exec(command)?.[1] ?? (/ -d /.test(command) ? "POST" : "GET");
    return contract.addressOf(method, path);
  });
  assert.deepEqual(contract.addresses.filter((address) => !shown.includes(address)), []);
});

Deno.test("docs/api.md tells every event, and every kind of problem with its status", () => {
  const rows = [...DOCS.matchAll(/^\| `(\S+)` \| (\d+)?/gm)].map((
    [, name, status],
  ) => [name, status]);
  const events = Object.keys(EVENTS).map((name) => [name, undefined]);
  const problems = Object.values(PROBLEM_KINDS).map(({ type, status }) => [type, String(status)]);
  assert.deepEqual(rows, [...events, ...problems]);
});

Deno.test({
  name: "the examples of docs/api.md do on a real server what they say",
  ignore: !hasCurl,
  async fn() {
    const contract = new Contract(await apiDocument());
    const folder = Deno.makeTempDirSync({ prefix: "farchat_curl_" });
    const told: Record<string, string> = {};
    try {
      Deno.writeTextFileSync(`${folder}/.curlrc`, "silent\nshow-error\nmax-time = 120\n");
      await using farchat = await startFarchat({ from: await miniCorpus() });
      for (const { status, type, command } of EXAMPLES) {
        const { method, path, answer } = await run(command, farchat.url, folder, told);
        assert.equal(answer.status, status, `${command}\n${answer.text}`);
        assert.equal(answer.type.split(";")[0], type, command);
        contract.check(method, path, answer);
        if (type !== "application/json") continue;
        const { conversation, message } = JSON.parse(answer.text);
        if (conversation) told.CONVERSATION = conversation;
        if (message) told.MESSAGE = String(message);
      }
      assert.ok(told.CONVERSATION && told.MESSAGE);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});

/** Runs one in a folder of its own, with the server's address in place of the page's. */
async function run(
  command: string,
  url: string,
  folder: string,
  told: Record<string, string>,
): Promise<{ method: string; path: string; answer: Answered }> {
  const script = `${command.replaceAll(HERE, url)} -w $'${WRITE_OUT}'`;
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-euo", "pipefail", "-c", script],
    cwd: folder,
    // A home of its own: what the developer's .curlrc says is none of the test's business.
    env: { ...told, HOME: folder, CURL_HOME: folder, no_proxy: "*" },
  }).output();
  assert.equal(code, 0, `${command}\n${new TextDecoder().decode(stderr)}`);
  const [text, about] = new TextDecoder().decode(stdout).split("\x1e");
  const [status, type, method, effective] = about.split("\x1f");
  const { pathname, search } = new URL(effective);
  return { method, path: pathname + search, answer: { status: Number(status), type, text } };
}
