import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { AnswerCitation, AnswerEvent } from "../answer/types.ts";
import { Problem } from "../problem.ts";
import { INTERRUPTED_NOTICE, WRITE_INTERVAL_MS } from "./conversations.ts";
import { newConversationId, titleOf } from "./conversation_ids.ts";
import { openStore, type Store } from "./store.ts";
import { withFolder, withStore } from "./test_store.ts";

const PASSAGES: AnswerEvent = {
  type: "passages",
  mode: "claude",
  query: "certified cost data",
  notices: ["Only the FAR was searched."],
  passages: [{
    regulation: "far",
    section: "15.403-4",
    title: "Requiring certified cost or pricing data",
    path: "FAR › Part 15",
    anchor: "a",
    text: "Widgets.",
    start: 0,
    end: 8,
    kind: "regulation",
    why: ["words"],
  }],
};
const CITATION: AnswerCitation = {
  index: 1,
  regulation: "far",
  section: "15.403-4",
  title: "Requiring certified cost or pricing data",
  paragraph: "(a)(1)",
  anchor: "a-1",
  quote: "Widgets.",
  start: 3,
  end: 11,
  kind: "regulation",
  at: 4,
};
const text = (delta: string): AnswerEvent => ({ type: "text", delta });
const ASK = { question: "When?", mode: "claude" as const };

function started({ conversations }: Store, browser = "browser") {
  const conversation = conversations.create(browser, ASK.question, 1000);
  return { conversation, message: conversations.startMessage({ conversation, ...ASK }, 2000) };
}

Deno.test("a finished answer comes back as its events said, oldest message first", async () => {
  await withStore((store) => {
    const { conversations } = store;
    const { conversation, message } = started(store);
    const events: AnswerEvent[] = [
      PASSAGES,
      text("Yes"),
      text(", so."),
      { type: "citation", citation: CITATION },
      { type: "citation", citation: { ...CITATION, index: 2, kind: "brief", at: 7 } },
      { type: "notice", message: "Slow today." },
      { type: "usage", model: "m-1", inputTokens: 9, outputTokens: 8, cacheReadTokens: 7 },
    ];
    events.forEach((event, seq) => conversations.appendEvent(message, seq, event));
    conversations.finish(message, { status: "done", related: ["And then?"] }, 3000);
    const second = conversations.startMessage({ conversation, ...ASK, collections: ["far"] }, 4000);
    conversations.finish(second, {
      status: "failed",
      error: { id: "e1", message: "No answer." },
    }, 5000);

    const found = conversations.get(conversation, "browser")!;
    assert.deepEqual([found.title, found.created, found.updated, found.messages], [
      "When?",
      1000,
      5000,
      2,
    ]);
    assert.deepEqual(found.turns.map(({ id }) => id), [message, second]);
    const [first, last] = found.turns;
    assert.equal(first.answer, "Yes, so.");
    assert.equal(first.status, "done");
    assert.deepEqual(first.citations, [CITATION, { ...CITATION, index: 2, kind: "brief", at: 7 }]);
    assert.deepEqual(first.passages, (PASSAGES as { passages: unknown }).passages);
    assert.deepEqual(first.notices, ["Only the FAR was searched.", "Slow today."]);
    assert.deepEqual(first.related, ["And then?"]);
    assert.equal(first.query, "certified cost data");
    assert.equal(first.usage?.inputTokens, 9);
    assert.deepEqual([first.created, first.finished], [2000, 3000]);
    assert.deepEqual(last.error, { id: "e1", message: "No answer." });
    assert.deepEqual(last.collections, ["far"]);
    assert.deepEqual(conversations.message(message), first);
  });
});

Deno.test("an answer being written shows what is there so far, on disk or not yet", async () => {
  await withStore((store) => {
    const { conversations } = store;
    const { message } = started(store);
    conversations.appendEvent(message, 0, PASSAGES);
    conversations.appendEvent(message, 1, text("One "));
    conversations.flush();
    conversations.appendEvent(message, 2, text("two"));
    const now = conversations.message(message)!;
    assert.deepEqual([now.status, now.answer, now.finished], ["streaming", "One two", undefined]);
    assert.equal(now.passages.length, 1);
    conversations.flush();
  });
});

