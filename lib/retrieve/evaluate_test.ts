import assert from "node:assert/strict";
import { Problem } from "../problem.ts";
import { evaluate, parseEval, scoreAt } from "./evaluate.ts";
import type { Retrieval } from "./types.ts";

const LINES = [
  { id: "a", question: "first?", gold: ["1.1"], kind: "who" },
  { id: "b", question: "second?", gold: ["1.2", "52.2"], kind: "multi" },
  { id: "c", question: "third?", gold: [], kind: "none" },
].map((line) => JSON.stringify(line)).join("\n");

function answering(numbers: Record<string, string[]>, declined: string[] = []) {
  return {
    retrieve: (question: string) =>
      Promise.resolve({
        sections: (numbers[question] ?? []).map((number) => ({
          collection: "far" as const,
          number,
          title: "",
          score: 1,
          why: [],
        })),
        ...(declined.includes(question) && { abstain: { reason: "not in the FAR" } }),
      } as Pick<Retrieval, "sections" | "abstain">),
  };
}

Deno.test("a hit is a gold section among the first k, and multi scores the share found", async () => {
  const retriever = answering(
    { "first?": ["9.9", "1.1"], "second?": ["1.2", "9.9"], "third?": ["9.9"] },
    ["third?"],
  );
  const report = await evaluate(parseEval(LINES), retriever);
  assert.equal(report.n, 3);
  assert.equal(report["recall@1"], 0.25);
  assert.equal(report["recall@5"], 0.75);
  assert.equal(report["mrr@10"], 0.75);
  assert.equal(report.abstain_precision, 1);
  assert.equal(report.abstain_recall, 1);
  assert.deepEqual(report.by_kind.multi, {
    n: 1,
    "recall@1": 0.5,
    "recall@5": 0.5,
    "recall@10": 0.5,
  });
  assert.deepEqual(report.items[0], {
    id: "a",
    gold: ["1.1"],
    ranked: ["9.9", "1.1"],
    hit: 2,
    abstained: false,
  });
  assert.equal("none" in report.by_kind, false);
});

Deno.test("declining a question that has an answer costs precision", async () => {
  const report = await evaluate(parseEval(LINES), answering({}, ["first?", "third?"]));
  assert.equal(report.abstain_precision, 0.5);
});

Deno.test("a number twice in the ranking counts as one section", async () => {
  const retriever = answering({ "first?": ["2.2", "2.2", "1.1"] });
  const report = await evaluate(parseEval(LINES), retriever);
  assert.deepEqual(report.items[0].ranked, ["2.2", "1.1"]);
});

Deno.test("a file that is not one question a line is refused with the line", () => {
  assert.throws(
    () => parseEval("{}\n"),
    (error) => error instanceof Problem && error.message.startsWith("Line 1: expected a question"),
  );
  assert.throws(() => parseEval(`${LINES}\nnot json`), /Line 4: .*not JSON/);
  assert.throws(() => parseEval('{"question":"x","gold":"1.1"}'), /no list of sections/);
  assert.throws(() => parseEval("\n\n"), /empty one/);
});

Deno.test("score of one that needs all its sections is the share, of any other all or nothing", () => {
  const base = { id: "", question: "", history: [], gold: ["1", "2"] };
  assert.equal(scoreAt({ ...base, kind: "prescription" }, ["2"], 5), 0.5);
  assert.equal(scoreAt({ ...base, kind: "who" }, ["2"], 5), 1);
  assert.equal(scoreAt({ ...base, kind: "who" }, ["3", "4", "2"], 2), 0);
});
