import assert from "node:assert/strict";
import { ORIGIN, TestBrowser, testWeb } from "../../tests/support/web.ts";

Deno.test("every response carries the policy and security headers, each page its own nonce", async () => {
  const web = testWeb();
  try {
    const nonces = new Set<string>();
    for (
      const path of [
        "/",
        "/far/97.201",
        "/api/v1/suggest?q=x",
        "/nothing",
        "/styles/base.css",
        "/health",
      ]
    ) {
      const { headers, body } = await web.handler(new Request(ORIGIN + path));
      const policy = headers.get("Content-Security-Policy")!;
      const nonce = /script-src 'self' 'nonce-([\w+/=]{24})'/.exec(policy)?.[1];
      assert.ok(nonce, `${path}: ${policy}`);
      nonces.add(nonce);
      for (
        const directive of [
          "default-src 'self'",
          "style-src 'self'",
          "img-src 'self' data:",
          "connect-src 'self'",
          "object-src 'none'",
          "frame-ancestors 'none'",
          "base-uri 'none'",
          "form-action 'self'",
        ]
      ) {
        assert.ok(policy.split("; ").includes(directive), `${path}: ${directive}`);
      }
      assert.doesNotMatch(policy, /unsafe/);
      assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
      assert.equal(headers.get("X-Frame-Options"), "DENY");
      assert.equal(headers.get("Referrer-Policy"), "same-origin");
      assert.match(headers.get("X-Request-Id")!, /^[\w-]{36}$/);
      assert.match(headers.get("Server-Timing")!, /^app;dur=[\d.]+$/);
      await body?.cancel();
    }
    assert.equal(nonces.size, 6);
  } finally {
    await web.close();
  }
});

Deno.test("pages obey their own policy: no inline styles, handlers or scripts", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    const { body } = await anna.ask("Who approves buying tents?");
    for (
      const path of [
        "/",
        "/far",
        "/far/97.201",
        "/far/99.999",
        "/search?q=tents",
        "/about",
        "/nothing",
        `/c/${body.conversation}`,
      ]
    ) {
      const html = await (await anna.fetch(path)).text();
      assert.match(html, /^<!DOCTYPE html>/, path);
      assert.doesNotMatch(html, /<[^>]+\s(style|on\w+)=/i, path);
      for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) {
        assert.match(tag, / nonce="[\w+/=]{24}"/, `${path}: ${tag}`);
        assert.match(tag, / src="\/islands\/|type="application\/json"/, `${path}: ${tag}`);
      }
    }
  } finally {
    await web.close();
  }
});

Deno.test("a sane request id from a proxy is kept, one that could break a log line is not", async () => {
  const web = testWeb();
  const idFor = async (sent: string) => {
    const request = new Request(`${ORIGIN}/healthz`, { headers: { "X-Request-Id": sent } });
    return (await web.handler(request)).headers.get("X-Request-Id");
  };
  try {
    assert.equal(await idFor("edge-7f3a.99:1"), "edge-7f3a.99:1");
    for (const bad of ["short", "x".repeat(65), "a b c d e f g", '"},{"level":"', "<b>12345678"]) {
      assert.notEqual(await idFor(bad), bad);
    }
  } finally {
    await web.close();
  }
});