Deno.test("events reach the file by themselves within a moment", async () => {
  await withStore(async (store) => {
    const other = openStore({ path: store.path });
    const { message } = started(store);
    store.conversations.appendEvent(message, 0, text("Soon "));
    store.conversations.appendEvent(message, 1, text("there."));
    assert.equal(other.conversations.message(message)?.answer, "");
    await new Promise((resolve) => setTimeout(resolve, 5 * WRITE_INTERVAL_MS));
    assert.equal(other.conversations.message(message)?.answer, "Soon there.");
    other.close();
  });
});

Deno.test("while another process writes, events wait without holding up the server, and none is lost", async () => {
  await withStore(async (store) => {
    const other = openStore({ path: store.path });
    const { message } = started(store);
    let longest = 0;
    const blocker = new DatabaseSync(store.path);
    blocker.exec("BEGIN IMMEDIATE");
    for (let i = 0; i < 20; i++) {
      const start = performance.now();
      store.conversations.appendEvent(message, i, text(`${i} `));
      await new Promise((resolve) => setTimeout(resolve, 20));
      longest = Math.max(longest, performance.now() - start);
    }
    blocker.exec("ROLLBACK");
    blocker.close();
    assert.ok(longest < 200, `${longest} ms`);
    store.conversations.finish(message, { status: "done" });
    const words = Array.from({ length: 20 }, (_, i) => `${i} `).join("");
    assert.equal(other.conversations.message(message)?.answer, words);
    other.close();
  });
});

Deno.test("an answer that a dying process left is folded at the next start, with a notice", async () => {
  await withFolder((folder) => {
    const path = join(folder, "farchat.db");
    const dying = openStore({ path });
    const { message } = started(dying);
    dying.conversations.appendEvent(message, 0, PASSAGES);
    dying.conversations.appendEvent(message, 1, text("Half an"));
    dying.conversations.flush();

    const next = openStore({ path });
    assert.equal(next.conversations.recover(9000), 1);
    assert.equal(next.conversations.recover(9000), 0);
    const found = next.conversations.message(message)!;
    assert.deepEqual([found.status, found.answer, found.finished], ["stopped", "Half an", 9000]);
    assert.deepEqual(found.notices, ["Only the FAR was searched.", INTERRUPTED_NOTICE]);
    // The dead process's last words come too late.
    dying.conversations.appendEvent(message, 2, text(" answer"));
    dying.close();
    assert.equal(next.conversations.message(message)!.answer, "Half an");
    next.close();
  });
});

Deno.test("a conversation is its browser's alone", async () => {
  await withStore((store) => {
    const { conversations } = store;
    const { conversation, message } = started(store, "mine");
    conversations.finish(message, { status: "done" });
    assert.equal(conversations.get(conversation, "theirs"), undefined);
    assert.equal(conversations.messageOf(message, "theirs"), undefined);
    assert.equal(conversations.messageOf(message, "mine")?.id, message);
    assert.equal(conversations.rename(conversation, "theirs", "X"), false);
    assert.equal(conversations.delete(conversation, "theirs"), false);
    assert.deepEqual(conversations.list("theirs"), []);
    assert.equal(conversations.rename(conversation, "mine", "  My\nquestion "), true);
    assert.equal(conversations.get(conversation, "mine")?.title, "My question");
  });
});

Deno.test("lists have the conversation used last first, with its number of messages", async () => {
  await withStore(({ conversations }) => {
    const ids = [1, 2, 3].map((n) => conversations.create("b", `Question ${n}?`, n));
    conversations.startMessage({ conversation: ids[0], ...ASK }, 10);
    assert.deepEqual(
      conversations.list("b").map(({ id, messages }) => [ids.indexOf(id), messages]),
      [[0, 1], [2, 0], [1, 0]],
    );
    assert.equal(conversations.list("b", 2).length, 2);
  });
});

