import assert from "node:assert/strict";
import { configure } from "@logtape/logtape";
import { ORIGIN, TestBrowser, type TestWeb, testWeb } from "../../tests/support/web.ts";
import { type ErrorPlace, useTracker } from "../ops/errors.ts";
import { configureLogs } from "../ops/log.ts";

type Line = Record<string, unknown> & { message: string; logger: string; requestId?: string };

/** Runs `work` with a FARchat and returns what it logged. */
async function logged(
  options: Parameters<typeof testWeb>[0],
  work: (web: TestWeb) => Promise<void>,
): Promise<{ lines: Line[]; text: string }> {
  const web = testWeb(options);
  const written: string[] = [];
  await configureLogs(web.farchat.settings, (line) => written.push(line));
  try {
    await work(web);
  } finally {
    await web.close();
    await configure({ reset: true, sinks: {}, loggers: [] });
  }
  return { lines: written.map((line) => JSON.parse(line)), text: written.join("") };
}

const QUESTION = "Who approves buying canaries?";

function failing(web: TestWeb, error: unknown) {
  web.farchat.retriever.retrieve = () => Promise.reject(error);
  web.farchat.retriever.suggest = () => {
    throw error;
  };
  web.farchat.store.outline.parts = () => {
    throw error;
  };
}

Deno.test("in production a failure shows an id and no more; the log has the rest under it", async () => {
  const error = new TypeError("no such table: sections at /srv/farchat.db", {
    cause: Object.assign(new Error("disk I/O"), { code: "EIO" }),
  });
  const ids: string[] = [];
  const { lines } = await logged({}, async (web) => {
    failing(web, error);
    const anna = new TestBrowser(web);
    for (const path of ["/far", "/search?q=x", "/api/v1/suggest?q=x"]) {
      const response = await anna.fetch(path);
      assert.equal(response.status, 500);
      const text = await response.text();
      const id = response.headers.get("X-Request-Id")!;
      ids.push(id);
      assert.ok(text.includes(id), path);
      assert.doesNotMatch(text, /TypeError|sections at|srv|EIO|at file/, path);
    }
  });
  const errors = lines.filter(({ level }) => level === "ERROR");
  assert.deepEqual(errors.map(({ requestId }) => requestId), ids);
  const first = errors[0].error as Record<string, unknown>;
  assert.equal(errors[0].message, "GET /far failed with TypeError");
  assert.equal(first.name, "TypeError");
  assert.match(String(first.message), /no such table/);
  assert.match(String((first.frames as string[])[0]), /^at .*errors_test\.ts/);
  assert.equal((first.cause as Record<string, unknown>).code, "EIO");
});

Deno.test("DEBUG shows what went wrong and where, on pages and in the API, without secrets", async () => {
  const settings = { DEBUG: "true", ANTHROPIC_API_KEY: "sk-ant-canary-5" };
  await logged({ settings }, async (web) => {
    failing(web, new TypeError("it broke <script>alert(1)</script> with sk-ant-canary-5"));
    const anna = new TestBrowser(web);
    const page = await (await anna.fetch("/far")).text();
    assert.match(page, /TypeError/);
    assert.match(page, /errors_test\.ts/);
    assert.doesNotMatch(page, /<script>alert/);
    const problem = await (await anna.fetch("/api/v1/suggest?q=x")).json();
    assert.equal(problem.debug.name, "TypeError");
    assert.match(problem.debug.message, /it broke .* with \[redacted\]/);
    assert.ok(problem.debug.frames.length > 0);
    assert.doesNotMatch(page + JSON.stringify(problem), /canary/);
    const missing = await (await anna.fetch("/api/v1/nothing")).json();
    assert.equal(missing.debug, undefined, "what is foreseen needs no detail");
  });
});

Deno.test("where the error page fails too there is a plain response with the id, counted and logged once", async () => {
  const { lines, text } = await logged({}, async (web) => {
    Object.defineProperty(web.farchat, "version", {
      get() {
        throw new RangeError("canary-page");
      },
    });
    const response = await web.handler(new Request(`${ORIGIN}/about`));
    assert.equal(response.status, 500);
    assert.match(response.headers.get("Content-Type")!, /text\/plain/);
    const body = await response.text();
    assert.ok(body.includes(response.headers.get("X-Request-Id")!));
    assert.doesNotMatch(body, /canary/);
    assert.equal(response.headers.get("Content-Security-Policy"), "default-src 'none'");
  });
  assert.ok(lines.some(({ level }) => level === "ERROR"), text);
});

