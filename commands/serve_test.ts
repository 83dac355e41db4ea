import assert from "node:assert/strict";
import type { Farchat } from "../lib/farchat.ts";
import { Problem } from "../lib/problem.ts";
import { frames, type TestWeb, testWeb } from "../tests/support/web.ts";
import { serve } from "./serve.ts";

/** Serves a test FARchat at a free port; `url` once the banner is printed. */
function start(web: TestWeb, settings: Record<string, unknown> = {}) {
  const stop = new AbortController();
  const printed: string[] = [];
  const up = Promise.withResolvers<string>();
  const farchat: Farchat = {
    ...web.farchat,
    embedder: { ...web.farchat.embedder, state: "unavailable", warmUp: () => Promise.resolve() },
    close: () => Promise.resolve(),
  };
  const ended = serve(
    { ...web.farchat.settings, HOST: "127.0.0.1", PORT: 0, ...settings },
    stop.signal,
    (text) => {
      printed.push(text);
      const url = /http:\S+/.exec(text)?.[0];
      if (url) up.resolve(url);
    },
    () => Promise.resolve(farchat),
  );
  ended.catch(up.reject);
  return { stop: () => stop.abort(), url: up.promise, ended, printed };
}

Deno.test("the banner says where it is, what it answers from, and how to add what is missing", async () => {
  const web = testWeb();
  try {
    const server = start(web);
    const url = await server.url;
    assert.equal((await (await fetch(`${url}/healthz`)).json()).status, "ok");
    const page = await fetch(url);
    assert.equal(page.headers.get("Vary"), "Accept-Encoding", "pages are compressed");
    await page.body?.cancel();
    server.stop();
    await server.ended;
    const banner = server.printed[0];
    assert.match(banner, /^FARchat {2}0\.0\.0-test at http:\/\/127\.0\.0\.1:\d+$/m);
    assert.match(banner, /^Data {5}\.\/farchat_data$/m);
    assert.match(
      banner,
      /^Text {5}FAR, 2 sections; the DFARS is not loaded, add it with: farchat ingest/m,
    );
    assert.match(banner, /^Search {3}by words alone/m);
    assert.match(banner, /^Search {3}by words/m);
    assert.match(banner, /^Answers {2}quoted from the text; .*ANTHROPIC_API_KEY$/m);
  } finally {
    await web.close();
  }
});

Deno.test("a stop lets the answer being written come to its end, and takes no more connections", async () => {
  const web = testWeb({ slow: true, words: 2 });
  try {
    const server = start(web);
    const url = await server.url;
    const response = await fetch(`${url}/api/v1/chat`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ question: "Who approves buying tents?" }),
    });
    assert.equal(response.headers.get("Content-Encoding"), null, "that would hold events back");
    const stream = frames(response);
    for (let i = 0; i < 2; i++) await stream.next();
    web.pen.write(1);
    assert.match((await stream.next()).value as string, /word1/);
    server.stop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await assert.rejects(fetch(`${url}/healthz`));
    web.pen.write(1);
    assert.match((await stream.next()).value as string, /word2/);
    assert.match((await stream.next()).value as string, /event: done\n.*"stopped":false/);
    assert.equal((await stream.next()).done, true);
    await server.ended;
  } finally {
    await web.close();
  }
});

Deno.test("a port in use is told before the database is opened, with another to choose", async () => {
  const web = testWeb();
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  try {
    const server = start(web, { PORT: port });
    server.url.catch(() => {});
    await assert.rejects(server.ended, (error: Problem) => {
      assert.ok(error instanceof Problem);
      assert.match(error.message, new RegExp(`Port ${port} is in use`));
      assert.match(error.next, new RegExp(`--port ${port + 1}`));
      return true;
    });
    assert.deepEqual(server.printed, []);
    // The test task may only use this machine's addresses, so here it is Deno or the system that refuses.
    const nowhere = start(web, { HOST: "192.0.2.1" });
    nowhere.url.catch(() => {});
    await assert.rejects(nowhere.ended, /192\.0\.2\.1/);
  } finally {
    taken.close();
    await web.close();
  }
});

Deno.test("where the data can't be opened it stops listening and says why", async () => {
  const web = testWeb();
  const stop = new AbortController();
  try {
    await assert.rejects(
      serve(
        { ...web.farchat.settings, HOST: "127.0.0.1", PORT: 0 },
        stop.signal,
        () => {},
        () => Promise.reject(new Problem("Newer file.", { next: "Update FARchat." })),
      ),
      /Newer file/,
    );
  } finally {
    await web.close();
  }
});