Deno.test("a list goes on after a place, none told twice or left out, also when that conversation was deleted", async () => {
  await withStore(({ conversations }) => {
    const ids = [5, 5, 5, 7, 3].map((n) => conversations.create("b", "Question?", n));
    conversations.create("theirs", "Question?", 4);
    const expected = [3, 2, 1, 0, 4];
    const read = (limit: number, between: (id: string) => void = () => {}) => {
      const found: number[] = [];
      for (let page = conversations.list("b", limit); page.length > 0;) {
        found.push(...page.map(({ id }) => ids.indexOf(id)));
        between(page.at(-1)!.id);
        page = conversations.list("b", limit, page.at(-1));
      }
      return found;
    };
    for (const limit of [1, 2, 3, 50]) assert.deepEqual(read(limit), expected);
    assert.deepEqual(conversations.list("b", 9, { updated: 0, id: "" }), []);
    assert.deepEqual(
      read(1, (id) => void (ids.indexOf(id) === 3 && conversations.delete(id, "b"))),
      expected,
    );
  });
});

Deno.test("what is deleted is gone from the list and from the file's bytes", async () => {
  await withFolder((folder) => {
    const path = join(folder, "farchat.db");
    const store = openStore({ path });
    const { conversations } = store;
    const secret = "zebrafish acquisition";
    const conversation = conversations.create("b", secret);
    const message = conversations.startMessage({ conversation, ...ASK, question: secret });
    conversations.appendEvent(message, 0, text(`About ${secret}.`));
    conversations.appendEvent(message, 1, {
      type: "citation",
      citation: { ...CITATION, quote: secret },
    });
    conversations.finish(message, { status: "done" });
    const inFile = () =>
      [path, `${path}-wal`].some((file) => readFileSync(file).includes("zebrafish"));
    assert.equal(inFile(), true);
    assert.equal(conversations.delete(conversation, "b"), true);
    assert.equal(conversations.delete(conversation, "b"), false);
    assert.equal(conversations.message(message), undefined);
    assert.deepEqual(conversations.list("b"), []);
    assert.equal(inFile(), false);
    store.close();
  });
});

Deno.test("events of a message deleted while it is written go nowhere, and its id is not used again", async () => {
  await withStore((store) => {
    const { conversations } = store;
    const { conversation, message } = started(store);
    conversations.appendEvent(message, 0, text("Lost"));
    conversations.deleteMessage(message);
    conversations.appendEvent(message, 1, text("Lost too"));
    conversations.flush();
    conversations.finish(message, { status: "done" });
    assert.equal(conversations.message(message), undefined);
    const next = conversations.startMessage({ conversation, ...ASK });
    assert.ok(next > message);
    assert.equal(conversations.message(next)?.answer, "");
  });
});

Deno.test("a message of an unknown conversation is refused", async () => {
  await withStore(({ conversations }) => {
    assert.throws(() => conversations.startMessage({ conversation: "nope", ...ASK }), Problem);
  });
});

Deno.test("ids are long, of letters and digits, and differ", () => {
  const ids = new Set(Array.from({ length: 500 }, newConversationId));
  assert.equal(ids.size, 500);
  for (const id of ids) assert.match(id, /^[0-9A-Za-z]{22}$/);
});

Deno.test("a title is the question on one line, cut at a word", () => {
  assert.equal(titleOf("  When\n do I? "), "When do I?");
  const long = titleOf("When do I need certified cost or pricing data, ".repeat(4));
  assert.ok(long.length <= 80 && long.endsWith("…"));
  assert.match(long, /certified cost…$/);
  assert.equal(titleOf("x".repeat(200)).length, 80);
  // Never half of a surrogate pair.
  assert.equal(titleOf("x".repeat(78) + "😀😀"), "x".repeat(78) + "…");
});
