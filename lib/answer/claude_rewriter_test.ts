import assert from "node:assert/strict";
import { anthropicDouble, type Script } from "../../tests/support/anthropic_double.ts";
import {
  passageOf,
  retrievalOf,
  ROPES,
  storeWith,
  TENTS,
} from "../../tests/support/answer_sections.ts";
import { ANNA, typist } from "../../tests/support/answer_service.ts";
import { KEY } from "../../tests/support/claude_run.ts";
import { answerWatch } from "../ops/answer_watch.ts";
import { Metrics } from "../ops/metrics.ts";
import type { Filters, Turn } from "../retrieve/types.ts";
import { ClaudeRewriter, type ClaudeRewriterOptions, rewriteRequestOf } from "./claude_rewriter.ts";
import { AnswerService } from "./service.ts";

const HISTORY: Turn[] = [{
  question: "Who approves buying tents?",
  answer: "The tent officer does, FAR 97.201(a).",
}];
const FOLLOW_UP = "and for ropes?";
const STAND_ALONE = "Who approves buying ropes?";
const says = (text: string, stop?: string): Script => ({
  kind: "answer",
  blocks: [{ deltas: [text] }],
  stop,
});
const NEVER = new AbortController().signal;

async function withDouble<T>(
  scripts: Script[],
  options: Partial<ClaudeRewriterOptions>,
  work: (rewriter: ClaudeRewriter, double: ReturnType<typeof anthropicDouble>) => Promise<T>,
): Promise<T> {
  const double = anthropicDouble(scripts);
  try {
    return await work(
      new ClaudeRewriter({ apiKey: KEY, baseURL: double.url, ...options }),
      double,
    );
  } finally {
    await double.close();
  }
}

Deno.test("a follow-up becomes Claude's stand-alone question, with what it took", () =>
  withDouble(
    [says(` "${STAND_ALONE}"\n`)],
    { prices: { input: 2, output: 10 } },
    async (rewriter, { requests }) => {
      const { standAlone, usage } = await rewriter.rewrite(FOLLOW_UP, HISTORY, NEVER);
      assert.equal(standAlone, STAND_ALONE);
      assert.equal(usage!.outputTokens, 57);
      assert.equal(usage!.inputTokens, 1200);
      assert.ok(Math.abs(usage!.costUsd! - ((1200 + 30) * 2 + 57 * 10) / 1e6) < 1e-12);
      const { body } = requests[0];
      assert.ok(body.max_tokens <= 300);
      assert.deepEqual(JSON.parse(body.messages[0].content as string), {
        conversation: HISTORY,
        question: FOLLOW_UP,
      });
    },
  ));

Deno.test("no model is asked to think first, each in the way that it accepts", () => {
  const { thinking } = rewriteRequestOf(FOLLOW_UP, HISTORY, "claude-sonnet-5-5");
  assert.deepEqual(thinking, { type: "between_tools" });
  const older = rewriteRequestOf(FOLLOW_UP, HISTORY, "claude-haiku-4-5");
  assert.deepEqual(older.thinking, { type: "disabled" });
  const always = rewriteRequestOf(FOLLOW_UP, HISTORY, "claude-opus-5-5");
  assert.deepEqual([always.thinking, always.output_config], [undefined, { effort: "low" }]);
});

Deno.test("a long conversation is sent in part", () => {
  const long = Array.from({ length: 8 }, (_, i) => ({
    question: `${i}${"q".repeat(4000)}`,
    answer: "a".repeat(9000),
  }));
  const { messages } = rewriteRequestOf(FOLLOW_UP, long, "claude-sonnet-5-5");
  assert.ok((messages[0].content as string).length < 8000);
  assert.match(messages[0].content as string, /7qqq/);
});

Deno.test("a reply that is no question of the conversation is not used, but counted", async (t) => {
  const replies: [string, Script][] = [
    ["empty", says("  ")],
    ["without a letter", says('"?"')],
    ["too long", says("Who approves ropes? ".repeat(30))],
    ["of two lines", says("Here it is:\nWho approves buying ropes?")],
    ["cut off", says("Who approves buying", "max_tokens")],
    ["refused", says("I can't help with that.", "refusal")],
    ["a section that nobody named", says("What does FAR 97.305 say about ropes?")],
  ];
  for (const [name, script] of replies) {
    await t.step(name, () =>
      withDouble([script], {}, async (rewriter) => {
        const { standAlone, usage } = await rewriter.rewrite(FOLLOW_UP, HISTORY, NEVER);
        assert.equal(standAlone, undefined);
        assert.equal(usage!.outputTokens, 57);
      }));
  }
});

Deno.test("a section that the conversation named may be in the stand-alone question", () =>
  withDouble([says("Does FAR 97.201 apply to ropes?")], {}, async (rewriter) => {
    const { standAlone } = await rewriter.rewrite(FOLLOW_UP, HISTORY, NEVER);
    assert.equal(standAlone, "Does FAR 97.201 apply to ropes?");
  }));

