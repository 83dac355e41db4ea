import assert from "node:assert/strict";
import { TestBrowser, testWeb } from "../../../tests/support/web.ts";

Deno.test("a conversation can be read, renamed and deleted by its browser", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    const { body } = await anna.ask("Who approves buying tents?");
    const path = `/api/v1/conversations/${body.conversation}`;
    const read = await (await anna.fetch(path)).json();
    assert.equal(read.id, body.conversation);
    assert.equal(read.turns[0].answer, "word1 word2 word3 ");
    const renamed = await anna.send("PATCH", path, { title: "  Tents  " });
    assert.deepEqual(await renamed.json(), { id: body.conversation, title: "Tents" });
    for (const bad of [{ title: "" }, { title: "x".repeat(201) }, { title: 1 }, {}]) {
      assert.equal((await anna.send("PATCH", path, bad)).status, 400, JSON.stringify(bad));
    }
    const gone = await anna.send("DELETE", path);
    assert.equal(gone.status, 204);
    assert.equal((await anna.fetch(path)).status, 404);
    assert.equal((await anna.send("DELETE", path)).status, 404);
  } finally {
    await web.close();
  }
});

Deno.test("search gives sections and passages with why they were found", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    const found = await (await anna.fetch("/api/v1/search?q=tents&k=1")).json();
    assert.deepEqual(found.sections, [{
      regulation: "far",
      number: "97.201",
      label: "FAR 97.201",
      title: "Approving purchases of tents",
      href: "/far/97.201",
      score: 1,
      why: ["words"],
    }]);
    assert.equal(found.passages[0].section, "97.201");
    assert.match(found.passages[0].text, /tent officer/);
    const table: [string, RegExp][] = [
      ["", /q: expected what to search for/],
      ["?q=", /q/],
      ["?q=x&k=0", /k/],
      ["?q=x&k=51", /k/],
      ["?q=x&k=many", /k/],
      ["?q=x&collection=gsa", /collection/],
      [`?q=${"x".repeat(1001)}`, /q/],
    ];
    for (const [query, detail] of table) {
      const response = await anna.fetch(`/api/v1/search${query}`);
      assert.equal(response.status, 400, query.slice(0, 40));
      assert.match((await response.json()).detail, detail);
    }
  } finally {
    await web.close();
  }
});

Deno.test("suggestions come for what was typed, none for nothing", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    const some = await (await anna.fetch("/api/v1/suggest?q=who")).json();
    assert.deepEqual(some, {
      suggestions: [{ question: "who approves tents?", collection: "far", section: "97.201" }],
    });
    for (const query of ["", "?q=", "?q=%20"]) {
      const none = await (await anna.fetch(`/api/v1/suggest${query}`)).json();
      assert.deepEqual(none, { suggestions: [] });
    }
  } finally {
    await web.close();
  }
});

Deno.test("a section comes with its text, paragraphs and where to read it officially", async () => {
  const web = testWeb();
  try {
    const section = await (await new TestBrowser(web).fetch("/api/v1/sections/far/97.201")).json();
    assert.equal(section.label, "FAR 97.201");
    assert.equal(section.title, "Approving purchases of tents");
    assert.equal(section.href, "/far/97.201");
    assert.match(section.official.ecfr, /^https:\/\/www\.ecfr\.gov\//);
    const [{ text, paragraphs }] = section.texts;
    const c = paragraphs.find((p: { anchor: string }) => p.anchor === "c");
    assert.match(text.slice(c.start, c.end), /^\(c\) The tent officer decides/);
  } finally {
    await web.close();
  }
});

Deno.test("a section that does not exist is a 404 with the nearest numbers", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    const response = await anna.fetch("/api/v1/sections/far/97.202");
    assert.equal(response.status, 404);
    assert.equal(response.headers.get("Content-Type"), "application/problem+json");
    const problem = await response.json();
    assert.equal(problem.title, "Not Found");
    assert.deepEqual(problem.nearest[0], {
      regulation: "far",
      number: "97.201",
      title: "Approving purchases of tents",
    });
    for (const path of ["gsa/97.201", "uploads/1", "far/%3Cb%3E", `far/${"9".repeat(500)}`]) {
      const none = await anna.fetch(`/api/v1/sections/${path}`);
      assert.equal(none.status, 404, path);
      assert.doesNotMatch(await none.text(), /<b>/);
    }
  } finally {
    await web.close();
  }
});

Deno.test("the API answers in JSON what it does not have and does not do", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    const missing = await anna.fetch("/api/v1/nothing");
    assert.equal(missing.status, 404);
    assert.equal((await missing.json()).detail, "There is nothing at this address.");
    const wrong = await anna.fetch("/api/v1/chat");
    assert.equal(wrong.status, 405);
    assert.equal(wrong.headers.get("Allow"), "POST");
    assert.equal((await wrong.json()).title, "Method Not Allowed");
  } finally {
    await web.close();
  }
});

