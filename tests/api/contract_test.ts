/** What the API answers is what its document says, and the other way round. */
import assert from "node:assert/strict";
import { manifest } from "../../fresh.gen.ts";
import { apiDocument } from "../../lib/api/document.ts";
import { patternOf } from "../../lib/fresh/fs_routes.ts";
import { Problem } from "../../lib/problem.ts";
import { answered, Contract } from "../support/api_contract.ts";
import { mistakes } from "../support/json_schema.ts";
import { startSite } from "../support/site.ts";
import { TestBrowser, testWeb } from "../support/web.ts";

const contract = new Contract(await apiDocument());

/** The document promises these of every operation. */
const ALWAYS = [429, 500, 503];

const QUESTION = "Who approves buying tents?";

Deno.test("every file of routes/api is in the document, and the document has nothing else", () => {
  const files = Object.entries(manifest.routes).filter(([file]) => file.startsWith("api/"));
  const served = files.flatMap(([file, { handler }]) =>
    Object.keys(handler!).map((method) => `${method} ${patternOf(file).replace(/:(\w+)/g, "{$1}")}`)
  );
  assert.deepEqual(served.sort(), contract.addresses.sort());
});

Deno.test("every answer of every operation is as the document has it, and every promise is kept", async () => {
  const kept = new Set<string>();
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    const send = async (method: string, path: string, init: RequestInit = {}) => {
      const response = await anna.fetch(path, { ...init, method });
      const answer = await answered(response);
      kept.add(contract.check(method, path, answer));
      return answer;
    };
    const sendJson = (method: string, path: string, body: unknown) =>
      send(method, path, {
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
    /** What is wrong with a body in itself, for each operation that takes one. */
    const badBodies = async (method: string, path: string) => {
      await sendJson(method, path, { unknown: true });
      await sendJson(method, path, { long: "x".repeat(70_000) });
      await send(method, path, { headers: { "Content-Type": "text/plain" }, body: "{}x" });
    };
    const fromElsewhere = (method: string, path: string) =>
      send(method, path, { headers: { Origin: "http://elsewhere.test" } });

    await sendJson("POST", "/api/v1/chat", { question: QUESTION });
    const first = await sendJson("POST", "/api/v1/chat", { question: QUESTION, stream: false });
    const { conversation } = JSON.parse(first.text);
    await sendJson("POST", "/api/v1/chat", { question: "And ropes?", conversation: "unknown" });
    await sendJson("POST", "/api/v1/chat", { question: "x".repeat(4001) });
    await badBodies("POST", "/api/v1/chat");
    await fromElsewhere("POST", "/api/v1/chat");

    await send("GET", "/api/v1/chat/1/events");
    await send("GET", "/api/v1/chat/1/events?after=2");
    await send("GET", "/api/v1/chat/99/events");
    await send("POST", "/api/v1/chat/1/stop");
    await send("POST", "/api/v1/chat/99/stop");
    await send("POST", "/api/v1/chat/one/stop");
    await fromElsewhere("POST", "/api/v1/chat/1/stop");
    await send("POST", "/api/v1/chat/99/retry");
    await badBodies("POST", "/api/v1/chat/1/retry");
    await fromElsewhere("POST", "/api/v1/chat/1/retry");
    await send("POST", "/api/v1/chat/1/retry");
    await sendJson("POST", "/api/v1/chat/3/retry", { stream: false });

    const path = `/api/v1/conversations/${conversation}`;
    await send("GET", "/api/v1/conversations");
    const { text } = await send("GET", "/api/v1/conversations?limit=1");
    const { next } = JSON.parse(text);
    await send("GET", `/api/v1/conversations?limit=1&cursor=${next}`);
    await send("GET", "/api/v1/conversations?cursor=1");
    await send("GET", path);
    await send("GET", "/api/v1/conversations/unknown");
    await sendJson("PATCH", path, { title: "Tents" });
    await sendJson("PATCH", "/api/v1/conversations/unknown", { title: "Tents" });
    await badBodies("PATCH", path);
    await fromElsewhere("PATCH", path);
    await fromElsewhere("DELETE", path);
    await send("DELETE", path);
    await send("DELETE", path);

    await send("GET", "/api/v1/search?q=tents");
    await send("GET", "/api/v1/search");
    await send("GET", "/api/v1/suggest?q=who");
    await send("GET", `/api/v1/suggest?q=${"x".repeat(201)}`);
    await send("GET", "/api/v1/sections/far/97.201");
    await send("GET", "/api/v1/sections/far/97.202");
    await send("GET", "/api/v1/sections/gsa/97.201");
    await send("GET", "/api/v1/documents");
    await send("GET", "/api/v1/documents?collection=dfars");
    await send("GET", "/api/v1/documents?cursor=first");
    await send("GET", "/api/v1/openapi.json");
    await send("GET", "/api/v1/docs");

    const { body: { message } } = await anna.ask(QUESTION);
    const { answers } = web.farchat;
    answers.ask = answers.retry = () => Promise.reject(full());
    web.farchat.store.conversations.rename = answers.deleteConversation = () => {
      throw full();
    };
    await sendJson("POST", "/api/v1/chat", { question: QUESTION });
    await send("POST", `/api/v1/chat/${message}/retry`);
    await sendJson("PATCH", path, { title: "Tents" });
    await send("DELETE", path);
  } finally {
    await web.close();
  }
  const missing = contract.promises.filter((promise) =>
    !kept.has(promise) && !ALWAYS.some((status) => promise.endsWith(` ${status}`))
  );
  assert.deepEqual(missing, []);
});

function full(): Problem {
  return new Problem("The disk is full.", { next: "Make room.", status: 507 });
}

Deno.test("what may go wrong anywhere is told as the document has it", async () => {
  const web = testWeb({ settings: { RATE_LIMIT_PER_MINUTE: "3" } });
  try {
    const anna = new TestBrowser(web);
    const get = async (path: string) =>
      contract.check("GET", path, await answered(await anna.fetch(path)));
    web.farchat.store.documents.list = () => {
      throw new Error("nobody foresaw this");
    };
    assert.equal(await get("/api/v1/documents"), "listDocuments 500");
    web.farchat.store.documents.list = () => {
      throw new Problem("The database is busy.", { next: "Try again.", status: 503 });
    };
    assert.equal(await get("/api/v1/documents"), "listDocuments 503");
    for (let i = 0; i < 2; i++) await anna.fetch("/api/v1/suggest");
    assert.equal(await get("/api/v1/suggest"), "suggest 429");
  } finally {
    await web.close();
  }
});

Deno.test("an answer's failure and its other events are as the document has them", async () => {
  for (const options of [{ fails: new Error("nobody foresaw this") }, { words: 5 }]) {
    const web = testWeb(options);
    try {
      const anna = new TestBrowser(web);
      const response = await anna.send("POST", "/api/v1/chat", { question: QUESTION });
      contract.check("POST", "/api/v1/chat", await answered(response));
      const stored = await anna.fetch("/api/v1/chat/1/events");
      contract.check("GET", "/api/v1/chat/1/events", await answered(stored));
      const again = await anna.send("POST", "/api/v1/chat/1/retry", { stream: false });
      contract.check("POST", "/api/v1/chat/1/retry", await answered(again));
    } finally {
      await web.close();
    }
  }
});

Deno.test("every section of a regulation, loaded or not, is as the document has it, and a cited answer too", async () => {
  for (const loaded of [true, false]) {
    const site = startSite({ loaded });
    try {
      const get = async (path: string, init?: RequestInit) => {
        const answer = await answered(await fetch(site.url + path, init));
        contract.check(init?.method ?? "GET", path, answer);
        return answer;
      };
      for (const regulation of ["far", "dfars"] as const) {
        const numbers = site.farchat.store.outline.parts(regulation).flatMap((part) =>
          site.farchat.store.outline.part(regulation, part.number)!.subparts
            .flatMap(({ sections }) => sections.map(({ number }) => number))
        );
        assert.ok(numbers.length > 3);
        for (const number of numbers) await get(`/api/v1/sections/${regulation}/${number}`);
      }
      if (!loaded) continue;
      const ask = (stream: boolean) =>
        get("/api/v1/chat", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ question: "When are they required?", stream }),
        });
      assert.match((await ask(true)).text, /event: citation\n/);
      assert.ok(JSON.parse((await ask(false)).text).citations.length > 1);
    } finally {
      await site.close();
    }
  }
});

Deno.test("the check of responses finds what is missing, wrong, or not described", () => {
  const schema = {
    type: "object",
    properties: {
      n: { type: "integer", minimum: 1 },
      list: { type: "array", items: { $ref: "#/components/schemas/Word" } },
    },
    required: ["n"],
  };
  const schemas = { Word: { type: "string", enum: ["a", "b"] } };
  const table: [unknown, RegExp | null][] = [
    [{ n: 1, list: ["a"] }, null],
    [{}, /^\$: expected a n/],
    [{ n: 0 }, /^\$\.n: expected at least 1, found 0$/],
    [{ n: 1.5 }, /^\$\.n: expected a integer/],
    [{ n: 1, list: ["a", "c"] }, /^\$\.list\[1\]: expected one of/],
    [{ n: 1, more: 2 }, /^\$: expected no more/],
    [null, /^\$: expected a object/],
  ];
  for (const [value, expected] of table) {
    const [first] = mistakes(value, schema, schemas);
    if (expected) assert.match(first, expected);
    else assert.equal(first, undefined);
  }
  assert.throws(() => mistakes(1, { multipleOf: 2 }, {}), /multipleOf/);
});
