import assert from "node:assert/strict";
import { keyAge, type KeyAgeWatch, tellKeyAge, watchKeyAge } from "./key_age.ts";

const NOW = new Date("2026-06-01T12:00:00Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
const KEY = "sk-ant-canary-of-the-key";

interface Post {
  body: Record<string, unknown>;
  text: string;
}

async function withWebhook(
  answer: () => Response,
  work: (url: string, posts: Post[]) => Promise<void>,
): Promise<void> {
  const posts: Post[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const text = await request.text();
      posts.push({ text, body: JSON.parse(text) });
      return answer();
    },
  );
  try {
    await work(`http://127.0.0.1:${server.addr.port}/hook`, posts);
  } finally {
    await server.shutdown();
  }
}

function watch(url: string | undefined, created: Date | undefined): KeyAgeWatch & { at?: string } {
  return {
    settings: { ANTHROPIC_API_KEY: KEY, API_KEY_CREATED_DATE: created, KEY_AGE_WEBHOOK: url },
    lastTold() {
      return this.at;
    },
    told(at) {
      this.at = at;
    },
    now: () => NOW,
  };
}

Deno.test("a key is old after 90 days, not on the 90th, and never where its day is unknown or there is none", () => {
  const age = (created?: Date, key: string | undefined = KEY) =>
    keyAge({ ANTHROPIC_API_KEY: key, API_KEY_CREATED_DATE: created }, NOW);
  assert.deepEqual(age(daysAgo(90)), {
    present: true,
    created: daysAgo(90).toISOString(),
    days: 90,
    old: false,
  });
  assert.equal(age(daysAgo(90.01)).old, true);
  assert.equal(age(daysAgo(91)).days, 91);
  assert.deepEqual(age(), { present: true, old: false });
  assert.equal(
    keyAge({ ANTHROPIC_API_KEY: undefined, API_KEY_CREATED_DATE: daysAgo(500) }, NOW).old,
    false,
  );
  assert.equal(age(daysAgo(-3)).days, -3);
});

Deno.test("an old key is told to the webhook once a day, without the key", () =>
  withWebhook(() => new Response("ok"), async (url, posts) => {
    const watched = watch(url, daysAgo(120));
    await tellKeyAge(watched);
    await tellKeyAge(watched);
    assert.equal(posts.length, 1);
    assert.equal(posts[0].body.event, "anthropic_key_old");
    assert.equal(posts[0].body.days, 120);
    assert.ok(!posts[0].text.includes("canary"));
    await tellKeyAge({ ...watched, at: daysAgo(1).toISOString() } as KeyAgeWatch);
    assert.equal(posts.length, 2);
  }));

Deno.test("a time to come that was remembered, as after a wrong clock, does not silence it", () =>
  withWebhook(() => new Response("ok"), async (url, posts) => {
    const watched = watch(url, daysAgo(120));
    watched.at = daysAgo(-400).toISOString();
    await tellKeyAge(watched);
    assert.equal(posts.length, 1);
  }));

Deno.test("a webhook that refuses is tried again at the next look", async () => {
  let status = 500;
  await withWebhook(() => new Response(null, { status }), async (url, posts) => {
    const watched = watch(url, daysAgo(120));
    await tellKeyAge(watched);
    assert.equal(watched.at, undefined);
    status = 204;
    await tellKeyAge(watched);
    assert.equal(posts.length, 2);
    assert.equal(watched.at, NOW.toISOString());
  });
});

Deno.test("without a webhook, and with a key young enough, nothing is sent; a webhook out of reach throws nothing", async () => {
  const silent = watch(undefined, daysAgo(120));
  await tellKeyAge(silent);
  assert.equal(silent.at, NOW.toISOString(), "the log was told");
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const nobody = `http://127.0.0.1:${free.addr.port}/never`;
  free.close();
  const young = watch(nobody, daysAgo(5));
  await tellKeyAge(young);
  assert.equal(young.at, undefined);
  const unreachable = watch(nobody, daysAgo(120));
  await tellKeyAge(unreachable);
  assert.equal(unreachable.at, undefined);
});

Deno.test("a watch looks at once and ends with its signal", () =>
  withWebhook(() => new Response("ok"), async (url, posts) => {
    const stop = new AbortController();
    const told = Promise.withResolvers<void>();
    const watched = watch(url, daysAgo(120));
    watchKeyAge({ ...watched, told: () => told.resolve() }, stop.signal);
    await told.promise;
    assert.equal(posts.length, 1);
    stop.abort();
  }));
