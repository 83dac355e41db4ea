/** Answers by Claude: what is sent, what is shown of it, and what never leaves the server. */
import assert from "node:assert/strict";
import { KEY, startClaudeFarchat, twoCitedSentences } from "../support/claude_farchat.ts";
import { Client } from "../support/client.ts";
import { inStore } from "../support/stored.ts";

const QUESTION = "When do I need certified cost or pricing data?";
const ANSWER = twoCitedSentences("This is the first statement.", "And this the second.");

Deno.test("the passages go to Claude as citable search results, and citations point into the stored text", async () => {
  await using site = await startClaudeFarchat(() => [ANSWER]);
  const anna = new Client(site.farchat.url);
  const answer = await anna.ask(QUESTION);
  assert.equal(answer.mode, "claude");
  assert.match(answer.marked, /the first statement\. \[1\]\s+And this the second\. \[2\]/);

  const [request] = site.double.requests;
  assert.ok([...request.headers.values()].some((value) => value.includes(KEY)), "with the key");
  assert.equal(request.body.stream, true);
  const last = request.body.messages.at(-1)!;
  assert.ok(last.role === "user" && typeof last.content !== "string");
  const results = last.content.filter(({ type }) => type === "search_result");
  assert.ok(results.length > 0);
  assert.ok(results.every(({ citations }) => citations?.enabled === true));
  assert.ok(results.every(({ content }) => content!.length > 0));
  assert.match(last.content.at(-1)!.text!, /When do I need certified/);

  const data = site.farchat.data;
  assert.equal(answer.citations.length, 2);
  // deno-lint-ignore no-explicit-any
  answer.citations.forEach((citation: any, i: number) => {
    const sent = results[0].content![i].text;
    assert.equal(results[0].source, `/${citation.regulation}/${citation.section}`);
    const stored = inStore(
      data,
      (store) => store.sections.get(citation.regulation, citation.section)[0].text,
    );
    assert.equal(stored.slice(citation.start, citation.end), citation.quote);
    assert.ok(sent.includes(citation.quote), `${citation.quote} is of what was sent: ${sent}`);
  });

  const followUp = await anna.ask("and for DoD?", { conversation: answer.conversation });
  assert.equal(followUp.mode, "claude");
  const turns = site.double.requests[1].body.messages;
  assert.equal(turns.length, 3, "the question and answer before it are sent along");
  assert.equal(turns[0].content, QUESTION);
  assert.equal(site.double.requests.length, 2, "nobody was asked to rewrite it: that is off");
});

Deno.test("where it is wanted, Claude's stand-alone question is what a follow-up is searched with", async () => {
  const standAlone = "When does a DoD contract need certified cost or pricing data?";
  const rewritten = { kind: "answer" as const, blocks: [{ deltas: [standAlone] }] };
  await using site = await startClaudeFarchat(
    () => [
      ANSWER,
      rewritten,
      ANSWER,
      { kind: "status", status: 529, error: "overloaded_error" },
      ANSWER,
    ],
    { CLAUDE_REWRITES_FOLLOW_UPS: "true" },
  );
  const anna = new Client(site.farchat.url);
  const query = async (question: string, conversation: string) => {
    let query: string | undefined;
    for await (const { event, data } of anna.events("/api/v1/chat", { question, conversation })) {
      if (event === "passages") query = data.query;
    }
    return query;
  };
  const first = await anna.ask(QUESTION);
  assert.equal(site.double.requests.length, 1, "a first question is not rewritten");
  assert.equal(await query("and for DoD?", first.conversation), standAlone);
  assert.match(JSON.stringify(site.double.requests[2].body.messages.at(-1)), /and for DoD\?/);
  assert.equal(
    await query("and for NASA?", first.conversation),
    "and for DoD? and for NASA?",
    "the rules take over",
  );
  const log = site.farchat.lines.join("\n");
  assert.doesNotMatch(log, /NASA|need certified/);
  assert.match(log, /overloaded/);
});

Deno.test("the key is in no page, no log line and no error, not even when the API repeats it", async () => {
  await using site = await startClaudeFarchat(() => [
    ANSWER,
    { kind: "status", status: 401, error: `authentication_error: ${KEY}` },
    { kind: "stream_error", blocks: ANSWER.blocks.slice(0, 1), error: `overloaded_error ${KEY}` },
    { kind: "status", status: 400, error: `invalid_request_error: ${KEY}` },
  ]);
  const anna = new Client(site.farchat.url);
  const answers = [];
  for (let i = 0; i < 4; i++) {
    for await (const _ of anna.events("/api/v1/chat", { question: QUESTION }));
    const { body } = await anna.json("/api/v1/conversations");
    answers.push(body.conversations[0].id);
  }
  const modes = [];
  for (const id of answers) {
    const { body } = await anna.json(`/api/v1/conversations/${id}`);
    modes.push(body.turns[0].mode);
    await anna.get(`/c/${id}`);
  }
  assert.equal(modes[0], "claude");
  assert.deepEqual(modes.slice(1), ["extractive", "extractive", "extractive"], "quotes take over");
  const pages = ["/", "/about", "/health", "/healthz", "/readyz", "/far/15.403-4", "/no/such/page"];
  for (const path of pages) await anna.get(path);
  await anna.json("/api/v1/chat", { question: "" });
  await anna.json("/api/v1/chat", { question: QUESTION, key: KEY.slice(0, 6) });
  const log = site.farchat.lines.join("\n");
  assert.equal(await site.farchat.stop(), 0);
  const end = site.farchat.lines.join("\n");
  const said = [...anna.received, log, end];
  assert.ok(said.length > 20);
  for (const text of said) {
    assert.doesNotMatch(text, new RegExp(KEY));
    assert.doesNotMatch(text, /SECRET-ECHO/, "what the API says of an error is not repeated");
  }
});
