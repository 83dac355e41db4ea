import assert from "node:assert/strict";
import { ORIGIN, testWeb } from "../../tests/support/web.ts";

const INTRANET = "https://intranet.example.gov";

Deno.test("browsers are told to come by TLS only behind TLS; the cookie is then for TLS alone", async () => {
  const web = testWeb({ settings: { TRUSTED_PROXIES: "127.0.0.1" } });
  const get = (headers: Record<string, string>, hostname = "127.0.0.1", origin = ORIGIN) =>
    web.handler(new Request(`${origin}/about`, { headers }), {
      remoteAddr: { transport: "tcp", hostname, port: 1 },
      completed: Promise.resolve(),
    });
  const hsts = "Strict-Transport-Security";
  try {
    const plain = await get({});
    assert.equal(plain.headers.get(hsts), null);
    assert.doesNotMatch(plain.headers.get("Set-Cookie")!, /Secure/);
    for (
      const secure of [
        await get({ "X-Forwarded-Proto": "https" }),
        await get({}, "192.0.2.1", "https://farchat.test"),
      ]
    ) {
      assert.equal(secure.headers.get(hsts), "max-age=31536000");
      assert.match(secure.headers.get("Set-Cookie")!, /; Secure/);
    }
    const stranger = await get({ "X-Forwarded-Proto": "https" }, "192.0.2.1");
    assert.equal(stranger.headers.get(hsts), null);
  } finally {
    await web.close();
  }
});

Deno.test("pages may not be framed, tell other sites nothing, and may use no device", async () => {
  const web = testWeb();
  try {
    for (const path of ["/", "/nothing", "/api/v1/suggest", "/healthz", "/styles/base.css"]) {
      const response = await web.handler(new Request(ORIGIN + path));
      const header = (name: string) => response.headers.get(name)!;
      assert.match(header("Content-Security-Policy"), /frame-ancestors 'none'/, path);
      assert.equal(header("X-Frame-Options"), "DENY");
      assert.equal(header("Referrer-Policy"), "same-origin");
      assert.equal(header("Cross-Origin-Opener-Policy"), "same-origin");
      for (const feature of ["camera", "microphone", "geolocation", "payment", "usb"]) {
        assert.match(header("Permissions-Policy"), new RegExp(`\\b${feature}=\\(\\)`), path);
      }
      await response.body?.cancel();
    }
  } finally {
    await web.close();
  }
});

const preflight = (path: string, origin: string, method = "POST") =>
  new Request(ORIGIN + path, {
    method: "OPTIONS",
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": method,
      "Access-Control-Request-Headers": "content-type",
    },
  });

Deno.test("without CORS_ORIGINS no other site's page may read or call anything", async () => {
  const web = testWeb();
  try {
    for (const origin of [INTRANET, "null", "https://evil.example"]) {
      const asked = await web.handler(preflight("/api/v1/chat", origin));
      assert.equal(asked.headers.get("Access-Control-Allow-Origin"), null);
      const read = await web.handler(
        new Request(`${ORIGIN}/api/v1/suggest?q=x`, { headers: { Origin: origin } }),
      );
      assert.equal(read.headers.get("Access-Control-Allow-Origin"), null);
      await read.body?.cancel();
    }
  } finally {
    await web.close();
  }
});

Deno.test("pages of a listed origin may call the API, without cookies, and read its limits and errors", async () => {
  const web = testWeb({ settings: { CORS_ORIGINS: `${INTRANET},https://b.example.gov` } });
  try {
    const asked = await web.handler(preflight("/api/v1/chat", INTRANET));
    assert.equal(asked.status, 204);
    assert.equal(asked.headers.get("Access-Control-Allow-Origin"), INTRANET);
    assert.match(asked.headers.get("Access-Control-Allow-Methods")!, /POST/);
    assert.match(asked.headers.get("Access-Control-Allow-Headers")!, /Content-Type/i);
    assert.equal(asked.headers.get("Access-Control-Allow-Credentials"), null);
    const ask = (origin: string, body: unknown, site: string) =>
      web.handler(
        new Request(`${ORIGIN}/api/v1/chat`, {
          method: "POST",
          headers: { Origin: origin, "Content-Type": "application/json", "Sec-Fetch-Site": site },
          body: JSON.stringify(body),
        }),
      );
    const answer = await ask(INTRANET, { question: "Who?", stream: false }, "cross-site");
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("Access-Control-Allow-Origin"), INTRANET);
    assert.match(answer.headers.get("Vary")!, /Origin/);
    assert.match(answer.headers.get("Access-Control-Expose-Headers")!, /Retry-After/);
    await answer.body?.cancel();
    const wrong = await ask(INTRANET, {}, "cross-site");
    assert.equal(wrong.status, 400);
    assert.equal(wrong.headers.get("Access-Control-Allow-Origin"), INTRANET, "errors too");
    await wrong.body?.cancel();
  } finally {
    await web.close();
  }
});

Deno.test("an origin that only looks like a listed one is another one, and pages are not the API", async () => {
  const web = testWeb({ settings: { CORS_ORIGINS: INTRANET } });
  try {
    for (
      const origin of [
        "http://intranet.example.gov",
        "https://intranet.example.gov.evil.example",
        "https://intranet.example.gov:8443",
        "https://INTRANET.example.gov",
        "null",
        "*",
      ]
    ) {
      const asked = await web.handler(preflight("/api/v1/chat", origin));
      assert.equal(asked.headers.get("Access-Control-Allow-Origin"), null, origin);
      const sent = await web.handler(
        new Request(`${ORIGIN}/api/v1/chat/1/stop`, {
          method: "POST",
          headers: { Origin: origin },
        }),
      );
      assert.equal(sent.status, 403, origin);
      await sent.body?.cancel();
    }
    for (const path of ["/", "/health", "/metrics", "/apis"]) {
      const page = await web.handler(new Request(ORIGIN + path, { headers: { Origin: INTRANET } }));
      assert.equal(page.headers.get("Access-Control-Allow-Origin"), null, path);
      await page.body?.cancel();
    }
    const form = await web.handler(
      new Request(`${ORIGIN}/ask`, {
        method: "POST",
        headers: { Origin: INTRANET },
        body: new URLSearchParams({ question: "Who?" }),
      }),
    );
    assert.equal(form.status, 403, "forms are not the API");
    await form.body?.cancel();
  } finally {
    await web.close();
  }
});

Deno.test("a response that has a policy of its own keeps it", async () => {
  const web = testWeb();
  const { App } = await import("fresh");
  const { observe } = await import("./observe.ts");
  const { securityHeaders } = await import("./security_headers.ts");
  try {
    const policy = "default-src 'none'";
    const handler = new App<import("./state.ts").State>()
      .use(observe(web.farchat), securityHeaders())
      .get("/", () => new Response("", { headers: { "Content-Security-Policy": policy } }))
      .handler();
    const response = await handler(new Request(`${ORIGIN}/`));
    assert.equal(response.headers.get("Content-Security-Policy"), policy);
    assert.equal(response.headers.get("X-Frame-Options"), "DENY");
  } finally {
    await web.close();
  }
});
