import assert from "node:assert/strict";
import {
  anthropicDouble,
  type Script,
  type SeenBlock,
} from "../../tests/support/anthropic_double.ts";
import {
  passageOf,
  retrievalOf,
  ROPES,
  storeWith,
  TENTS,
} from "../../tests/support/answer_sections.ts";
import type { Retrieval, Turn } from "../retrieve/types.ts";
import type { Store } from "../store/mod.ts";
import { ClaudeAnswerer, type ClaudeOptions } from "./claude.ts";
import { ExtractiveAnswerer } from "./extractive.ts";
import type { AnswerCitation, AnswerEvent } from "./types.ts";

const QUESTION = "Who approves buying tents?";
const KEY = "sk-test-not-a-real-key";

interface Run {
  events: AnswerEvent[];
  requests: ReturnType<typeof anthropicDouble>["requests"];
  text: string;
  citations: AnswerCitation[];
  notices: string[];
  modes: string[];
}

/** Runs one answer against the double; text, citations and notices are those after the last `passages`. */
async function run(
  scripts: Script[],
  options: Partial<ClaudeOptions> & {
    retrieval?: (store: Store) => Retrieval;
    history?: Turn[];
    onEvent?: (event: AnswerEvent, double: ReturnType<typeof anthropicDouble>) => void;
    signal?: AbortSignal;
  } = {},
): Promise<Run> {
  const { retrieval, history, onEvent, signal, ...claude } = options;
  const double = anthropicDouble(scripts);
  const { store, close } = storeWith([TENTS, ROPES]);
  const events: AnswerEvent[] = [];
  try {
    const answerer = new ClaudeAnswerer(
      { apiKey: KEY, baseURL: double.url, longestWait: 100, ...claude },
      store,
      new ExtractiveAnswerer(store),
    );
    const found = retrieval?.(store) ??
      retrievalOf(QUESTION, [passageOf(store, "far", "97.201"), passageOf(store, "far", "97.305")]);
    for await (
      const event of answerer.answer(
        QUESTION,
        history ?? [],
        found,
        signal ?? new AbortController().signal,
      )
    ) {
      events.push(event);
      onEvent?.(event, double);
    }
    return { events, requests: double.requests, ...folded(events) };
  } finally {
    await double.close();
    close();
  }
}

function folded(events: AnswerEvent[]) {
  const last = events.findLastIndex(({ type }) => type === "passages");
  const own = events.slice(last);
  return {
    text: own.map((event) => event.type === "text" ? event.delta : "").join(""),
    citations: own.flatMap((event) => event.type === "citation" ? [event.citation] : []),
    notices: own.flatMap((event) =>
      event.type === "notice" ? [event.message] : event.type === "passages" ? event.notices : []
    ),
    modes: events.flatMap((event) => event.type === "passages" ? [event.mode] : []),
  };
}

const GOOD: Script = {
  kind: "answer",
  thinking: "Let me see.",
  blocks: [
    { deltas: ["The tent officer ", "approves it"], citations: [{ result: 0, from: 0, to: 1 }] },
    { deltas: [".\n\nIt takes "] },
    {
      deltas: ["12 working days.\n\n"],
      citations: [{ result: 0, from: 5, to: 6 }, { result: 1, from: 0, to: 1 }],
    },
  ],
};

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

