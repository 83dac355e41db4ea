import assert from "node:assert/strict";
import { signal } from "@preact/signals";
import { App, createDefine, HttpError, page, staticFiles } from "./mod.ts";
import { asset, Head } from "./runtime.ts";

interface State {
  trail: string[];
  nonce?: string;
}
const define = createDefine<State>();
const request = (path: string, init?: RequestInit) => new Request(`http://host${path}`, init);
const trail = (name: string) =>
  define.middleware((ctx) => {
    (ctx.state.trail ??= []).push(name);
    return ctx.next();
  });

function Counter({ start }: { start: number }) {
  return <button type="button">{start}</button>;
}
function Outer(_: { at: number }) {
  return (
    <p>
      <Counter start={2} />
    </p>
  );
}

const show = define.handlers({
  GET: (ctx) => new Response(JSON.stringify([ctx.route, ctx.params, ctx.state.trail])),
  POST: () => new Response("posted"),
});
const greeting = define.handlers({
  GET: (ctx) => page({ name: ctx.params.name }, { status: 201, headers: { "X-Seen": "yes" } }),
});

/** A site with every kind of file. */
function site() {
  return new App<State>({
    routes: {
      "_app.tsx": {
        default: define.page(({ Component, error }) => (
          <html lang="en">
            <head>
              <title>Plain</title>
              <meta name="description" content="app" />
            </head>
            <body data-error={String(error !== null)}>
              <Component />
            </body>
          </html>
        )),
      },
      "_error.tsx": {
        default: define.page(({ error }) => (
          <h1>{error instanceof HttpError ? error.message : "Unknown"}</h1>
        )),
      },
      "_middleware.ts": { default: trail("root") },
      "index.tsx": { default: define.page(({ url }) => <p>{url.pathname}</p>) },
      "far/index.ts": { handler: show },
      "far/[number].ts": { handler: show },
      "far/part.ts": { handler: show },
      "far/_middleware.ts": { default: [trail("a"), trail("b")] },
      "files/[...rest].ts": { handler: show },
      "(group)/inside.ts": { handler: show },
      "(group)/_middleware.ts": { default: trail("group") },
      "hello/[name].tsx": {
        handler: greeting,
        default: define.page<typeof greeting>(({ data }) => (
          <>
            <Head>
              <title>{data.name}</title>
            </Head>
            <b>{data.name}</b>
          </>
        )),
      },
      "deep/_layout.tsx": {
        default: define.layout(async ({ Component }) => {
          await Promise.resolve();
          return (
            <main>
              <Component />
            </main>
          );
        }),
      },
      "deep/page.tsx": {
        default: define.page(async () => {
          await Promise.resolve();
          return <i>deep</i>;
        }),
      },
      "deep/bare.tsx": {
        config: { skipInheritedLayouts: true, skipAppWrapper: true },
        default: define.page(() => <i>bare</i>),
      },
      "deep/fail.tsx": {
        default: define.page(() => {
          throw new Error("secret /srv/path");
        }),
      },
      "teapot.ts": {
        handler: () => {
          throw new HttpError(418, "Tea only", { headers: { "Retry-After": "3" } });
        },
      },
      "island.tsx": {
        default: define.page(() => (
          <>
            <Counter start={1} />
            <Outer at={1} />
          </>
        )),
      },
      "unfit.tsx": {
        default: define.page(() => <Counter {...{ start: 1, done: () => {} }} />),
      },
    },
    islands: { "Counter.tsx": { default: Counter }, "Outer.tsx": { default: Outer } },
    staticDir: import.meta.dirname + "/testdata",
  }).use(staticFiles()).fsRoutes().handler();
}

Deno.test("file names become routes and the most specific one answers", async () => {
  const handler = site();
  const table: [string, string, Record<string, string>, string[]][] = [
    ["/far", "/far", {}, ["root", "a", "b"]],
    ["/far/", "/far", {}, ["root", "a", "b"]],
    ["/far/part", "/far/part", {}, ["root", "a", "b"]],
    ["/far/15.403-1", "/far/:number", { number: "15.403-1" }, ["root", "a", "b"]],
    ["/far/a%2Fb%20c", "/far/:number", { number: "a/b c" }, ["root", "a", "b"]],
    ["/files/x/y.txt", "/files/:rest{.+}", { rest: "x/y.txt" }, ["root"]],
    ["/inside", "/inside", {}, ["root", "group"]],
  ];
  for (const [path, ...expected] of table) {
    assert.deepEqual(await (await handler(request(path))).json(), expected, path);
  }
});

