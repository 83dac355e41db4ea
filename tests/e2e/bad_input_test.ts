/** What is not right is told with its status and a next step, shows nothing of the server, and leaves nothing behind. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Client } from "../support/client.ts";
import { MINI_FILES, miniCorpus } from "../support/mini_corpus.ts";
import { runCommand, sharedFarchat } from "../support/running_farchat.ts";
import { repositoryPath } from "../support/shared.ts";
import { contents } from "../support/stored.ts";

const server = sharedFarchat(async () => ({ from: await miniCorpus() }));

/** Fails where a text shows what only the administrator may see. */
function assertDiscreet(text: string, where: string): void {
  const secrets = [
    repositoryPath().replace(/\/$/, ""),
    server().data,
    Deno.env.get("HOME") ?? "/root",
    "node_modules",
    "farchat.db",
  ];
  for (const secret of secrets) assert.ok(!text.includes(secret), `${where} shows ${secret}`);
  assert.doesNotMatch(text, /\n\s+at \S+ ?\(?(file|ext|node):|\.tsx?:\d+|SELECT |SQLITE/, where);
}

const ask = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json", ...headers },
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const form = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
  method: "POST",
  headers,
  body: new URLSearchParams(fields),
});
const EVIL = { Origin: "https://evil.example" };
const LONG = "data ".repeat(4000);