Deno.test("conversations come in pages that miss none, each browser its own", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    const asked: string[] = [];
    for (let i = 0; i < 5; i++) {
      asked.unshift((await anna.ask(`Who approves tent ${i}?`)).body.conversation);
    }
    const found: string[] = [];
    let next: string | undefined = "";
    for (let pages = 1; next !== undefined; pages++) {
      const path: string = `/api/v1/conversations?limit=2${next && `&cursor=${next}`}`;
      const page = await (await anna.fetch(path)).json();
      found.push(...page.conversations.map(({ id }: { id: string }) => id));
      if (pages === 2) {
        const ben = await (await new TestBrowser(web).fetch(path)).json();
        assert.deepEqual(ben, { conversations: [] });
      }
      next = page.next;
      assert.equal(next === undefined, pages === 3, `page ${pages}`);
    }
    assert.deepEqual(found, asked);
    const all = await (await anna.fetch("/api/v1/conversations?limit=5")).json();
    assert.equal(all.next, undefined);
    for (
      const bad of ["limit=0", "limit=101", "limit=x", "cursor=1", "cursor=1.%27", "cursor=-1.x"]
    ) {
      assert.equal((await anna.fetch(`/api/v1/conversations?${bad}`)).status, 400, bad);
    }
  } finally {
    await web.close();
  }
});

Deno.test("documents are listed in pages, without what nobody needs to know; adding them is not there yet", async () => {
  const web = testWeb();
  try {
    const { store } = web.farchat;
    const document = { collection: "uploads" as const, mediaType: "text/plain", bytes: 1 };
    for (const name of ["b.txt", "a.txt"]) {
      const sha256 = name.padEnd(64, "0");
      store.documents.replace({ ...document, name, sha256, notices: ["Odd."] }, []);
    }
    const anna = new TestBrowser(web);
    const get = async (query: string) =>
      await (await anna.fetch(`/api/v1/documents${query}`)).json();
    const names = async (query: string) =>
      (await get(query)).documents.map(({ name }: { name: string }) => name);
    assert.deepEqual(await names(""), ["test.xml", "b.txt", "a.txt"]);
    assert.deepEqual(await names("?collection=uploads"), ["b.txt", "a.txt"]);
    const { documents: [first], next } = await get("?limit=1");
    assert.deepEqual(Object.keys(first).sort(), [
      "chunks",
      "collection",
      "id",
      "ingested",
      "name",
      "notices",
      "sections",
      "words",
    ]);
    assert.deepEqual([first.sections, first.chunks], [2, 2]);
    assert.deepEqual(await names(`?limit=2&cursor=${next}`), ["b.txt", "a.txt"]);
    assert.equal((await get(`?limit=2&cursor=${next}`)).next, undefined);
    assert.equal((await anna.fetch("/api/v1/documents?cursor=x")).status, 400);
    assert.equal((await anna.send("POST", "/api/v1/documents", {})).status, 405);
    assert.equal((await anna.send("DELETE", "/api/v1/documents/1")).status, 404);
  } finally {
    await web.close();
  }
});

Deno.test("the API's page has a place for every link on it and every type of problem, and needs no script", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    const moved = await anna.fetch("/docs");
    assert.equal(moved.headers.get("Location"), "/api/v1/docs");
    const html = await (await anna.fetch("/api/v1/docs")).text();
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, "no id twice");
    const links = [...html.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id);
    assert.ok(links.length > 50);
    for (const link of links) assert.ok(ids.includes(link), link);
    const document = await (await anna.fetch("/api/v1/openapi.json")).json();
    for (const type of document.components.schemas.Problem.properties.type.enum) {
      assert.ok(ids.includes(type.split("#")[1]), type);
    }
    assert.match(html, /POST \/api\/v1\/chat</);
    assert.doesNotMatch(html, /https?:\/\/(?!farchat\.test)[^"]*\.js|cdn/);
  } finally {
    await web.close();
  }
});

Deno.test("a problem's type is its kind's, the same for the same mistake everywhere", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    const table: [string, string, string][] = [
      ["GET", "/api/v1/search", "invalid-request"],
      ["GET", "/api/v1/suggest?q=" + "x".repeat(201), "invalid-request"],
      ["GET", "/api/v1/nothing", "not-found"],
      ["GET", "/api/v1/conversations/unknown", "not-found"],
      ["GET", "/api/v1/sections/far/97.202", "unknown-section"],
      ["GET", "/api/v1/chat", "method-not-allowed"],
    ];
    for (const [method, path, kind] of table) {
      const problem = await (await anna.fetch(path, { method })).json();
      assert.equal(problem.type, `/api/v1/docs#problem-${kind}`, path);
    }
  } finally {
    await web.close();
  }
});
