/** Traces of a real server, sent to a double of an OpenTelemetry collector. */
import assert from "node:assert/strict";
import { Client } from "../support/client.ts";
import { miniCorpus } from "../support/mini_corpus.ts";
import { startFarchat } from "../support/running_farchat.ts";
import { until } from "../support/until.ts";

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
}

/** Takes spans by OTLP over HTTP with JSON. */
function collector() {
  const spans: Span[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (req) => {
    const body = await req.json();
    for (const { scopeSpans } of body.resourceSpans ?? []) {
      // deno-lint-ignore no-explicit-any
      spans.push(...scopeSpans.flatMap((scope: any) => scope.spans));
    }
    return Response.json({});
  });
  return {
    spans,
    url: `http://127.0.0.1:${server.addr.port}`,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
    },
  };
}

const QUESTION = "When are certified cost or pricing data required?";

Deno.test("a question is one trace: the request, and in it wait, retrieve (embed, search) and answer", async () => {
  await using otlp = collector();
  await using farchat = await startFarchat({
    from: await miniCorpus(),
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_BSP_SCHEDULE_DELAY: "200",
      OTEL_DENO_CONSOLE: "ignore",
    },
  });
  const client = new Client(farchat.url);
  const { status } = await client.ask(QUESTION);
  assert.equal(status, "done");
  const named = (name: string) => otlp.spans.find((span) => span.name === name);
  const root = await until("the request's span", () => named("POST /api/v1/chat"));
  const question = await until("the question's span", () => named("question"));
  const parentOf: Record<string, string> = {
    wait: "question",
    retrieve: "question",
    answer: "question",
    embed: "retrieve",
    search: "retrieve",
    question: "POST /api/v1/chat",
  };
  for (const [name, parent] of Object.entries(parentOf)) {
    const span = await until(name, () => named(name));
    assert.equal(span.parentSpanId, named(parent)!.spanId, `${name} in ${parent}`);
    assert.equal(span.traceId, root.traceId);
    assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano), name);
  }
  const facts = (span: Span) =>
    Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
  assert.equal(facts(question)["farchat.mode"], "extractive");
  assert.ok(Number(facts(question)["farchat.citations"]) > 0);
  assert.equal(facts(named("retrieve")!)["farchat.used_vectors"], true);
  assert.match(String(facts(root)["farchat.request_id"]), /^[\w-]{36}$/);
  assert.equal(facts(root)["http.route"], "/api/v1/chat");
  const sent = JSON.stringify(otlp.spans);
  assert.doesNotMatch(sent, /certified cost/i, "no question and no answer");
  assert.ok(!sent.includes(client.cookie.split("=")[1]), "no cookie");
  assert.equal(await farchat.stop(), 0);
});
