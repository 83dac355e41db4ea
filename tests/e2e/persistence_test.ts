/** What was asked and answered outlives the server, however it ends. */
import assert from "node:assert/strict";
import { INTERRUPTED_NOTICE } from "../../lib/store/mod.ts";
import { startClaudeFarchat, twoCitedSentences } from "../support/claude_farchat.ts";
import { Client } from "../support/client.ts";
import { miniCorpus } from "../support/mini_corpus.ts";
import { startFarchat } from "../support/running_farchat.ts";
import { inStore } from "../support/stored.ts";
import { until } from "../support/until.ts";

const QUESTION = "When do I need certified cost or pricing data?";
const ANSWER = twoCitedSentences(
  "They are required before any award above two million dollars.",
  "Exceptions are listed separately.",
);

Deno.test("a server killed in the middle of an answer keeps what was written, says so, and answers again on Retry", async () => {
  await using site = await startClaudeFarchat((gate) => [
    { ...ANSWER, pace: () => gate.wait() },
    ANSWER,
  ]);
  const anna = new Client(site.farchat.url);
  const events = anna.events("/api/v1/chat", { question: QUESTION });
  const first = await events.next();
  const [message] = first.value!.id.split(".");
  site.gate.open(4);
  // What a reader has seen must be there after the kill; text is written to the file ten times a second.
  const kept = await until("four words in the file", () =>
    inStore(site.farchat.data, (store) => {
      const { answer, conversation } = store.conversations.message(Number(message))!;
      return answer === "They are required before" && { conversation };
    }));
  await site.restartAfterKill();
  await events.return(undefined).catch(() => {});
  assert.match(site.farchat.lines.join("\n"), /1 answers? .*cut off/);

  const later = new Client(site.farchat.url);
  later.cookie = anna.cookie;
  const page = await later.get(`/c/${kept.conversation}`);
  assert.equal(page.status, 200);
  assert.ok(page.text.includes("They are required before"));
  assert.ok(page.text.includes(INTERRUPTED_NOTICE));
  const { body: stored } = await later.json(`/api/v1/conversations/${kept.conversation}`);
  assert.equal(stored.turns.length, 1);
  assert.equal(stored.turns[0].status, "stopped");

  const retried = await later.json(`/api/v1/chat/${message}/retry`, { stream: false });
  assert.equal(retried.status, 200);
  const { body: again } = await later.json(`/api/v1/conversations/${kept.conversation}`);
  assert.equal(again.turns.length, 1, "in the place of the old one");
  const [turn] = again.turns;
  assert.match(turn.answer, /^They are required .* two million dollars\.\s+Exceptions are listed/);
  assert.equal(turn.status, "done");
  assert.equal(turn.citations.length, 2);
});

Deno.test("a server told to stop lets the answer being written come to its end", async () => {
  await using site = await startClaudeFarchat((gate) => [{ ...ANSWER, pace: () => gate.wait() }]);
  const anna = new Client(site.farchat.url);
  const events = anna.events("/api/v1/chat", { question: QUESTION });
  await events.next();
  site.gate.open(2);
  while (!(await events.next()).value!.data.delta?.includes("are"));
  const stopped = site.farchat.stop();
  await site.farchat.line(/^Stopping: answers being written/);
  site.gate.open(Infinity);
  const rest = [];
  for await (const { event } of events) rest.push(event);
  assert.equal(rest.at(-1), "done");
  assert.equal(await stopped, 0);
});

Deno.test("conversations are there after a restart, for the browser that had them and no other", async () => {
  await using first = await startFarchat({ from: await miniCorpus() });
  const anna = new Client(first.url);
  const asked = await anna.ask(QUESTION);
  assert.ok(asked.citations.length > 0);
  const followUp = await anna.ask("and for DoD?", { conversation: asked.conversation });
  assert.equal(await first.stop(), 0);

  await using second = await startFarchat({ data: first.data });
  const later = new Client(second.url);
  later.cookie = anna.cookie;
  const { body } = await later.json(`/api/v1/conversations/${asked.conversation}`);
  // deno-lint-ignore no-explicit-any
  const plain = (turn: any) => [turn.question, turn.answer, turn.citations, turn.related];
  assert.deepEqual(body.turns.map(plain), [asked, followUp].map(plain));
  assert.match((await later.get("/")).text, new RegExp(asked.conversation));

  const ben = new Client(second.url);
  assert.equal((await ben.get(`/c/${asked.conversation}`)).status, 404);
  assert.doesNotMatch((await ben.get("/")).text, new RegExp(asked.conversation));
});
