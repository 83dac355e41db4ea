/** What an administrator sees of a real server: how it starts, stops, logs and says whether it is well. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "../support/client.ts";
import { miniCorpus } from "../support/mini_corpus.ts";
import { runCommand, startFarchat } from "../support/running_farchat.ts";
import { until } from "../support/until.ts";

Deno.test("told to stop it is not ready at once, answers until the drain is over, and ends with 0", async () => {
  await using farchat = await startFarchat({ env: { DRAIN_SECONDS: "3" } });
  const status = async (path: string) => {
    const response = await fetch(farchat.url + path);
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await status("/readyz"), 200);
  const ready = await runCommand(["healthcheck", "--url", farchat.url, "--json"]);
  assert.equal(ready.code, 0, ready.err);
  assert.equal(JSON.parse(ready.out).ready, true);
  const began = performance.now();
  const ended = farchat.stop();
  await until("not ready", async () => await status("/readyz") === 503);
  assert.equal(await status("/healthz"), 200, "alive");
  assert.equal(await status("/about"), 200, "still answering");
  const said = await (await fetch(`${farchat.url}/readyz`)).json();
  assert.equal(said.checks.running, false);
  assert.equal(await ended, 0);
  assert.ok(performance.now() - began >= 3000);
  await assert.rejects(fetch(`${farchat.url}/healthz`));
});

Deno.test("healthcheck fails where nobody answers, something else does, or the address is none", async () => {
  const other = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("<h1>It works!</h1>"),
  );
  const nobody = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = nobody.addr;
  nobody.close();
  try {
    const table: [string, RegExp][] = [
      [`http://127.0.0.1:${other.addr.port}`, /not FARchat/],
      [`http://127.0.0.1:${port}`, /does not answer/],
      ["file:///etc/passwd", /Expected an address/],
      ["nonsense", /Expected an address/],
    ];
    for (const [url, says] of table) {
      const { code, err } = await runCommand(["healthcheck", "--url", url]);
      assert.equal(code, 1, url);
      assert.match(err, says, url);
    }
    const local = await runCommand(["healthcheck"], { HOST: "0.0.0.0", PORT: String(port) });
    assert.equal(local.code, 1, "by HOST and PORT");
    assert.equal((await runCommand(["healthcheck", "--port", "1"])).code, 2);
  } finally {
    await other.shutdown();
  }
});

Deno.test("logs, metrics and health of a server that was used hold no question, answer, cookie or secret", async () => {
  await using farchat = await startFarchat({
    from: await miniCorpus(),
    env: { METRICS_TOKEN: "canary-metrics-token-77", LOG_LEVEL: "DEBUG" },
  });
  const client = new Client(farchat.url);
  const answer = await client.ask("When are certified cost or pricing data required, canary-4711?");
  assert.equal(answer.status, "done");
  await client.get("/search?q=canary-4711");
  await client.get("/nothing/here?q=canary-4711");
  const metrics = await client.get("/metrics", {
    headers: { Authorization: "Bearer canary-metrics-token-77" },
  });
  assert.match(metrics.text, /farchat_answers_total\{mode="extractive",status="done"\} 1/);
  assert.match(metrics.text, /farchat_retrieval_duration_seconds_count\{step="total"\} 2/);
  assert.match(metrics.text, /farchat_sync_age_seconds\{collection="far"\} \d/);
  const health = await client.get("/health");
  await farchat.line(/GET \/search 200/);
  assert.equal(await farchat.stop(), 0);
  const log = farchat.lines.join("\n");
  const ids = farchat.lines.filter((line) => /answer done|POST \/api\/v1\/chat 200/.test(line))
    .map((line) => JSON.parse(line).requestId);
  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1], "the answer's line has its request's id");
  for (const text of [log, metrics.text, health.text]) {
    assert.doesNotMatch(text, /canary|certified cost/i);
    assert.ok(!text.includes(client.cookie.split("=")[1]));
  }
});

Deno.test("LOG_FILE in the data folder is written with the permissions of the task, and complete at the end", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "farchat_logs_" });
  try {
    const data = join(folder, "data");
    await using farchat = await startFarchat({
      data,
      env: { LOG_FILE: join(data, "logs", "farchat.log") },
    });
    await new Client(farchat.url).get("/about");
    await farchat.line(/GET \/about 200/); // logged when the response is through, which the reader sees earlier
    assert.equal(await farchat.stop(), 0);
    const access = readFileSync(join(data, "logs", "access.log"), "utf8");
    assert.match(access, /"message":"GET \/about 200 in [\d.]+ ms"/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