Deno.test("failures of the API make no stand-alone question and don't reject", async (t) => {
  const failures: [string, Script][] = [
    ["refused key", { kind: "status", status: 401, error: "authentication_error" }],
    ["overloaded", { kind: "status", status: 529, error: "overloaded_error" }],
    ["error in the stream", { kind: "stream_error", blocks: [], error: "api_error" }],
    ["broken", { kind: "broken", blocks: [{ deltas: ["Who"] }] }],
    ["short", { kind: "short", blocks: [{ deltas: ["Who approves"] }] }],
  ];
  for (const [name, script] of failures) {
    await t.step(name, () =>
      withDouble([script], {}, async (rewriter) => {
        assert.equal((await rewriter.rewrite(FOLLOW_UP, HISTORY, NEVER)).standAlone, undefined);
      }));
  }
  await t.step("nobody there", async () => {
    const rewriter = new ClaudeRewriter({ apiKey: KEY, baseURL: "http://127.0.0.1:9" });
    assert.deepEqual(await rewriter.rewrite(FOLLOW_UP, HISTORY, NEVER), { usage: undefined });
  });
  await t.step("silence, which ends after the time allowed", () =>
    withDouble(
      [{ kind: "silent", blocks: [{ deltas: ["Who"] }] }],
      { timeout: 80 },
      async (rewriter, double) => {
        const began = performance.now();
        const { standAlone, usage } = await rewriter.rewrite(FOLLOW_UP, HISTORY, NEVER);
        assert.equal(standAlone, undefined);
        assert.ok(performance.now() - began < 2000);
        assert.equal(usage!.inputTokens, 1200, "what had begun is paid for");
        await double.left;
      },
    ));
});

Deno.test("a refused key is not tried again with the next follow-up, an overloaded API is", async () => {
  const tries = (status: number, error: string) =>
    withDouble([{ kind: "status", status, error }], {}, async (rewriter, { requests }) => {
      for (let i = 0; i < 3; i++) await rewriter.rewrite(FOLLOW_UP, HISTORY, NEVER);
      return requests.length;
    });
  assert.equal(await tries(401, "authentication_error"), 1);
  assert.equal(await tries(529, "overloaded_error"), 3);
});

Deno.test("a reader who stops ends the rewriting", () =>
  withDouble([{ kind: "silent", blocks: [] }], {}, async (rewriter, double) => {
    const controller = new AbortController();
    const rewriting = rewriter.rewrite(FOLLOW_UP, HISTORY, controller.signal);
    await double.asked(1);
    controller.abort(new Error("stopped"));
    await assert.rejects(rewriting, /stopped/);
    await assert.rejects(rewriter.rewrite(FOLLOW_UP, HISTORY, controller.signal), /stopped/);
  }));

/** A conversation whose questions are answered by `mode`; what each was searched as. */
async function searched(
  scripts: Script[],
  questions: string[],
  mode: "claude" | "extractive" = "claude",
) {
  const double = anthropicDouble(scripts);
  const opened = storeWith([TENTS, ROPES]);
  const filters: (Filters | undefined)[] = [];
  const metrics = new Metrics();
  const writer = { ...typist(1), mode };
  const service = new AnswerService({
    store: opened.store,
    retriever: {
      retrieve: (question, _, given) => {
        filters.push(given);
        const query = given?.standAlone ?? question;
        return Promise.resolve(retrievalOf(query, [passageOf(opened.store, "far", "97.201")]));
      },
      related: () => [],
    },
    answerers: mode === "claude" ? { claude: writer, extractive: writer } : { extractive: writer },
    rewriter: new ClaudeRewriter({ apiKey: KEY, baseURL: double.url }),
    watch: answerWatch(metrics, {}),
  });
  try {
    let conversation: string | undefined;
    for (const question of questions) {
      const asked = await service.ask({ browser: ANNA, question, conversation });
      await service.finished(asked.message);
      conversation = asked.conversation;
    }
    const { text } = await metrics.text([]);
    return {
      standAlone: filters.map((given) => given?.standAlone),
      requests: double.requests.length,
      text,
    };
  } finally {
    await service.close(0);
    await double.close();
    opened.close();
  }
}

Deno.test("a conversation's follow-up is searched as rewritten, and the tokens are counted", async () => {
  const { standAlone, requests, text } = await searched(
    [says(STAND_ALONE)],
    [HISTORY[0].question, FOLLOW_UP],
  );
  assert.deepEqual(standAlone, [undefined, STAND_ALONE]);
  assert.equal(requests, 1);
  assert.match(text, /farchat_tokens_total\{model="claude-sonnet-5-5",kind="input"\} 1200/);
  assert.match(text, /farchat_tokens_total\{model="claude-sonnet-5-5",kind="output"\} 57/);
});

Deno.test("a conversation's first question is not rewritten, however short, nor one that stands alone", async () => {
  const { standAlone, requests } = await searched([says(STAND_ALONE)], [
    FOLLOW_UP,
    "Which official has to approve the purchase of ropes longer than ninety feet for a mountain unit?",
  ]);
  assert.deepEqual(standAlone, [undefined, undefined]);
  assert.equal(requests, 0);
});

Deno.test("where the rewriting fails, the rules search", async () => {
  const { standAlone } = await searched(
    [{ kind: "status", status: 500, error: "api_error" }],
    [HISTORY[0].question, FOLLOW_UP],
  );
  assert.deepEqual(standAlone, [undefined, undefined]);
});

Deno.test("where answers quote the regulation, nobody is asked to rewrite", async () => {
  const { standAlone, requests } = await searched(
    [says(STAND_ALONE)],
    [HISTORY[0].question, FOLLOW_UP],
    "extractive",
  );
  assert.deepEqual(standAlone, [undefined, undefined]);
  assert.equal(requests, 0);
});
