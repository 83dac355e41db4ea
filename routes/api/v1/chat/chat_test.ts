import assert from "node:assert/strict";
import { frames, TestBrowser, testWeb } from "../../../../tests/support/web.ts";

const QUESTION = "Who approves buying tents?";

Deno.test("an answer streams as numbered events, to be read as it is written", async () => {
  const web = testWeb({ slow: true, words: 2 });
  try {
    const anna = new TestBrowser(web);
    const response = await anna.send("POST", "/api/v1/chat", { question: QUESTION });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("Content-Type"), "text/event-stream; charset=utf-8");
    assert.equal(response.headers.get("Cache-Control"), "no-store, no-transform");
    assert.equal(response.headers.get("X-Accel-Buffering"), "no");
    const stream = frames(response);
    const next = async () => (await stream.next()).value as string;
    assert.equal(await next(), "retry: 2000");
    assert.match(await next(), /^id: 1\.1\nevent: passages\ndata: \{"type":"passages",/);
    web.pen.write(1);
    assert.equal(await next(), 'id: 1.2\nevent: text\ndata: {"type":"text","delta":"word1 "}');
    web.pen.write(1);
    assert.equal(await next(), 'id: 1.3\nevent: text\ndata: {"type":"text","delta":"word2 "}');
    assert.match(await next(), /^id: 1\.4\nevent: done\ndata: \{"type":"done","conversation":"/);
    assert.equal((await stream.next()).done, true);
  } finally {
    await web.close();
  }
});

Deno.test("with stream=false the answer is one document when it is complete", async () => {
  const web = testWeb();
  try {
    const { status, body } = await new TestBrowser(web).ask(QUESTION, { collections: ["far"] });
    assert.equal(status, 200);
    assert.equal(body.answer, "word1 word2 word3 ");
    assert.equal(body.marked, "word1 word2 word3 ");
    assert.equal(body.status, "done");
    assert.equal(body.mode, "extractive");
    assert.equal(body.message, 1);
    assert.deepEqual(body.collections, ["far"]);
    assert.deepEqual(body.related, ["What are ropes?"]);
  } finally {
    await web.close();
  }
});

Deno.test("a broken stream is taken up after the last event it had, and the answer is written on meanwhile", async () => {
  const web = testWeb({ slow: true, words: 3 });
  try {
    const anna = new TestBrowser(web);
    const first = frames(await anna.send("POST", "/api/v1/chat", { question: QUESTION }));
    for (let i = 0; i < 2; i++) await first.next();
    await first.return(undefined);
    web.pen.write(2);
    for (
      const [path, headers] of [
        ["/api/v1/chat/1/events", { "Last-Event-ID": "1.2" }],
        ["/api/v1/chat/1/events?after=2", {}],
        ["/api/v1/chat/1/events?after=0", { "Last-Event-ID": "1.2" }],
      ] as [string, Record<string, string>][]
    ) {
      const again = frames(await anna.fetch(path, { headers }));
      await again.next();
      assert.match((await again.next()).value as string, /^id: 1\.3\n.*\n.*word2/, path);
      await again.return(undefined);
    }
    const other = frames(
      await anna.fetch("/api/v1/chat/1/events", { headers: { "Last-Event-ID": "7.2" } }),
    );
    await other.next();
    assert.match((await other.next()).value as string, /^id: 1\.1\nevent: passages/);
    await other.return(undefined);
    web.pen.write(1);
    const stored = await web.farchat.answers.finished(1);
    assert.equal(stored.answer, "word1 word2 word3 ");
    assert.equal(stored.status, "done");
  } finally {
    await web.close();
  }
});

Deno.test("stop ends an answer where it is and says so in the stream; retry writes it anew", async () => {
  const web = testWeb({ slow: true, words: 2 });
  try {
    const anna = new TestBrowser(web);
    const stream = frames(await anna.send("POST", "/api/v1/chat", { question: QUESTION }));
    for (let i = 0; i < 2; i++) await stream.next();
    web.pen.write(1);
    await stream.next();
    const stop = await anna.send("POST", "/api/v1/chat/1/stop");
    assert.deepEqual(await stop.json(), { stopped: true });
    assert.match((await stream.next()).value as string, /event: done\n.*"stopped":true/);
    const again = await anna.send("POST", "/api/v1/chat/1/stop");
    assert.deepEqual(await again.json(), { stopped: false });
    web.pen.write(3);
    const retried = await anna.send("POST", "/api/v1/chat/1/retry", { stream: false });
    const body = await retried.json();
    assert.equal(body.message, 2);
    assert.equal(body.answer, "word1 word2 ");
    assert.equal((await anna.fetch("/api/v1/chat/1/events")).status, 404, "the old one is gone");
  } finally {
    await web.close();
  }
});

Deno.test("an answer that fails ends with an error event that is safe to show", async () => {
  const web = testWeb({ fails: new Error("sk-ant-secret /srv/farchat.db") });
  try {
    const anna = new TestBrowser(web);
    const all = [];
    for await (
      const frame of frames(await anna.send("POST", "/api/v1/chat", { question: QUESTION }))
    ) {
      all.push(frame);
    }
    assert.match(all.at(-1)!, /^id: 1\.3\nevent: error\ndata: \{"type":"error","id":"/);
    assert.doesNotMatch(all.join(), /secret|srv/);
  } finally {
    await web.close();
  }
});

Deno.test("what is not right in a question is told with its status and the next step, and nothing is stored", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    const table: [unknown, number, RegExp][] = [
      [{ question: "" }, 400, /empty/],
      [{ question: " \n\t " }, 400, /empty/],
      [{ question: "x".repeat(20_000) }, 413, /4,000 characters, found 20,000/],
      [{ question: "x".repeat(70_000) }, 413, /64 KB/],
      [{ question: 7 }, 400, /question: expected text/],
      [{}, 400, /question/],
      [[], 400, /not right/],
      [{ question: QUESTION, colections: ["far"] }, 400, /colections/],
      [{ question: QUESTION, collections: ["gsa"] }, 400, /collections/],
      [{ question: QUESTION, stream: "yes" }, 400, /stream: expected true or false/],
      [{ question: QUESTION, conversation: "unknown" }, 404, /no such conversation/i],
    ];
    for (const [body, status, detail] of table) {
      const response = await anna.send("POST", "/api/v1/chat", body);
      const shown = JSON.stringify(body).slice(0, 60);
      assert.equal(response.status, status, shown);
      assert.equal(response.headers.get("Content-Type"), "application/problem+json");
      const problem = await response.json();
      assert.match(problem.detail, detail, shown);
      assert.ok(problem.next.length > 5);
      assert.equal(problem.status, status);
      assert.equal(problem.instance, response.headers.get("X-Request-Id"));
    }
    const raw = async (body: string, type: string) =>
      (await anna.fetch("/api/v1/chat", {
        method: "POST",
        headers: { "Content-Type": type },
        body,
      }))
        .status;
    assert.equal(await raw("{", "application/json"), 400);
    assert.equal(await raw('{"question":"x"}', "text/plain"), 415);
    const list = await (await anna.fetch("/api/v1/conversations")).json();
    assert.deepEqual(list.conversations, []);
  } finally {
    await web.close();
  }
});

Deno.test("HTML and other languages in a question are stored as they are and come back as data", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    for (
      const question of [
        "<script>alert(1)</script> tents?",
        "¿Quién aprueba las compras?",
        "谁批准?",
      ]
    ) {
      const { body } = await anna.ask(question);
      assert.equal(body.question, question);
    }
  } finally {
    await web.close();
  }
});

