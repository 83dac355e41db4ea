import assert from "node:assert/strict";
import type { AnswerCitation, AnswerEvent } from "../answer/types.ts";
import { foldEvents } from "./fold_events.ts";

const passages = (mode: "claude" | "extractive", notices: string[] = []): AnswerEvent => ({
  type: "passages",
  mode,
  passages: [],
  query: `query of ${mode}`,
  notices,
});
const usage = (inputTokens: number, costUsd?: number): AnswerEvent => ({
  type: "usage",
  model: "m",
  inputTokens,
  outputTokens: 1,
  cacheReadTokens: 2,
  ...(costUsd !== undefined && { costUsd }),
});
const CITATION: AnswerCitation = {
  index: 1,
  regulation: "far",
  section: "15.403",
  title: "t",
  paragraph: "(a)",
  anchor: "a",
  quote: "q",
  start: 0,
  end: 1,
  kind: "regulation",
  at: 5,
};

Deno.test("an answer is the text of its events with their citations and notices", () => {
  const folded = foldEvents([
    passages("claude", ["one"]),
    { type: "text", delta: "Yes" },
    { type: "citation", citation: CITATION },
    { type: "text", delta: ", so." },
    { type: "notice", message: "two" },
  ]);
  assert.equal(folded.answer, "Yes, so.");
  assert.equal(folded.mode, "claude");
  assert.equal(folded.query, "query of claude");
  assert.deepEqual(folded.citations, [CITATION]);
  assert.deepEqual(folded.notices, ["one", "two"]);
  assert.equal(folded.usage, undefined);
});

Deno.test("second passages start the answer anew, but what was spent stays spent", () => {
  const folded = foldEvents([
    passages("claude", ["old"]),
    { type: "text", delta: "Half" },
    { type: "citation", citation: CITATION },
    usage(10, 0.5),
    passages("extractive", ["new"]),
    { type: "text", delta: "Whole" },
    usage(5),
  ]);
  assert.equal(folded.answer, "Whole");
  assert.equal(folded.mode, "extractive");
  assert.deepEqual(folded.notices, ["new"]);
  assert.deepEqual(folded.citations, []);
  assert.deepEqual(folded.usage, {
    model: "m",
    inputTokens: 15,
    outputTokens: 2,
    cacheReadTokens: 4,
    costUsd: 0.5,
  });
});

Deno.test("no events are an empty answer of no mode", () => {
  assert.deepEqual(foldEvents([]), {
    answer: "",
    query: "",
    passages: [],
    citations: [],
    notices: [],
  });
});