/** Path, request, status, what the answer says. */
const REFUSED: [string, RequestInit, number, RegExp][] = [
  ["/api/v1/chat", ask({ question: "" }), 400, /empty/],
  ["/api/v1/chat", ask({ question: "  \n\t " }), 400, /empty/],
  ["/api/v1/chat", ask({ question: LONG }), 413, /at most 4,000 characters, found [\d,]+/],
  ["/api/v1/chat", ask({ question: "x".repeat(70_000) }), 413, /64 KB/],
  ["/api/v1/chat", ask({ question: ["what"] }), 400, /question: expected text/],
  ["/api/v1/chat", ask({ question: "Why?", conversation: "0".repeat(22) }), 404, /no such/i],
  ["/api/v1/chat", ask({ question: "Why?", collections: ["gsam"] }), 400, /collections/],
  ["/api/v1/chat", ask('{"question": "Why'), 400, /JSON/],
  ["/api/v1/chat", ask("[]"), 400, /not right/],
  ["/api/v1/chat", ask({ question: "Why?" }, { "Content-Type": "text/plain" }), 415, /json/],
  ["/api/v1/chat", form({ question: "Why?" }), 415, /json/],
  ["/api/v1/chat", ask({ question: "Why?" }, EVIL), 403, /another site/],
  ["/api/v1/chat", { method: "GET" }, 405, /./],
  ["/api/v1/chat", { method: "DELETE" }, 405, /./],
  ["/api/v1/chat/1/events", {}, 404, /no such answer/],
  ["/api/v1/chat/nine/stop", { method: "POST" }, 404, /nothing at this address/],
  ["/api/v1/conversations/unknown", {}, 404, /no such conversation/],
  ["/api/v1/search", {}, 400, /q/],
  ["/api/v1/search?q=data&k=0", {}, 400, /k/],
  ["/api/v1/search?q=data&k=1e9", {}, 400, /k/],
  ["/api/v1/sections/far/99.999", {}, 404, /"nearest":\[\{"regulation":"far"/],
  ["/api/v1/sections/gsam/1.101", {}, 404, /./],
  ["/api/v1/nothing", {}, 404, /nothing at this address/],
  ["/ask", form({ question: "" }), 400, /empty/],
  ["/ask", form({ question: LONG }), 413, /at most 4,000 characters/],
  ["/ask", form({ question: "x".repeat(70_000) }), 413, /64 KB/],
  ["/ask", form({ question: "Why?" }, EVIL), 403, /another site/],
  ["/ask", form({ question: "Why?" }, { Origin: "null" }), 403, /another site/],
  ["/ask", { method: "PUT" }, 405, /./],
  ["/c/unknown", {}, 404, /no such conversation in this browser/],
  ["/c/../../etc/passwd", {}, 404, /./],
  ["/c/unknown/ask", form({ question: "Why?" }), 404, /no such conversation/i],
  ["/c/unknown/delete", form({}, EVIL), 403, /another site/],
  ["/far/99.999", {}, 404, /Nearest sections/],
  ["/far/15.403-99", {}, 404, /href="\/far\/15\.403-4"/],
  ["/dfars/252.204-701", {}, 404, /href="\/dfars\/252\.204-7012"/],
  ["/far/%3Cscript%3Ealert(1)%3C%2Fscript%3E", {}, 404, /&lt;script>|&lt;script&gt;/],
  ["/far/%00", {}, 404, /./],
  ["/far/%ff", {}, 404, /./],
  ["/far/..%2f..%2fdeno.json", {}, 404, /./],
  ["/..%2fdeno.json", {}, 404, /./],
  ["/islands/..%2f..%2fdeno.json", {}, 404, /./],
  ["/far/15.403-4", { method: "POST", headers: { "Content-Type": "text/plain" } }, 405, /./],
];

Deno.test("what is not right gets its status and a next step, shows nothing of the server, stores nothing", async (t) => {
  const anna = new Client(server().url);
  const before = contents(server().data);
  for (const [path, init, status, says] of REFUSED) {
    const what = init.body instanceof URLSearchParams ? String(init.body) : init.body ?? "";
    await t.step(`${init.method ?? "GET"} ${path} ${String(what).slice(0, 40)}`, async () => {
      const response = await anna.fetch(path, init);
      const text = await response.text();
      assert.equal(response.status, status, text.slice(0, 300));
      assert.match(text, says);
      assertDiscreet(text, path);
      if (path.startsWith("/api/")) {
        assert.equal(response.headers.get("Content-Type"), "application/problem+json");
        const problem = JSON.parse(text);
        assert.equal(problem.status, status);
        assert.ok(problem.next.length > 10, text);
      } else {
        assert.match(text, /^<!DOCTYPE html>/);
        assert.match(text, /href="\/"/, "there is a way on");
      }
    });
  }
  const { body } = await anna.json("/api/v1/conversations");
  assert.deepEqual(body.conversations, []);
  assert.deepEqual(contents(server().data), before);
  assert.doesNotMatch(
    server().lines.join("\n"),
    /failed:/,
    "none of it was a surprise to the server",
  );
});

Deno.test("HTML in a question is text on every page that shows it", async () => {
  const anna = new Client(server().url);
  const question = `<script>alert(1)</script><img src=x onerror="alert(2)"> cost data & "more"?`;
  const { conversation } = await anna.ask(question);
  const pages = [
    `/c/${conversation}`,
    "/",
    `/search?q=${encodeURIComponent(question)}`,
    `/?q=${encodeURIComponent(question)}`,
  ];
  for (const path of pages) {
    const { status, text } = await anna.get(path);
    assert.equal(status, 200, path);
    assert.doesNotMatch(text, /<script>alert|<img/, path);
    assert.match(text, /&lt;script>alert|&lt;script&gt;alert/, path);
    // In the data of islands a script's end tag would end the script.
    for (
      const [, data] of text.matchAll(/<script type="application\/json"[^>]*>(.*?)<\/script>/gs)
    ) {
      assert.doesNotMatch(data, /<\/?script|<!--/i, path);
      JSON.parse(data);
    }
  }
});

Deno.test("a question in another language, or none at all, is answered or honestly not", async () => {
  const anna = new Client(server().url);
  const questions = [
    "¿Cuándo necesito datos certificados de costos o precios?",
    "什么时候需要认证的成本或价格数据？",
    "متى أحتاج إلى بيانات التكلفة المعتمدة؟",
    "🤷‍♀️🤷‍♀️🤷‍♀️",
    "?!",
    "a",
    "asdf qwer zxcv",
    "' OR 1=1; DROP TABLE sections; --",
    'NEAR("cost" "data") AND NOT *',
    "\u0000 What is a claim?",
  ];
  for (const question of questions) {
    const answer = await anna.ask(question);
    assert.equal(answer.status, "done", question);
    assert.ok(answer.answer.trim().length > 20, `${question}: ${answer.answer}`);
    assertDiscreet(JSON.stringify(answer), question);
    assert.equal((await anna.get(`/c/${answer.conversation}`)).status, 200);
  }
  assert.equal(contents(server().data).counts.sections.far, 22);
});

Deno.test("files that are not what they should be: exit code 1, what was expected, what to do, nothing stored", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "farchat_bad_" });
  try {
    const [far, dfars] = MINI_FILES.map((file) => readFileSync(file, "utf8"));
    const write = (name: string, content: string | Uint8Array) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    mkdirSync(join(folder, "empty"));
    const gzip = gzipSync(far);
    const damaged = new Uint8Array(gzip);
    damaged.fill(0xaa, 200, 260);
    const bad: [string, RegExp][] = [
      [write("half.xml", far.slice(0, far.length / 2)), /half\.xml.*(cut off|ends|middle)/],
      [
        write("half.xml.gz", gzip.subarray(0, gzip.length / 2)),
        /half\.xml\.gz.*ends in the middle/,
      ],
      [write("not_gzip.xml.gz", far), /not_gzip\.xml\.gz.*expected to be a gzip file/],
      [write("damaged.xml.gz", damaged), /damaged\.xml\.gz/],
      [write("page.xml", "<html><body>Sorry, an error</body></html>"), /page\.xml/],
      [write("prose.xml", "Once upon a time there was a contract."), /prose\.xml/],
      [write("bytes.xml", crypto.getRandomValues(new Uint8Array(5000))), /bytes\.xml/],
      [write("empty.xml", ""), /empty\.xml.*is empty/],
      [write("other.xml", dfars.replaceAll(/N="2[\d.-]*"/g, 'N="9"')), /other\.xml/],
      [write("letter.pdf", "%PDF-1.7"), /letter\.pdf/],
      [
        write("bomb.xml", `<!DOCTYPE x [<!ENTITY a "${"b".repeat(1000)}">]><DIV3>&a;</DIV3>`),
        /bomb/,
      ],
      [join(folder, "missing.xml"), /no file or folder "missing\.xml"/],
      [join(folder, "empty"), /folder "empty"/],
    ];
    const before = contents(server().data);
    for (const [path, says] of bad) {
      const { code, out, err } = await runCommand(["ingest", path, "--data", server().data]);
      assert.equal(code, 1, `${path}: ${out}${err}`);
      assert.match(err, says);
      assert.doesNotMatch(err, /\n\s+at |\.ts:\d+|Uncaught/, "no stack");
      const [message, next] = err.trimEnd().split("\n").slice(-3);
      assert.ok(message.length > 20 && next.trim().length > 10, `a next step: ${err}`);
    }
    assert.deepEqual(contents(server().data), before);

    // One bad file of several does not keep the good one out, and is still told.
    const good = write("good.xml", dfars);
    const mixed = await runCommand(["ingest", bad[0][0], good, "--data", join(folder, "data")]);
    assert.equal(mixed.code, 1);
    assert.match(mixed.err, /good\.xml \(DFARS\): added; 9 sections/);
    assert.match(mixed.err, /half\.xml/);
    const { counts } = contents(join(folder, "data"));
    assert.deepEqual(counts.sections, { far: 0, dfars: 9, uploads: 0 });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("wrong usage of the command line: exit code 2 and the usage", async () => {
  const table: [string[], RegExp][] = [
    [[], /farchat serve/],
    [["ingst"], /expected a command, found "ingst"/],
    [["ingest"], /Usage: farchat ingest PATH/],
    [
      ["ingest", "x.xml", "--collection", "gsam"],
      /expected --collection far or dfars, found "gsam"/,
    ],
    [["ingest", "--loud"], /--loud/],
    [["search"], /Usage: farchat search/],
    [["search", "data", "-k", "many"], /-k many/],
    [["ask"], /Usage: farchat ask/],
    [["serve", "--prot", "80"], /--prot/],
  ];
  for (const [args, says] of table) {
    const { code, out, err } = await runCommand(args);
    assert.equal(code, 2, `${args}: ${out}${err}`);
    assert.match(out + err, says);
    assert.doesNotMatch(err, /\n\s+at |Uncaught/);
  }
  const port = await runCommand(["serve", "--port", "99999999", "--data", server().data]);
  assert.equal(port.code, 1);
  assert.match(port.err, /PORT: expected a port number from 0 to 65535, found "99999999"/);
});
