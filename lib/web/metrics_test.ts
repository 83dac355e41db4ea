import assert from "node:assert/strict";
import { ORIGIN, TestBrowser, type TestWeb, testWeb } from "../../tests/support/web.ts";
import { repositoryPath } from "../../tests/support/shared.ts";

const TOKEN = "canary-metrics-token-1";

function scrape(web: TestWeb, hostname = "127.0.0.1", headers: Record<string, string> = {}) {
  return web.handler(new Request(`${ORIGIN}/metrics`, { headers }), {
    remoteAddr: { transport: "tcp", hostname, port: 1 },
    completed: Promise.resolve(),
  });
}

/** The samples, `name{labels}` to value. */
async function samples(web: TestWeb): Promise<Map<string, number>> {
  const response = await scrape(web);
  assert.equal(response.status, 200);
  const text = await response.text();
  return new Map(
    text.split("\n").filter((line) => line && !line.startsWith("#")).map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

Deno.test("metrics are for the bearer of the token and for allowed networks alone", async () => {
  const table: [number, Record<string, string>, string, Record<string, string>][] = [
    [200, {}, "127.0.0.1", {}],
    [200, {}, "::1", {}],
    [403, {}, "192.0.2.1", {}],
    [403, {}, "192.0.2.1", { Authorization: "Bearer " }],
    [403, {}, "192.0.2.1", { Authorization: "Bearer undefined" }],
    [401, { METRICS_TOKEN: TOKEN }, "192.0.2.1", {}],
    [200, { METRICS_TOKEN: TOKEN }, "192.0.2.1", { Authorization: `Bearer ${TOKEN}` }],
    [200, { METRICS_TOKEN: TOKEN }, "192.0.2.1", { Authorization: `bearer ${TOKEN}` }],
    [401, { METRICS_TOKEN: TOKEN }, "192.0.2.1", { Authorization: `Bearer ${TOKEN}x` }],
    [401, { METRICS_TOKEN: TOKEN }, "192.0.2.1", { Authorization: TOKEN }],
    [401, { METRICS_TOKEN: TOKEN }, "192.0.2.1", { Authorization: `Basic ${TOKEN}` }],
    [200, { METRICS_NETWORKS: "192.0.2.0/24" }, "192.0.2.1", {}],
    [403, { METRICS_NETWORKS: "192.0.2.0/24" }, "127.0.0.1", {}],
    // A proxy on this machine that nobody told us of makes everybody look local.
    [403, {}, "127.0.0.1", { "X-Forwarded-For": "203.0.113.9" }],
    [403, {}, "127.0.0.1", { Via: "1.1 nginx" }],
    [403, { TRUSTED_PROXIES: "127.0.0.1" }, "127.0.0.1", { "X-Forwarded-For": "203.0.113.9" }],
    [200, { TRUSTED_PROXIES: "10.0.0.1" }, "10.0.0.1", { "X-Forwarded-For": "127.0.0.1" }],
  ];
  for (const [status, settings, hostname, headers] of table) {
    const web = testWeb({ settings });
    const shown = JSON.stringify([settings, hostname, headers]);
    try {
      const response = await scrape(web, hostname, headers);
      assert.equal(response.status, status, shown);
      const text = await response.text();
      assert.ok(!text.includes(TOKEN));
      if (status !== 200) assert.doesNotMatch(text, /farchat_requests_total/);
      assert.equal(response.headers.has("WWW-Authenticate"), status === 401, shown);
    } finally {
      await web.close();
    }
  }
});

Deno.test("requests are counted and timed by method, route pattern and status, never by path", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    for (const path of ["/far/97.201", "/far/97.305", "/far/99.999", "/styles/base.css"]) {
      await (await anna.fetch(path)).body?.cancel();
    }
    for (let i = 0; i < 20; i++) await (await anna.fetch(`/made-up-${i}?q=canary`)).body?.cancel();
    for (const method of ["PROPFIND", "X-MADE-UP"]) {
      await (await anna.fetch("/about", { method })).body?.cancel();
    }
    const found = await samples(web);
    const count = (labels: string) => found.get(`farchat_requests_total{${labels}}`);
    assert.equal(count('method="GET",endpoint="/far/:number",status="200"'), 2);
    assert.equal(count('method="GET",endpoint="/far/:number",status="404"'), 1);
    assert.equal(count('method="GET",endpoint="unmatched",status="404"'), 20);
    assert.equal(count('method="GET",endpoint="static",status="200"'), 1);
    assert.equal(count('method="OTHER",endpoint="unmatched",status="404"'), 2);
    const seconds = 'farchat_request_duration_seconds_count{method="GET",endpoint="/far/:number"}';
    assert.equal(found.get(seconds), 3);
    assert.doesNotMatch([...found.keys()].join(), /made-up|canary|97\.201|PROPFIND/);
  } finally {
    await web.close();
  }
});

