import assert from "node:assert/strict";
import type { Script, SeenBlock } from "../../tests/support/anthropic_double.ts";
import { passageOf, retrievalOf, ROPES, TENTS } from "../../tests/support/answer_sections.ts";
import { GOOD, KEY, QUESTION, run } from "../../tests/support/claude_run.ts";
import type { AnswerEvent } from "./types.ts";

Deno.test("text streams as it comes, citations come from the API and are checked to the paragraph", async () => {
  const { events, text, citations, notices, modes } = await run([GOOD]);
  assert.deepEqual(modes, ["claude"]);
  assert.equal(text, "The tent officer approves it.\n\nIt takes 12 working days.\n\n");
  assert.deepEqual(citations.map((c) => [c.index, c.section, c.paragraph, c.at, c.kind]), [
    [1, "97.201", "(a)", 28, "regulation"],
    [2, "97.201", "(c)", 56, "regulation"],
    [3, "97.305", "", 56, "regulation"],
  ]);
  for (const citation of citations) {
    const stored = citation.section === "97.201" ? TENTS : ROPES;
    assert.equal(citation.quote, stored.text.slice(citation.start, citation.end));
  }
  assert.deepEqual(notices, []);
  assert.equal(events.filter(({ type }) => type === "text").length, 4);
  assert.doesNotMatch(text, /Let me see/);
});

Deno.test("usage is told, with a cost only where prices are set", async () => {
  const usageOf = (events: AnswerEvent[]) => events.find((event) => event.type === "usage");
  const free = usageOf((await run([GOOD])).events)!;
  assert.deepEqual(free, {
    type: "usage",
    model: "claude-sonnet-5-5",
    inputTokens: 1200,
    outputTokens: 57,
    cacheReadTokens: 300,
  });
  const paid = usageOf((await run([GOOD], { prices: { input: 3, output: 15 } })).events)!;
  assert.ok(Math.abs(paid.costUsd! - ((1200 + 30) * 3 + 57 * 15) / 1e6) < 1e-12);
  assert.equal(usageOf((await run([GOOD], { prices: { input: 3 } })).events)!.costUsd, undefined);
});

Deno.test("Claude gets the passages as citable search results, the conversation, and the question last", async () => {
  const history = [{ question: "What is a tent?", answer: "A shelter." }];
  const { requests } = await run([GOOD], { history, model: "claude-test-1" });
  const { body, headers } = requests[0];
  assert.equal(body.model, "claude-test-1");
  assert.ok([...headers.values()].some((value) => value.includes(KEY)));
  assert.deepEqual(body.messages.map(({ role }) => role), ["user", "assistant", "user"]);
  const blocks = body.messages[2].content as SeenBlock[];
  assert.deepEqual(blocks.map(({ type }) => type), ["search_result", "search_result", "text"]);
  assert.equal(blocks[0].source, "/far/97.201");
  assert.equal(blocks[0].title, "FAR 97.201 Approving purchases of tents");
  assert.deepEqual(blocks[0].citations, { enabled: true });
  assert.deepEqual(blocks[0].content!.map(({ text }) => text), TENTS.text.split("\n"));
  assert.ok(blocks[2].text!.endsWith(QUESTION));
  assert.match(body.system[0].text, /only source/);
});

Deno.test("a citation that the stored text does not bear out is dropped, and the reader is told", async () => {
  const lie = {
    result: 0,
    from: 0,
    to: 1,
    cited_text: "The tent officer shall approve every purchase above $90,000.",
  };
  const { citations, notices, text } = await run([{
    kind: "answer",
    blocks: [
      {
        deltas: ["Above $90,000."],
        citations: [lie, { result: 9, from: 0, to: 1, cited_text: "x" }],
      },
      { deltas: [" In writing."], citations: [{ result: 0, from: 0, to: 1 }] },
    ],
  }]);
  assert.equal(text, "Above $90,000. In writing.");
  assert.deepEqual(citations.map(({ paragraph }) => paragraph), ["(a)"]);
  assert.deepEqual(notices, [
    "2 citations of this answer did not match the stored text and are not shown.",
  ]);
});

Deno.test("a citation with other spaces and the wrong block number is found where it stands", async () => {
  const { citations, notices } = await run([{
    kind: "answer",
    blocks: [{
      deltas: ["No decision means no."],
      citations: [{
        result: 0,
        from: 0,
        to: 1,
        cited_text: "If no  decision is made\nin that time, the request counts as denied.",
      }],
    }],
  }]);
  assert.equal(citations[0].paragraph, "(c)");
  assert.equal(
    citations[0].quote,
    "If no decision is made in that time, the request counts as denied.",
  );
  assert.deepEqual(notices, []);
});

Deno.test("an answer that cites nothing says so", async () => {
  const { notices } = await run([{ kind: "answer", blocks: [{ deltas: ["Somebody does."] }] }]);
  assert.equal(notices.length, 1);
  assert.match(notices[0], /cites no paragraph/);
});

Deno.test("an answer that reached its length limit is kept, with a notice", async () => {
  const { notices, modes } = await run([{ ...GOOD, stop: "max_tokens" } as Script]);
  assert.deepEqual(modes, ["claude"]);
  assert.match(notices.join(), /ends early/);
});

Deno.test("Claude is not asked when retrieval abstains or only briefs were found", async () => {
  const abstained = await run([GOOD], {
    retrieval: (store) =>
      retrievalOf(QUESTION, [passageOf(store, "far", "97.201")], {
        abstain: { reason: "Not about buying." },
      }),
  });
  assert.equal(abstained.requests.length, 0);
  assert.deepEqual(abstained.modes, ["extractive"]);
  assert.match(abstained.text, /Not about buying/);
  assert.deepEqual(abstained.citations, []);
  const briefs = await run([GOOD], {
    retrieval: (store) =>
      retrievalOf(QUESTION, [{
        ...passageOf(store, "far", "97.201"),
        kind: "brief",
        sectionId: 0,
        text: "Says who approves tents.",
        start: 0,
        end: 24,
      }]),
  });
  assert.equal(briefs.requests.length, 0);
  assert.equal(briefs.citations[0].kind, "brief");
});

Deno.test("briefs among the passages are not given to Claude", async () => {
  const { requests } = await run([GOOD], {
    retrieval: (store) =>
      retrievalOf(QUESTION, [
        passageOf(store, "far", "97.201"),
        {
          ...passageOf(store, "far", "97.305"),
          kind: "brief",
          sectionId: 0,
          text: "OUR OWN WORDS",
          start: 0,
          end: 13,
        },
      ]),
  });
  assert.doesNotMatch(JSON.stringify(requests[0].body), /OUR OWN WORDS/);
});

Deno.test("a passage whose section was replaced since it was found is not given to Claude", async () => {
  const { requests } = await run([GOOD], {
    retrieval: (store) =>
      retrievalOf(QUESTION, [passageOf(store, "far", "97.201"), {
        ...passageOf(store, "far", "97.305"),
        text: "STALE TEXT",
      }]),
  });
  assert.equal(
    (requests[0].body.messages[0].content as SeenBlock[]).filter(({ type }) =>
      type === "search_result"
    ).length,
    1,
  );
});