Deno.test("a page is rendered with its handler's data, status and headers inside the app wrapper", async () => {
  const response = await site()(request("/hello/%3Cb%3E"));
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("X-Seen"), "yes");
  assert.equal(response.headers.get("Content-Type"), "text/html; charset=utf-8");
  const html = await response.text();
  assert.match(html, /^<!DOCTYPE html><html lang="en"><head>/);
  assert.match(html, /<b>&lt;b><\/b>/);
  assert.equal(html.match(/<title>/g)?.length, 1, "the page's title replaces the wrapper's");
  assert.match(html, /<title>&lt;b><\/title>/);
  assert.match(html, /name="description"/);
});

Deno.test("layouts wrap the pages below them, unless a page opts out", async () => {
  const handler = site();
  const deep = await (await handler(request("/deep/page"))).text();
  assert.match(deep, /<body data-error="false"><main><i>deep<\/i><\/main><\/body>/);
  const bare = await (await handler(request("/deep/bare"))).text();
  assert.match(bare, /<body><i>bare<\/i><\/body>/);
});

Deno.test("what is thrown reaches the error page with its status and headers, never its stack", async () => {
  const handler = site();
  const teapot = await handler(request("/teapot", { method: "POST" }));
  assert.equal(teapot.status, 418);
  assert.equal(teapot.headers.get("Retry-After"), "3");
  assert.match(await teapot.text(), /data-error="true"><h1>Tea only<\/h1>/);
  const failed = await handler(request("/deep/fail"));
  assert.equal(failed.status, 500);
  const html = await failed.text();
  assert.match(html, /<h1>Unknown<\/h1>/);
  assert.doesNotMatch(html, /secret|<main>/, "neither the message nor the deeper layout");
  const missing = await handler(request("/nowhere"));
  assert.equal(missing.status, 404);
  assert.match(await missing.text(), /<h1>Not Found<\/h1>/);
});

Deno.test("without an error page an error is a plain response that says only the status", async (t) => {
  const log = t.name && console.error;
  console.error = () => {};
  try {
    const app = new App<State>().get("/", () => {
      throw new Error("secret");
    });
    const response = await app.handler()(request("/"));
    assert.equal(response.status, 500);
    assert.equal(await response.text(), "Internal Server Error");
  } finally {
    console.error = log as typeof console.error;
  }
});

Deno.test("HEAD answers as GET without a body; other methods get 405 with what is allowed", async () => {
  const handler = site();
  const head = await handler(request("/hello/Ann", { method: "HEAD" }));
  assert.equal(head.status, 201);
  assert.equal(head.body, null);
  assert.equal(await (await handler(request("/far", { method: "POST" }))).text(), "posted");
  const wrong = await handler(request("/far", { method: "DELETE" }));
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers.get("Allow"), "GET, POST, HEAD");
  const onPage = await handler(request("/", { method: "POST" }));
  assert.equal(onPage.status, 405);
  assert.equal(onPage.headers.get("Allow"), "GET, HEAD");
});

Deno.test("middlewares run in order, from the top down, at and below their path", async () => {
  const app = new App<State>()
    .use(trail("all"))
    .use("/a", trail("a"))
    .get("/a/b", trail("own"), (ctx) => Response.json(ctx.state.trail))
    .get("/ab", (ctx) => Response.json(ctx.state.trail))
    .use(trail("late"))
    .get("/late", (ctx) => Response.json(ctx.state.trail));
  const handler = app.handler();
  for (
    const [path, expected] of [
      ["/a/b", ["all", "a", "own"]],
      ["/ab", ["all"]],
      ["/late", ["all", "late"]],
    ] as const
  ) {
    assert.deepEqual(await (await handler(request(path))).json(), expected);
  }
});

Deno.test("a redirect stays on this site however many slashes it begins with", async () => {
  const app = new App<State>().get(
    "/go",
    (ctx) => ctx.redirect(ctx.url.searchParams.get("to")!, 303),
  );
  const handler = app.handler();
  for (
    const [to, expected] of [
      ["/c/1?next=//x#a", "/c/1?next=//x#a"],
      ["//evil.example/x", "/evil.example/x"],
      ["/\\evil.example", "/evil.example"],
      ["https://other.example/", "https://other.example/"],
    ]
  ) {
    const response = await handler(request(`/go?to=${encodeURIComponent(to)}`));
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("Location"), expected);
  }
});

