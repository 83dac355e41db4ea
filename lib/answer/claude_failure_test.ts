import assert from "node:assert/strict";
import { anthropicDouble, type Script } from "../../tests/support/anthropic_double.ts";
import { passageOf, retrievalOf, storeWith, TENTS } from "../../tests/support/answer_sections.ts";
import { GOOD, KEY, QUESTION, run } from "../../tests/support/claude_run.ts";
import { ClaudeAnswerer } from "./claude.ts";
import { ExtractiveAnswerer } from "./extractive.ts";

const OVERLOADED: Script = { kind: "status", status: 529, error: "overloaded_error" };
const FAILURES: {
  name: string;
  scripts: Script[];
  requests: number;
  notice: RegExp;
  usage?: number;
}[] = [
  {
    name: "a refused key",
    scripts: [{ kind: "status", status: 401, error: "authentication_error" }],
    requests: 1,
    notice: /refused the API key/,
  },
  {
    name: "an unknown model",
    scripts: [{ kind: "status", status: 404, error: "not_found_error" }],
    requests: 1,
    notice: /CLAUDE_MODEL/,
  },
  {
    name: "a request it does not accept",
    scripts: [{ kind: "status", status: 400, error: "invalid_request_error" }],
    requests: 1,
    notice: /did not accept/,
  },
  {
    name: "no credit",
    scripts: [{ kind: "status", status: 400, error: "billing_error" }],
    requests: 1,
    notice: /no credit/,
  },
  { name: "overload that lasts", scripts: [OVERLOADED], requests: 3, notice: /overloaded/ },
  {
    name: "a rate limit with a long wait",
    scripts: [{
      kind: "status",
      status: 429,
      error: "rate_limit_error",
      headers: { "retry-after": "30" },
    }],
    requests: 1,
    notice: /too many requests/,
  },
  {
    name: "a connection lost before the answer",
    scripts: [{ kind: "broken", blocks: [] }],
    requests: 1,
    notice: /connection to Claude was lost/,
    usage: 1,
  },
  {
    name: "a connection lost half way",
    scripts: [{ kind: "broken", blocks: [{ deltas: ["The tent "] }] }],
    requests: 1,
    notice: /connection to Claude was lost/,
    usage: 1,
  },
  {
    name: "a stream that ends too early",
    scripts: [{ kind: "short", blocks: [{ deltas: ["The tent "] }] }],
    requests: 1,
    notice: /lost while it wrote/,
    usage: 1,
  },
  {
    name: "overload half way",
    scripts: [{
      kind: "stream_error",
      blocks: [{ deltas: ["The tent "] }],
      error: "overloaded_error",
    }],
    requests: 1,
    notice: /overloaded/,
    usage: 1,
  },
  {
    name: "a refusal",
    scripts: [{ kind: "answer", blocks: [], stop: "refusal" }],
    requests: 1,
    notice: /declined/,
    usage: 1,
  },
  {
    name: "an answer without words",
    scripts: [{ kind: "answer", blocks: [{ deltas: [" \n"] }] }],
    requests: 1,
    notice: /sent no answer/,
    usage: 1,
  },
];

for (const { name, scripts, requests, notice, usage } of FAILURES) {
  Deno.test(`after ${name} the extractive answer takes over and says why in safe words`, async () => {
    const done = await run(scripts);
    assert.equal(done.requests.length, requests);
    assert.deepEqual(done.modes, ["claude", "extractive"]);
    assert.match(done.notices[0], notice);
    assert.ok(
      done.citations.some(({ section, paragraph }) => section === "97.201" && paragraph === "(a)"),
    );
    assert.ok(
      done.text.includes(
        "The tent officer shall approve every purchase of tents above $40,000 in writing.",
      ),
    );
    assert.doesNotMatch(JSON.stringify(done.events), /SECRET-ECHO|sk-test/);
    assert.equal(done.events.filter(({ type }) => type === "usage").length, usage ?? 0);
  });
}

Deno.test("after a short overload Claude is asked again and answers", async () => {
  const limited: Script = {
    kind: "status",
    status: 429,
    error: "rate_limit_error",
    headers: { "retry-after-ms": "10" },
  };
  const { requests, modes, notices } = await run([limited, OVERLOADED, GOOD], {
    longestWait: 3000,
  });
  assert.equal(requests.length, 3);
  assert.deepEqual(modes, ["claude"]);
  assert.deepEqual(notices, []);
});

Deno.test("an API that cannot be reached does not stop the answer", async () => {
  const { modes, notices } = await run([GOOD], {
    baseURL: "http://127.0.0.1:9",
    longestWait: 1500,
  });
  assert.deepEqual(modes, ["claude", "extractive"]);
  assert.match(notices[0], /could not be reached/);
});

Deno.test("a stream that falls silent counts as dead", async () => {
  const { modes, notices } = await run([{ kind: "silent", blocks: [{ deltas: ["The tent "] }] }], {
    silence: 150,
  });
  assert.deepEqual(modes, ["claude", "extractive"]);
  assert.match(notices[0], /took too long/);
});

Deno.test("stopping ends the stream and closes the connection to the API", async () => {
  const controller = new AbortController();
  const double = anthropicDouble([{ kind: "silent", blocks: [{ deltas: ["The tent "] }] }]);
  const { store, close } = storeWith([TENTS]);
  const answerer = new ClaudeAnswerer(
    { apiKey: KEY, baseURL: double.url },
    store,
    new ExtractiveAnswerer(store),
  );
  const seen: string[] = [];
  await assert.rejects(async () => {
    const retrieval = retrievalOf(QUESTION, [passageOf(store, "far", "97.201")]);
    for await (const event of answerer.answer(QUESTION, [], retrieval, controller.signal)) {
      seen.push(event.type);
      if (event.type === "text") setTimeout(() => controller.abort(new Error("enough")), 20);
    }
  }, /enough/);
  await double.left;
  assert.deepEqual(seen, ["passages", "text", "usage"]);
  await double.close();
  close();
});
