import assert from "node:assert/strict";
import { ORIGIN, TestBrowser, type TestWeb, testWeb } from "../../tests/support/web.ts";
import { Windows } from "./rate_limit.ts";

function from(web: TestWeb, hostname: string) {
  return (path: string, init: RequestInit = {}) =>
    web.handler(new Request(ORIGIN + path, init), {
      remoteAddr: { transport: "tcp", hostname, port: 1 },
      completed: Promise.resolve(),
    });
}

const limits = ({ headers }: Response) =>
  ["Limit", "Remaining", "Reset"].map((name) => headers.get(`RateLimit-${name}`));

Deno.test("responses tell how many requests are left; the refused one tells when to come again", async () => {
  const web = testWeb({ settings: { RATE_LIMIT_PER_MINUTE: "2" } });
  const get = from(web, "192.0.2.1");
  try {
    assert.deepEqual(limits(await get("/about")), ["2", "1", "60"]);
    assert.deepEqual(limits(await get("/nothing")).slice(0, 2), ["2", "0"], "an error tells too");
    for (const path of ["/about", "/api/v1/suggest?q=x"]) {
      const refused = await get(path);
      assert.equal(refused.status, 429);
      assert.deepEqual(limits(refused).slice(0, 2), ["2", "0"]);
      assert.equal(refused.headers.get("Retry-After"), refused.headers.get("RateLimit-Reset"));
    }
    assert.equal((await get("/healthz")).headers.get("RateLimit-Limit"), null);
  } finally {
    await web.close();
  }
});

Deno.test("what a question's response tells is of questions", async () => {
  const web = testWeb({ settings: { ASK_LIMIT_PER_MINUTE: "5" } });
  try {
    const anna = new TestBrowser(web);
    const asked = await anna.send("POST", "/api/v1/chat", { question: "Who?", stream: false });
    assert.deepEqual(limits(asked).slice(0, 2), ["5", "4"]);
    await asked.body?.cancel();
  } finally {
    await web.close();
  }
});

Deno.test("behind a trusted proxy each client has a limit of its own; a made-up list is not believed", async () => {
  const web = testWeb({
    settings: { RATE_LIMIT_PER_MINUTE: "2", TRUSTED_PROXIES: "10.0.0.0/8" },
  });
  const status = async (hostname: string, list: string) =>
    (await from(web, hostname)("/about", { headers: { "X-Forwarded-For": list } })).status;
  try {
    for (let i = 0; i < 2; i++) assert.equal(await status("10.0.0.1", "203.0.113.1"), 200);
    assert.equal(await status("10.0.0.1", "203.0.113.1"), 429);
    assert.equal(await status("10.0.0.1", "6.6.6.6, 203.0.113.1"), 429, "put in front");
    assert.equal(await status("10.0.0.1", "203.0.113.2"), 200);
    for (let i = 0; i < 2; i++) assert.equal(await status("192.0.2.9", `7.7.7.${i}`), 200);
    assert.equal(await status("192.0.2.9", "7.7.7.7"), 429, "not a proxy of ours");
  } finally {
    await web.close();
  }
});

Deno.test("a window ends after a minute, also when the clock is set back; clients are forgotten", () => {
  const windows = new Windows();
  const now = Date.now();
  for (let i = 1; i <= 3; i++) assert.equal(windows.add("a", now).hits, i);
  assert.equal(windows.add("a", now + 59_999).hits, 4);
  assert.equal(windows.add("a", now + 60_000).hits, 1);
  assert.equal(windows.add("a", now - 3_600_000).hits, 1, "no lock-out for an hour");
  for (let i = 0; i < 3000; i++) windows.add(`early ${i}`, now);
  for (let i = 0; i < 3000; i++) windows.add(`late ${i}`, now + 120_000);
  assert.ok(windows.size <= 5000, `${windows.size}`);
});

Deno.test("a hundred thousand clients at once don't make counting slow", () => {
  const windows = new Windows();
  const now = Date.now();
  const began = performance.now();
  for (let i = 0; i < 100_000; i++) windows.add(String(i), now);
  assert.ok(performance.now() - began < 2000);
});

Deno.test("a response that does not begin in time becomes a 503 with a way on, for pages and the API", async () => {
  const web = testWeb({ settings: { REQUEST_TIMEOUT_SECONDS: "1" } });
  web.farchat.retriever.retrieve = () => new Promise(() => {});
  try {
    const anna = new TestBrowser(web);
    const [page, json] = await Promise.all([
      anna.fetch("/search?q=tents"),
      anna.fetch("/api/v1/search?q=tents"),
    ]);
    assert.equal(page.status, 503);
    assert.match(await page.text(), /within 1 s,/);
    assert.equal(json.status, 503);
    assert.equal(json.headers.get("Content-Type"), "application/problem+json");
    await json.body?.cancel();
  } finally {
    await web.close();
  }
});

Deno.test("a body that comes too slowly does not hold a request open", async () => {
  const web = testWeb({ settings: { REQUEST_TIMEOUT_SECONDS: "1" } });
  let closeBody = () => {};
  const slow = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("theme="));
      closeBody = () => controller.close();
    },
  });
  try {
    const response = await new TestBrowser(web).fetch("/theme", {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: slow,
    });
    assert.equal(response.status, 503);
    await response.body?.cancel();
  } finally {
    closeBody();
    await web.close();
  }
});

Deno.test("a stream of an answer goes on after the time for its beginning is over", async () => {
  const web = testWeb({ settings: { REQUEST_TIMEOUT_SECONDS: "1" }, slow: true, words: 1 });
  try {
    const response = await new TestBrowser(web).send("POST", "/api/v1/chat", { question: "Who?" });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    web.pen.write(1);
    assert.match(await response.text(), /event: done/);
  } finally {
    await web.close();
  }
});