Deno.test("another browser can't see, follow, stop, retry, rename or delete what is not its own", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    const ben = new TestBrowser(web);
    await ben.fetch("/api/v1/conversations");
    const { body } = await anna.ask(QUESTION);
    const { conversation, message } = body;
    assert.notEqual(anna.cookie, ben.cookie);
    const table: [string, string, unknown?][] = [
      ["GET", `/api/v1/conversations/${conversation}`],
      ["PATCH", `/api/v1/conversations/${conversation}`, { title: "Mine" }],
      ["DELETE", `/api/v1/conversations/${conversation}`],
      ["GET", `/api/v1/chat/${message}/events`],
      ["POST", `/api/v1/chat/${message}/stop`],
      ["POST", `/api/v1/chat/${message}/retry`, {}],
      ["POST", "/api/v1/chat", { question: "And ropes?", conversation }],
    ];
    const stranger = new TestBrowser(web);
    stranger.cookie = "farchat_browser=' OR 1=1 --";
    for (const [method, path, sent] of table) {
      for (const other of [ben, stranger]) {
        const response = await other.send(method, path, sent);
        assert.equal(response.status, 404, `${method} ${path}`);
        const text = await response.text();
        assert.doesNotMatch(text, /tents|word1/);
        // The same words as for one that does not exist: whether it does is not told.
        const missing = path.replace(conversation, "0".repeat(22)).replace(`/${message}/`, "/999/");
        if (missing !== path) {
          const none = await (await other.send(method, missing, sent)).json();
          assert.equal(JSON.parse(text).detail, none.detail, `${method} ${path}`);
        }
      }
    }
    const list = await (await ben.fetch("/api/v1/conversations")).json();
    assert.deepEqual(list.conversations, []);
    const mine = await (await anna.fetch(`/api/v1/conversations/${conversation}`)).json();
    assert.equal(mine.turns.length, 1, "nothing of it was changed");
    assert.equal(mine.title, QUESTION);
  } finally {
    await web.close();
  }
});

Deno.test("a message's number is digits and nothing else", async () => {
  const web = testWeb();
  try {
    const anna = new TestBrowser(web);
    await anna.ask(QUESTION);
    for (
      const number of [
        "0",
        "-1",
        "1.5",
        "1e0",
        "0x1",
        "NaN",
        "%31%20",
        "99999999999999999999",
        "one",
      ]
    ) {
      assert.equal((await anna.fetch(`/api/v1/chat/${number}/events`)).status, 404, number);
    }
    const good = await anna.fetch("/api/v1/chat/1/events");
    assert.equal(good.status, 200);
    await good.body?.cancel();
  } finally {
    await web.close();
  }
});