const OVERLOADED: Script = { kind: "status", status: 529, error: "overloaded_error" };
const FAILURES: {
  name: string;
  scripts: Script[];
  requests: number;
  notice: RegExp;
  usage?: number;
}[] = [
  {
    name: "a refused key",
    scripts: [{ kind: "status", status: 401, error: "authentication_error" }],
    requests: 1,
    notice: /refused the API key/,
  },
  {
    name: "an unknown model",
    scripts: [{ kind: "status", status: 404, error: "not_found_error" }],
    requests: 1,
    notice: /CLAUDE_MODEL/,
  },
  {
    name: "a request it does not accept",
    scripts: [{ kind: "status", status: 400, error: "invalid_request_error" }],
    requests: 1,
    notice: /did not accept/,
  },
  {
    name: "no credit",
    scripts: [{ kind: "status", status: 400, error: "billing_error" }],
    requests: 1,
    notice: /no credit/,
  },
  { name: "overload that lasts", scripts: [OVERLOADED], requests: 3, notice: /overloaded/ },
  {
    name: "a rate limit with a long wait",
    scripts: [{
      kind: "status",
      status: 429,
      error: "rate_limit_error",
      headers: { "retry-after": "30" },
    }],
    requests: 1,
    notice: /too many requests/,
  },
  {
    name: "a connection lost before the answer",
    scripts: [{ kind: "broken", blocks: [] }],
    requests: 1,
    notice: /connection to Claude was lost/,
    usage: 1,
  },
  {
    name: "a connection lost half way",
    scripts: [{ kind: "broken", blocks: [{ deltas: ["The tent "] }] }],
    requests: 1,
    notice: /connection to Claude was lost/,
    usage: 1,
  },
  {
    name: "a stream that ends too early",
    scripts: [{ kind: "short", blocks: [{ deltas: ["The tent "] }] }],
    requests: 1,
    notice: /lost while it wrote/,
    usage: 1,
  },
  {
    name: "overload half way",
    scripts: [{
      kind: "stream_error",
      blocks: [{ deltas: ["The tent "] }],
      error: "overloaded_error",
    }],
    requests: 1,
    notice: /overloaded/,
    usage: 1,
  },
  {
    name: "a refusal",
    scripts: [{ kind: "answer", blocks: [], stop: "refusal" }],
    requests: 1,
    notice: /declined/,
    usage: 1,
  },
  {
    name: "an answer without words",
    scripts: [{ kind: "answer", blocks: [{ deltas: [" \n"] }] }],
    requests: 1,
    notice: /sent no answer/,
    usage: 1,
  },
];

for (const { name, scripts, requests, notice, usage } of FAILURES) {
  Deno.test(`after ${name} the extractive answer takes over and says why in safe words`, async () => {
    const done = await run(scripts);
    assert.equal(done.requests.length, requests);
    assert.deepEqual(done.modes, ["claude", "extractive"]);
    assert.match(done.notices[0], notice);
    assert.ok(
      done.citations.some(({ section, paragraph }) => section === "97.201" && paragraph === "(a)"),
    );
    assert.ok(
      done.text.includes(
        "The tent officer shall approve every purchase of tents above $40,000 in writing.",
      ),
    );
    assert.doesNotMatch(JSON.stringify(done.events), /SECRET-ECHO|sk-test/);
    assert.equal(done.events.filter(({ type }) => type === "usage").length, usage ?? 0);
  });
}

Deno.test("after a short overload Claude is asked again and answers", async () => {
  const limited: Script = {
    kind: "status",
    status: 429,
    error: "rate_limit_error",
    headers: { "retry-after-ms": "10" },
  };
  const { requests, modes, notices } = await run([limited, OVERLOADED, GOOD], {
    longestWait: 3000,
  });
  assert.equal(requests.length, 3);
  assert.deepEqual(modes, ["claude"]);
  assert.deepEqual(notices, []);
});

Deno.test("an API that cannot be reached does not stop the answer", async () => {
  const { modes, notices } = await run([GOOD], {
    baseURL: "http://127.0.0.1:9",
    longestWait: 1500,
  });
  assert.deepEqual(modes, ["claude", "extractive"]);
  assert.match(notices[0], /could not be reached/);
});

Deno.test("a stream that falls silent counts as dead", async () => {
  const { modes, notices } = await run([{ kind: "silent", blocks: [{ deltas: ["The tent "] }] }], {
    silence: 150,
  });
  assert.deepEqual(modes, ["claude", "extractive"]);
  assert.match(notices[0], /took too long/);
});

Deno.test("stopping ends the stream and closes the connection to the API", async () => {
  const controller = new AbortController();
  const double = anthropicDouble([{ kind: "silent", blocks: [{ deltas: ["The tent "] }] }]);
  const { store, close } = storeWith([TENTS]);
  const answerer = new ClaudeAnswerer(
    { apiKey: KEY, baseURL: double.url },
    store,
    new ExtractiveAnswerer(store),
  );
  const seen: string[] = [];
  await assert.rejects(async () => {
    const retrieval = retrievalOf(QUESTION, [passageOf(store, "far", "97.201")]);
    for await (const event of answerer.answer(QUESTION, [], retrieval, controller.signal)) {
      seen.push(event.type);
      if (event.type === "text") setTimeout(() => controller.abort(new Error("enough")), 20);
    }
  }, /enough/);
  await double.left;
  assert.deepEqual(seen, ["passages", "text", "usage"]);
  await double.close();
  close();
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
