import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { ORIGIN, type TestWeb, testWeb } from "../../tests/support/web.ts";
import { until } from "../../tests/support/until.ts";
import { anthropicState, GOOD_FOR_MS } from "./anthropic_state.ts";
import { health, readiness } from "./health.ts";

const get = (web: TestWeb, path: string) => web.handler(new Request(ORIGIN + path));

/** A double of the Messages API that counts who asks for what. */
function anthropic(status: () => number) {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (req) => {
    asked.push(`${req.method} ${new URL(req.url).pathname}`);
    return new Response("{}", { status: status() });
  });
  return { url: `http://127.0.0.1:${server.addr.port}`, asked, close: () => server.shutdown() };
}

Deno.test("health has the seed's fields: status, services, uptime, requests, errors, CPU, memory, disk", async () => {
  const web = testWeb({ settings: { API_KEY_CREATED_DATE: "2020-01-31" } });
  try {
    const response = await get(web, "/health");
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("Cache-Control"), "no-store");
    const said = await response.json();
    assert.equal(said.status, "degraded", "this one has no model");
    assert.equal(said.version, "0.0.0-test");
    assert.ok(Math.abs(Date.parse(said.timestamp) - Date.now()) < 5000);
    assert.deepEqual(said.services, {
      database: "healthy",
      vectors: "none",
      embeddings: "unavailable",
      anthropic: "not configured",
    });
    assert.equal(said.uptime_seconds, 0);
    assert.deepEqual([said.requests_total, said.errors_total, said.error_rate], [0, 0, 0]);
    for (const name of ["cpu_usage", "memory_usage", "disk_usage"]) {
      assert.ok(said[name] >= 0 && said[name] <= 100, `${name} ${said[name]}`);
    }
    assert.ok(said.memory_usage > 0 && said.disk_usage > 0);
    assert.ok(said.memory.rss > 1_000_000);
    assert.ok(said.disk.free > 0 && said.disk.free < said.disk.total);
    assert.deepEqual(said.answers, { writing: 0, waiting: 0 });
    assert.ok(said.api_key.age_days > 2000);
    const text = JSON.stringify(said);
    assert.ok(!text.includes(web.farchat.store.path) && !text.includes("/"), text);
  } finally {
    await web.close();
  }
});

Deno.test("CPU in use is seen: a busy process has more than an idle one", async () => {
  const web = testWeb();
  try {
    health(web.farchat);
    const end = performance.now() + 1100;
    while (performance.now() < end) Math.sqrt(end);
    assert.ok(health(web.farchat).cpu_usage > 1);
  } finally {
    await web.close();
  }
});

Deno.test("requests and failures are in health; probes and files are not counted", async () => {
  const web = testWeb();
  web.farchat.retriever.suggest = () => {
    throw new Error("down");
  };
  try {
    for (const path of ["/about", "/healthz", "/styles/base.css", "/api/v1/suggest?q=x"]) {
      await (await get(web, path)).body?.cancel();
    }
    const said = await (await get(web, "/health")).json();
    assert.deepEqual([said.requests_total, said.errors_total, said.error_rate], [2, 1, 0.5]);
  } finally {
    await web.close();
  }
});

Deno.test("alive is not ready: each check that fails makes it unready, and it goes on answering", async () => {
  const web = testWeb();
  try {
    assert.deepEqual(await (await get(web, "/healthz")).json(), { status: "ok" });
    const ready = await get(web, "/readyz");
    assert.equal(ready.status, 200);
    assert.equal((await ready.json()).status, "ready");
    const { store, metrics } = web.farchat;
    const counts = store.counts;
    const breaks: [string, () => void, () => void][] = [
      ["database", () => {
        store.counts = () => {
          throw new Error("disk gone");
        };
      }, () => store.counts = counts],
      ["vectors", () => {
        store.setEmbedder({ name: "another", dimensions: 384, version: "1" } as never);
      }, () => {}],
      ["running", () => metrics.stopping = true, () => metrics.stopping = false],
    ];
    for (const [check, breakIt, mend] of breaks) {
      breakIt();
      const response = await get(web, "/readyz");
      assert.equal(response.status, 503, check);
      const said = await response.json();
      assert.equal(said.status, "not ready");
      assert.equal(said.checks[check], false, JSON.stringify(said));
      assert.equal((await get(web, "/healthz")).status, 200, check);
      if (check === "database") {
        const sick = await get(web, "/health");
        assert.equal(sick.status, 503);
        assert.equal((await sick.json()).status, "unhealthy");
      }
      mend();
    }
    assert.equal((await get(web, "/about")).status, 200);
  } finally {
    await web.close();
  }
});

Deno.test("a file that a newer FARchat has brought further makes this one unready", async () => {
  const web = testWeb();
  try {
    assert.equal(readiness(web.farchat).checks.schema, true);
    const newer = new DatabaseSync(web.farchat.store.path);
    newer.exec("PRAGMA user_version = 999");
    newer.close();
    assert.deepEqual(readiness(web.farchat).checks.schema, false);
  } finally {
    await web.close();
  }
});

Deno.test("a full disk makes it unready, not unhealthy", async () => {
  const web = testWeb();
  try {
    assert.equal(readiness(web.farchat).checks.disk, true);
    const full = () => ({ free: 1_000_000, total: 250_000_000_000 });
    assert.deepEqual(
      [readiness(web.farchat, full).ready, readiness(web.farchat, full).checks.disk],
      [false, false],
    );
    assert.equal(health(web.farchat, full).status, "degraded");
    assert.equal(readiness(web.farchat, () => undefined).checks.disk, true);
  } finally {
    await web.close();
  }
});

Deno.test("Anthropic is asked for its models once in five minutes, nobody waits, and its being down is no unreadiness", async () => {
  let status = 200;
  const api = anthropic(() => status);
  const web = testWeb({
    settings: { ANTHROPIC_API_KEY: "sk-ant-canary-9", ANTHROPIC_BASE_URL: api.url },
  });
  const { settings } = web.farchat;
  const state = (later = 0) => anthropicState(settings, Date.now() + later).status;
  try {
    const began = performance.now();
    for (let i = 0; i < 10; i++) assert.equal(health(web.farchat).services.anthropic, "unknown");
    assert.ok(performance.now() - began < 500);
    await until("a look that finds it well", () => state() === "healthy");
    for (let i = 0; i < 10; i++) health(web.farchat);
    assert.deepEqual(api.asked, ["GET /v1/models"]);
    for (const [answer, expected] of [[401, "unhealthy"], [529, "unhealthy"], [429, "healthy"]]) {
      status = answer as number;
      const before = api.asked.length;
      state(GOOD_FOR_MS + 1);
      await until(`${answer}`, () => api.asked.length > before && state() === expected);
    }
    await api.close();
    state(GOOD_FOR_MS + 1);
    await until("a look that finds nobody", () => state() === "unhealthy");
    const response = await get(web, "/health");
    assert.equal(response.status, 200);
    const said = await response.json();
    assert.equal(said.status, "degraded");
    assert.equal(said.services.anthropic, "unhealthy");
    assert.doesNotMatch(JSON.stringify(said), /canary|127\.0\.0\.1/);
    assert.equal((await get(web, "/readyz")).status, 200);
  } finally {
    await web.close();
  }
});