Deno.test("every line of a request has its id, also those of the answer that it starts", async () => {
  const { lines } = await logged({ settings: { LOG_QUESTIONS: "true" } }, async (web) => {
    await new TestBrowser(web).ask(QUESTION);
  });
  const [asked, access, ended] = ["farchat.answer", "farchat.access", "farchat.answer"].map(
    (name, i) => lines.filter(({ logger }) => logger === name).at(i === 2 ? -1 : 0)!,
  );
  assert.match(asked.message, /asked: Who approves/);
  assert.match(access.message, /^POST \/api\/v1\/chat 200 in [\d.]+ ms$/);
  assert.match(ended.message, /^answer done by extractive in \d+ ms with 0 citations$/);
  assert.ok(access.requestId);
  assert.deepEqual([asked.requestId, ended.requestId], [access.requestId, access.requestId]);
});

Deno.test("no question, answer, cookie or query is in the log, whatever happens to it", async () => {
  const words = /canar|word1|farchat_browser=/;
  const { lines, text } = await logged(
    { settings: { LOG_LEVEL: "debug" }, fails: new Error(QUESTION) },
    async (web) => {
      const anna = new TestBrowser(web);
      await anna.ask(QUESTION);
      await anna.form("/ask", { question: QUESTION });
      failing(web, new Error(`no match for ${QUESTION}`));
      for (
        const path of [
          `/search?q=${encodeURIComponent(QUESTION)}`,
          `/api/v1/search?q=${encodeURIComponent(QUESTION)}`,
          `/api/v1/suggest?q=canaries`,
        ]
      ) {
        const response = await anna.fetch(path, { headers: { Referer: `${ORIGIN}/?q=canaries` } });
        await response.body?.cancel();
      }
    },
  );
  assert.ok(lines.length >= 8, text);
  assert.doesNotMatch(text, words);
  assert.match(text, /"path":"\/search"/);
});

Deno.test("a request is one access line with its pattern and client; probes and files only at DEBUG", async () => {
  const run = (level: string) =>
    logged(
      { settings: { LOG_LEVEL: level, TRUSTED_PROXIES: "127.0.0.1" } },
      async (web) => {
        for (const path of ["/far/97.201", "/healthz", "/styles/base.css"]) {
          const headers = { "X-Forwarded-For": "203.0.113.9", "User-Agent": "test/1.0" };
          await (await web.handler(new Request(ORIGIN + path, { headers }))).body?.cancel();
        }
      },
    );
  const [line, ...others] = (await run("INFO")).lines;
  assert.deepEqual(others, []);
  const { method, path, status, endpoint, client, agent, logger } = line;
  assert.deepEqual(
    { method, path, status, endpoint, client, agent, logger },
    {
      method: "GET",
      path: "/far/97.201",
      status: 200,
      endpoint: "/far/:number",
      client: "203.0.113.9",
      agent: "test/1.0",
      logger: "farchat.access",
    },
  );
  assert.equal(
    (await run("DEBUG")).lines.filter(({ logger }) => logger === "farchat.access").length,
    3,
  );
});

Deno.test("failures of requests and answers reach the tracker with their place, foreseen ones don't", async () => {
  const reported: [unknown, ErrorPlace][] = [];
  useTracker({
    report: (error, place) => void reported.push([error, place]),
    close: () => Promise.resolve(),
  });
  const answer = new RangeError("in the answer");
  const page = new TypeError("on the page");
  try {
    await logged({ fails: answer }, async (web) => {
      const anna = new TestBrowser(web);
      await anna.ask(QUESTION);
      assert.equal((await anna.fetch("/nothing")).status, 404);
      failing(web, page);
      await (await anna.fetch("/far")).body?.cancel();
      await (await anna.fetch("/search?q=x")).body?.cancel();
    });
  } finally {
    useTracker(undefined);
  }
  assert.deepEqual(reported.map(([error]) => error), [answer, page, page]);
  assert.deepEqual(
    reported.map(([, { endpoint, words }]) => [endpoint, words]),
    [["answer", true], ["/far", false], ["/search", true]],
  );
});