Deno.test("an island is marked once, with its props as data; what it contains hydrates with it", async () => {
  const response = await site()(request("/island"));
  const html = await response.text();
  assert.match(html, /<!--island:0--><button type="button">1<\/button><!--\/island-->/);
  assert.match(html, /<!--island:1--><p><button type="button">2<\/button><\/p><!--\/island-->/);
  assert.match(
    html,
    /<script type="application\/json" id="fresh-islands">\[\["\/islands\/Counter-AAAAAAAA.js","default",\{"start":1\}\],/,
  );
  assert.match(
    html,
    /<script type="module" src="\/islands\/client-BBBBBBBB.js"><\/script><\/body>/,
  );
  assert.match(html, /<link rel="modulepreload" href="\/islands\/chunk-CCCCCCCC.js"><\/head>/);
  assert.doesNotMatch(await (await site()(request("/"))).text(), /<script|modulepreload/);
});

Deno.test("a prop can't end the data element, and a nonce of the state is put on the scripts", async () => {
  const app = new App<State>({
    routes: {
      "index.tsx": {
        default: define.page(() => <Counter {...{ start: 1, x: "</script><!--" }} />),
      },
    },
    islands: { "Counter.tsx": { default: Counter } },
    staticDir: import.meta.dirname + "/testdata",
  });
  app.use((ctx) => {
    ctx.state.nonce = "abc123==";
    return ctx.next();
  });
  const html = await (await app.fsRoutes().handler()(request("/"))).text();
  assert.doesNotMatch(html, /<\/script><!--"/);
  assert.equal(html.match(/nonce="abc123=="/g)?.length, 2);
});

Deno.test("a prop that can't be sent to the browser fails on the server and is named", async (t) => {
  const render = async (value: unknown) => {
    let said = "";
    const handler = new App<State>({
      routes: {
        "index.tsx": { default: define.page(() => <Counter {...{ start: 1, value }} />) },
        "_error.tsx": {
          default: define.page(({ error }) => {
            said = String(error);
            return null;
          }),
        },
      },
      islands: { "Counter.tsx": { default: Counter } },
    }).fsRoutes().handler();
    const { status } = await handler(request("/"));
    return { status, said };
  };
  const unfit = [
    () => {},
    <i key="i">x</i>,
    new Date(),
    new Map(),
    new Set(),
    signal(1),
    1n,
    Symbol("x"),
  ];
  for (const value of [...unfit, [unfit[0]]]) {
    const { status, said } = await render(value);
    assert.equal(status, 500);
    assert.match(said, /Island "Counter": expected plain JSON data in "(value|0)"/);
  }
  for (const value of [undefined, null, "", 0, [1, { a: undefined }], { b: [{ c: true }] }]) {
    assert.equal((await render(value)).status, 200, JSON.stringify(value));
  }
  await t.step("and so do children, which an island can't have", async () => {
    assert.match((await render([<b key="b">x</b>])).said, /expected plain JSON/);
  });
});

Deno.test("static files carry an ETag; an address that names its content is cached for good", async () => {
  const handler = site();
  const first = await handler(request("/hello.css"));
  assert.equal(first.status, 200);
  assert.equal(first.headers.get("Content-Type"), "text/css; charset=utf-8");
  assert.equal(first.headers.get("Cache-Control"), "no-cache");
  const etag = first.headers.get("ETag")!;
  for (const tag of [etag, `W/${etag}`, `"x", ${etag}`]) {
    const again = await handler(request("/hello.css", { headers: { "If-None-Match": tag } }));
    assert.equal(again.status, 304, tag);
    assert.equal(again.body, null);
  }
  const bundled = await handler(request("/islands/Counter-AAAAAAAA.js"));
  assert.equal(bundled.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
  const app = new App<State>({
    routes: { "index.tsx": { default: define.page(() => <link href={asset("/hello.css")} />) } },
    islands: {},
    staticDir: import.meta.dirname + "/testdata",
  }).use(staticFiles()).fsRoutes().handler();
  const href = /href="([^"]+)"/.exec(await (await app(request("/"))).text())![1];
  const hashed = await app(request(href));
  assert.equal(hashed.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
  const stale = await app(request("/hello.css?__frsh_c=0000"));
  assert.equal(stale.headers.get("Cache-Control"), "no-cache");
});

Deno.test("no address reaches a file outside the static folder", async () => {
  const handler = site();
  for (
    const path of [
      "/../app.ts",
      "/..%2fapp.ts",
      "/%2e%2e/app.ts",
      "/..%5capp.ts",
      "/islands/../../app.ts",
      "/.hidden.txt",
      "/hello.css%00",
      "/%E0%A4%A",
      "//hello.css/../../app.ts",
    ]
  ) {
    assert.equal((await handler(request(path))).status, 404, path);
  }
});