Deno.test("answers are counted by mode and end, with their time, first words, tokens and cost", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    await anna.ask("Who approves buying canaries?");
    await anna.ask("Who approves buying tents?");
    web.farchat.metrics.answer({
      mode: "claude",
      status: "done",
      seconds: 3,
      firstTokenSeconds: 0.8,
      usage: {
        model: "claude-test",
        inputTokens: 1200,
        outputTokens: 90,
        cacheReadTokens: 1000,
        costUsd: 0.0125,
      },
    });
    web.farchat.metrics.retrieval({ total: 30, embed: 10, search: 20 });
    const found = await samples(web);
    assert.equal(found.get('farchat_answers_total{mode="extractive",status="done"}'), 2);
    assert.equal(found.get('farchat_query_duration_seconds_count{mode="extractive"}'), 2);
    assert.equal(found.get('farchat_time_to_first_token_seconds_count{mode="extractive"}'), 2);
    assert.equal(found.get('farchat_query_duration_seconds_sum{mode="claude"}'), 3);
    assert.equal(found.get('farchat_tokens_total{model="claude-test",kind="input"}'), 1200);
    assert.equal(found.get('farchat_tokens_total{model="claude-test",kind="output"}'), 90);
    assert.equal(found.get('farchat_tokens_total{model="claude-test",kind="cache_read"}'), 1000);
    assert.equal(found.get('farchat_cost_usd_total{model="claude-test"}'), 0.0125);
    assert.equal(found.get('farchat_retrieval_duration_seconds_sum{step="embed"}'), 0.01);
    assert.doesNotMatch([...found.keys()].join(), /canaries|tents/);
  } finally {
    await web.close();
  }
});

Deno.test("failures are counted by the name of their error: of requests, of answers; refusals apart", async () => {
  const web = testWeb({ fails: new RangeError("canary"), settings: { ASK_LIMIT_PER_MINUTE: "1" } });
  web.farchat.retriever.suggest = () => {
    throw new TypeError("canary");
  };
  try {
    const anna = new TestBrowser(web);
    assert.equal((await anna.ask("Who?")).body.status, "failed");
    assert.equal((await anna.ask("Who?")).status, 429);
    assert.equal((await anna.fetch("/api/v1/suggest?q=x")).status, 500);
    const found = await samples(web);
    assert.equal(found.get('farchat_errors_total{error_type="RangeError"}'), 1);
    assert.equal(found.get('farchat_errors_total{error_type="TypeError"}'), 1);
    assert.equal(found.get('farchat_answers_total{mode="extractive",status="failed"}'), 1);
    assert.equal(found.get('farchat_rate_limited_total{limit="questions"}'), 1);
    assert.doesNotMatch([...found.keys()].join(), /canary/);
  } finally {
    await web.close();
  }
});

Deno.test("the length of the queue of answers is what waits just now", async () => {
  const web = testWeb({ slow: true, words: 1, settings: { MAX_ANSWERS_AT_ONCE: "1" } });
  try {
    const anna = new TestBrowser(web);
    const streams = [];
    for (let i = 0; i < 3; i++) {
      streams.push(await anna.send("POST", "/api/v1/chat", { question: "Who?" }));
    }
    const found = await samples(web);
    const { writing, waiting } = web.farchat.answers.load;
    assert.deepEqual([writing, waiting], [1, 2]);
    assert.equal(found.get("farchat_answers_in_progress"), writing);
    assert.equal(found.get("farchat_answer_queue_length"), waiting);
    web.pen.write(3);
    for (const stream of streams) await stream.text();
    assert.equal((await samples(web)).get("farchat_answer_queue_length"), 0);
  } finally {
    await web.close();
  }
});

Deno.test("docs/metrics.md names every metric and no other", async () => {
  const web = testWeb({
    settings: {
      ANTHROPIC_API_KEY: "sk-ant-test-key",
      ANTHROPIC_BASE_URL: "http://127.0.0.1:9",
      API_KEY_CREATED_DATE: "2026-01-31",
    },
  });
  try {
    web.farchat.ingestionQueue = () => 2;
    const described = new Set(
      (await Deno.readTextFile(repositoryPath("docs/metrics.md"))).split("\n")
        .filter((line) => line.startsWith("| `"))
        .flatMap((line) => [...line.split("|")[1].matchAll(/`(\w+)`/g)].map(([, name]) => name)),
    );
    const text = await (await scrape(web)).text();
    const there = new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name));
    // What there is not yet: no backup was made, and nobody has looked at Anthropic.
    for (const name of ["farchat_backup_age_seconds", "farchat_anthropic_up"]) {
      assert.ok(!there.has(name) && described.has(name), name);
      there.add(name);
    }
    assert.deepEqual([...there].sort(), [...described].sort());
  } finally {
    await web.close();
  }
});