Deno.test("a browser is known by its cookie; probes get none and a forged one is replaced", async () => {
  const web = testWeb();
  try {
    const first = await web.handler(new Request(`${ORIGIN}/`));
    const cookie = first.headers.get("Set-Cookie")!;
    assert.match(
      cookie,
      /^farchat_browser=[0-9a-f]{32}; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const again = async (path: string, headers: Record<string, string>) =>
      (await web.handler(new Request(ORIGIN + path, { headers }))).headers.get("Set-Cookie");
    const value = cookie.split(";")[0];
    assert.equal((await again("/", { Cookie: value }))?.split(";")[0], value, "another year");
    assert.equal(await again("/api/v1/conversations", { Cookie: value }), null);
    assert.equal(await again("/healthz", {}), null);
    assert.doesNotMatch((await again("/", { "X-Forwarded-Proto": "https" }))!, /; Secure/);
    for (const forged of ["farchat_browser=", "farchat_browser=admin", "farchat_browser=%00"]) {
      assert.match((await again("/", { Cookie: forged }))!, /^farchat_browser=[0-9a-f]{32};/);
    }
  } finally {
    await web.close();
  }
});

Deno.test("another site can't make a browser post, delete or ask", async () => {
  const web = testWeb();
  const post = async (path: string, headers: Record<string, string>, method = "POST") => {
    const body = method === "POST" ? "question=Who" : undefined;
    return (await web.handler(new Request(ORIGIN + path, { method, headers, body }))).status;
  };
  const form = { "Content-Type": "application/x-www-form-urlencoded" };
  const json = { "Content-Type": "application/json" };
  try {
    const table: [number, string, Record<string, string>, string?][] = [
      [403, "/theme", { ...form, Origin: "https://evil.example" }],
      [403, "/theme", { ...form, Origin: "null" }],
      [403, "/theme", { ...form, "Sec-Fetch-Site": "cross-site" }],
      [403, "/theme", form],
      [403, "/ask", { ...form, Origin: "http://farchat.test.evil.example" }],
      [403, "/api/v1/chat", { ...json, Origin: "https://evil.example" }],
      [403, "/api/v1/chat", { "Content-Type": "text/plain", "Sec-Fetch-Site": "same-site" }],
      [403, "/api/v1/chat/1/stop", { Origin: "null" }],
      [403, "/api/v1/conversations/x", { Origin: "https://evil.example" }, "DELETE"],
      // A program names no origin; behind a proxy that ends TLS only the scheme differs.
      [404, "/api/v1/conversations/x", {}, "DELETE"],
      [404, "/api/v1/conversations/x", { Origin: "https://farchat.test" }, "DELETE"],
      [404, "/api/v1/conversations/x", { "Sec-Fetch-Site": "same-origin" }, "DELETE"],
    ];
    for (const [status, path, headers, method] of table) {
      const shown = `${path} ${JSON.stringify(headers)}`;
      assert.equal(await post(path, headers, method), status, shown);
    }
    const refused = await web.handler(
      new Request(`${ORIGIN}/ask`, { method: "POST", headers: form, body: "question=x" }),
    );
    assert.match(await refused.text(), /came from another site/);
  } finally {
    await web.close();
  }
});

Deno.test("a body above 64 KB is refused, whether or not it tells its length", async () => {
  const web = testWeb();
  const anna = new TestBrowser(web);
  const large = `question=${"x".repeat(65_536)}`;
  const stream = (text: string) => new Blob([text]).stream();
  const type = { "Content-Type": "application/x-www-form-urlencoded" };
  try {
    for (
      const init of [
        { body: large, headers: { ...type, "Content-Length": String(large.length) } },
        { body: stream(large), headers: type },
      ]
    ) {
      const response = await anna.fetch("/ask", { method: "POST", ...init });
      assert.equal(response.status, 413);
      assert.match(await response.text(), /at most 64 KB/);
    }
    const small = await anna.fetch("/ask", {
      method: "POST",
      headers: type,
      body: stream("question=Who+approves+tents%3F"),
    });
    assert.equal(small.status, 303, "a small one that does not tell its length is taken");
  } finally {
    await web.close();
  }
});

Deno.test("too many requests of one client get 429 with Retry-After; probes, files and others don't", async () => {
  const web = testWeb({ settings: { RATE_LIMIT_PER_MINUTE: "3", ASK_LIMIT_PER_MINUTE: "2" } });
  const get = (path: string, hostname: string) =>
    web.handler(new Request(ORIGIN + path), {
      remoteAddr: { transport: "tcp", hostname, port: 1 },
      completed: Promise.resolve(),
    });
  try {
    for (let i = 0; i < 5; i++) {
      assert.equal((await get("/healthz", "192.0.2.1")).status, 200);
      assert.equal((await get("/styles/base.css", "192.0.2.1")).status, 200);
    }
    for (let i = 0; i < 3; i++) assert.equal((await get("/about", "192.0.2.1")).status, 200);
    const refused = await get("/about", "192.0.2.1");
    assert.equal(refused.status, 429);
    const seconds = Number(refused.headers.get("Retry-After"));
    assert.ok(seconds > 0 && seconds <= 60);
    assert.match(await refused.text(), /at most 3 requests a minute/);
    const api = await get("/api/v1/suggest", "192.0.2.1");
    assert.equal(api.status, 429);
    assert.ok(api.headers.get("Retry-After"));
    assert.equal((await api.json()).status, 429);
    assert.equal((await get("/about", "192.0.2.2")).status, 200);
    for (let i = 0; i < 3; i++) await get("/about", `2001:db8:1:2:${i}::1`);
    assert.equal((await get("/about", "2001:db8:1:2:ffff::9")).status, 429, "one /64");
  } finally {
    await web.close();
  }
});

Deno.test("questions have a stricter limit than pages, by form and by API together", async () => {
  const web = testWeb({ settings: { ASK_LIMIT_PER_MINUTE: "2" } });
  const anna = new TestBrowser(web);
  try {
    assert.equal((await anna.ask("Who approves tents?")).status, 200);
    assert.equal((await anna.form("/ask", { question: "Who approves tents?" })).status, 303);
    const { status, body } = await anna.ask("Who approves tents?");
    assert.equal(status, 429);
    assert.match(body.detail, /at most 2 questions a minute/);
    assert.equal((await anna.send("POST", "/api/v1/chat/1/retry", {})).status, 429);
    assert.equal((await anna.form("/ask", { question: "x" })).status, 429);
    assert.equal((await anna.fetch("/")).status, 200);
    assert.equal((await anna.send("POST", "/api/v1/chat/1/stop")).status, 200);
  } finally {
    await web.close();
  }
});

Deno.test("an error nobody foresaw shows an id and no more, as a page and as JSON", async () => {
  const web = testWeb();
  const secret = new Error("SELECT * FROM secrets at /srv/farchat.db");
  web.farchat.retriever.retrieve = () => Promise.reject(secret);
  web.farchat.retriever.suggest = () => {
    throw secret;
  };
  const anna = new TestBrowser(web);
  try {
    const page = await anna.fetch("/search?q=tents");
    assert.equal(page.status, 500);
    const html = await page.text();
    const id = page.headers.get("X-Request-Id")!;
    assert.ok(html.includes(id));
    assert.doesNotMatch(html, /SELECT|srv|at file/);
    const json = await anna.fetch("/api/v1/suggest?q=tents");
    assert.equal(json.status, 500);
    const problem = await json.json();
    assert.equal(problem.instance, json.headers.get("X-Request-Id"));
    assert.doesNotMatch(JSON.stringify(problem), /SELECT|srv/);
    const health = await (await anna.fetch("/health")).json();
    assert.equal(health.errors_total, 2);
    assert.equal(health.requests_total, 2);
    assert.equal(health.error_rate, 1);
  } finally {
    await web.close();
  }
});

Deno.test("what is missing or not possible is a page with a way on", async () => {
  const web = testWeb();
  const anna = new TestBrowser(web);
  try {
    const missing = await anna.fetch("/nothing/here");
    assert.equal(missing.status, 404);
    const html = await missing.text();
    assert.match(html, /<title>Not found \| FARchat<\/title>/);
    assert.match(html, /There is nothing at this address/);
    assert.equal((await anna.fetch("/about", { method: "POST" })).status, 405);
    const head = await anna.fetch("/", { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.equal(head.body, null);
  } finally {
    await web.close();
  }
});
