/** The first start on a fresh machine: no official text, no internet, perhaps no model. */
import assert from "node:assert/strict";
import { Client } from "../support/client.ts";
import { sharedFarchat, startFarchat } from "../support/running_farchat.ts";

const QUESTION = "When do I need certified cost or pricing data?";

/** Deno refuses every connection to anything but this machine. */
const OFFLINE = { net: "127.0.0.1" };

const starter = sharedFarchat(() => OFFLINE);

Deno.test("the banner says what is there and how to load the official text", async () => {
  const text = await starter().line(/^Text/);
  assert.match(text, /FARchat's [\d,]{5} summaries; the official text is not loaded/);
  assert.match(text, /farchat ingest PATH/);
});

Deno.test("the first page says that the official text is missing, and its questions have answers", async () => {
  const anna = new Client(starter().url);
  const { text } = await anna.get("/");
  assert.match(text, /The official text of the FAR and the DFARS is not loaded/);
  assert.match(text, /deno task farchat ingest PATH/);
  const offered = [...text.matchAll(/<button[^>]*name="question"[^>]*value="([^"]+)"/g)];
  assert.ok(offered.length >= 4, `${offered.length} suggestions`);
  for (const [, question] of offered) {
    const answer = await anna.ask(question.replaceAll("&#39;", "'").replaceAll("&amp;", "&"));
    assert.equal(answer.status, "done");
    assert.ok(answer.citations.length > 0, question);
  }
});

Deno.test("an answer quotes the brief, says that it is not the regulation, and leads to the official text", async () => {
  const anna = new Client(starter().url);
  const answer = await anna.ask(QUESTION);
  assert.equal(answer.mode, "extractive");
  assert.match(answer.answer, /not loaded.*FARchat’s summary, not the regulation/);
  assert.match(answer.answer, /FAR 15\.403/);
  assert.match(answer.answer, /https:\/\/www\.ecfr\.gov\/\S*15\.403/);
  assert.ok(answer.citations.length > 0);
  // deno-lint-ignore no-explicit-any
  assert.ok(answer.citations.every((citation: any) => citation.kind === "brief"));

  const { text } = await anna.get(`/c/${answer.conversation}`);
  assert.match(text, /FARchat’s summary, not the regulation/);
  assert.match(text, /href="https:\/\/www\.ecfr\.gov\//);
  assert.match(text, /href="https:\/\/www\.acquisition\.gov\//);
});

Deno.test("a section shows its summary as such; the outline is complete", async () => {
  const anna = new Client(starter().url);
  const { status, text } = await anna.get("/far/15.403-4");
  assert.equal(status, 200);
  assert.match(text, /FARchat’s summary, not the regulation/);
  assert.match(text, /not loaded/);
  assert.match(text, /href="https:\/\/www\.ecfr\.gov\/[^"]*15\.403-4/);
  assert.match((await anna.get("/dfars/252")).text, /252\.204-7012/);
  assert.equal((await anna.json("/api/v1/sections/far/15.403-4")).status, 200);
});

Deno.test("a question by meaning, in words that the summaries do not have, finds the section", async () => {
  const anna = new Client(starter().url);
  const { body } = await anna.json(
    `/api/v1/search?k=5&q=${
      encodeURIComponent("hackers got into our network, whom do we tell and how soon")
    }`,
  );
  assert.ok(JSON.stringify(body).includes('"252.204-7012"'), JSON.stringify(body).slice(0, 600));
});

Deno.test("without the model it starts, searches by words, and says so wherever somebody looks", async () => {
  const empty = Deno.makeTempDirSync({ prefix: "farchat_no_model_" });
  try {
    await using farchat = await startFarchat({ ...OFFLINE, env: { FARCHAT_MODELS_DIR: empty } });
    const anna = new Client(farchat.url);
    const answer = await anna.ask(QUESTION);
    assert.match(answer.answer, /certified cost or pricing data/i);
    assert.ok(answer.citations.length > 0);
    const notices = JSON.stringify(answer);
    assert.match(notices, /model .*not available.* words|words only|only words/i);
    assert.match((await anna.get("/search?q=cost+data")).text, /Only words were searched/);
    const { body } = await anna.json("/health");
    assert.equal(body.status, "degraded");
    assert.equal(body.services.embeddings, "unavailable");
    const log = farchat.lines.join("\n");
    assert.match(log, /FARCHAT_MODELS_DIR/, "the log names the setting");
    for (const text of anna.received) assert.ok(!text.includes(empty), "no path in a page");
    assert.equal(await farchat.stop(), 0);
  } finally {
    Deno.removeSync(empty, { recursive: true });
  }
});
