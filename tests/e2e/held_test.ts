/** A server runs for months: what a request used has to go with it. What remains is seen through V8's inspector. */
import assert from "node:assert/strict";
import { Client } from "../support/client.ts";
import { collectGarbage, inspected, INSPECTOR_LINE } from "../support/inspector.ts";
import { miniCorpus } from "../support/mini_corpus.ts";
import { type RunningFarchat, startFarchat } from "../support/running_farchat.ts";

/** Pages, searches, wrong addresses and wrong requests, all without an answer. */
const PATHS = ["/", "/far/1.101", "/far/1", "/api/v1/search?q=agencies", "/far/99.999", "/none"];

const start = async () => await startFarchat({ from: await miniCorpus(), wrap: inspected });

/**
 * What `work` leaves behind: bytes for each of `times`, after twice as many that bring what comes only once. It is
 * never quite nothing, for V8 still compiles what has become hot: the bounds are a few times that, and well below a
 * request (1,600 bytes) or an answer's events (20,000).
 */
async function leftBehind(
  farchat: RunningFarchat,
  times: number,
  work: () => Promise<void>,
): Promise<number> {
  const inspector = await farchat.line(INSPECTOR_LINE);
  const run = async () => {
    for (let i = 0; i < times; i++) await work();
    return await collectGarbage(inspector);
  };
  await run();
  const before = await run();
  return (await run() - before) / times;
}

Deno.test("requests leave nothing behind", async () => {
  await using farchat = await start();
  const client = new Client(farchat.url);
  const left = await leftBehind(farchat, 200, async () => {
    for (const path of PATHS) await client.get(path);
  });
  const each = left / PATHS.length;
  assert.ok(each < 600, `expected under 600 bytes by a request, found ${each}`);
});

Deno.test("an answer leaves nothing behind once its conversation is deleted", async () => {
  await using farchat = await start();
  const client = new Client(farchat.url);
  const left = await leftBehind(farchat, 40, async () => {
    const asked = await client.fetch("/api/v1/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ question: "what is the purpose of the rules?" }),
    });
    assert.equal(asked.status, 200);
    const text = await asked.text();
    const { conversation } = JSON.parse(/event: done\ndata: (.*)/.exec(text)![1]);
    const path = `/api/v1/conversations/${conversation}`;
    assert.equal((await client.fetch(path, { method: "DELETE" })).status, 204);
  });
  assert.ok(left < 5000, `expected under 5,000 bytes by an answer, found ${left}`);
});
