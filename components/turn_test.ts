import assert from "node:assert/strict";
import type { AnswerCitation, AnswerEvent, PassageView } from "../lib/answer/types.ts";
import { copyText } from "./copy_text.ts";
import { applyEvent, newTurn, progressLabel, type Turn } from "./turn.ts";

const passage: PassageView = {
  regulation: "far",
  section: "98.101",
  title: "Tents",
  path: "FAR › Part 98",
  anchor: "a",
  text: "(a) Tents are green. Ropes are red.",
  start: 100,
  end: 135,
  kind: "regulation",
  why: [],
};
const citation: AnswerCitation = {
  index: 1,
  regulation: "far",
  section: "98.101",
  title: "Tents",
  paragraph: "(a)",
  anchor: "a",
  quote: "Tents are green.",
  start: 104,
  end: 120,
  kind: "regulation",
  at: 6,
};
const passages: AnswerEvent = {
  type: "passages",
  mode: "claude",
  passages: [passage],
  query: "",
  notices: ["First."],
};

function after(...events: AnswerEvent[]): Turn {
  return events.reduce(applyEvent, newTurn("What color?"));
}

Deno.test("the events of an answer make the turn", () => {
  const turn = after(
    passages,
    { type: "text", delta: "Gr" },
    { type: "text", delta: "een." },
    { type: "citation", citation },
    { type: "notice", message: "Second." },
    {
      type: "done",
      conversation: "c",
      message: 3,
      mode: "claude",
      stopped: false,
      related: ["And ropes?"],
    },
  );
  assert.equal(turn.answer, "Green.");
  assert.deepEqual(turn.citations, [citation]);
  assert.deepEqual(turn.notices, ["First.", "Second."]);
  assert.deepEqual([turn.id, turn.status, turn.related], [3, "done", ["And ropes?"]]);
});

Deno.test("passages that come again start the answer anew", () => {
  const turn = after(
    passages,
    { type: "text", delta: "Half an ans" },
    { type: "citation", citation },
    { ...passages, mode: "extractive", notices: [] },
    { type: "text", delta: "Whole." },
  );
  assert.deepEqual(
    [turn.answer, turn.citations, turn.notices, turn.mode],
    ["Whole.", [], [], "extractive"],
  );
});

Deno.test("a stopped and a failed answer keep what was written", () => {
  const text: AnswerEvent = { type: "text", delta: "Half" };
  const stopped = after(passages, text, {
    type: "done",
    conversation: "c",
    message: 3,
    mode: "claude",
    stopped: true,
    related: [],
  });
  assert.deepEqual([stopped.status, stopped.answer], ["stopped", "Half"]);
  const failed = after(passages, text, { type: "error", id: "e1", message: "Sorry." });
  assert.deepEqual([failed.status, failed.answer], ["failed", "Half"]);
  assert.deepEqual(failed.error, { id: "e1", message: "Sorry." });
});

Deno.test("progress is told in few words, and never the answer's own", () => {
  const done: AnswerEvent = {
    type: "done",
    conversation: "c",
    message: 3,
    mode: "claude",
    stopped: false,
    related: [],
  };
  const secret: AnswerEvent = { type: "text", delta: "Green." };
  const told = [
    after(),
    after({ type: "queue", ahead: 1 }),
    after({ type: "queue", ahead: 4 }),
    after(passages),
    after(passages, secret),
    after(passages, secret, { type: "citation", citation }, { type: "citation", citation }, done),
    after(passages, secret, done),
    after(passages, { type: "error", id: "", message: "" }),
  ].map(progressLabel);
  assert.deepEqual(told, [
    "Searching the FAR and DFARS.",
    "One question is being answered before yours.",
    "4 questions are being answered before yours.",
    "Reading the sources.",
    "Writing the answer.",
    "The answer is complete, with 1 source.",
    "The answer is complete. It has no sources.",
    "The answer could not be completed.",
  ]);
});

Deno.test("the copy has the question, the marks, each source with its words and address, and who wrote it", () => {
  const turn = after(passages, { type: "text", delta: "**Green.**" }, {
    type: "citation",
    citation: { ...citation, at: 10 },
  }, { type: "done", conversation: "c", message: 3, mode: "claude", stopped: true, related: [] });
  assert.equal(
    copyText(turn),
    [
      "What color?",
      "Green. [1]",
      "(The answer was stopped here.)",
      "Sources\n[1] FAR 98.101(a), Tents\n    “Tents are green.”\n    https://www.ecfr.gov/current/title-48/section-98.101#p-98.101(a)",
      "Written by Claude from the sources shown (FARchat).",
    ].join("\n\n"),
  );
});
