/** A clock that somebody sets, forward and back, while a server runs. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { Client } from "../support/client.ts";
import { miniCorpus } from "../support/mini_corpus.ts";
import { startFarchat } from "../support/running_farchat.ts";
import { repositoryPath } from "../support/shared.ts";

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

Deno.test("a clock that jumps years forward and back loses nothing and stops nobody from asking", async () => {
  const clock = Deno.makeTempFileSync();
  const set = (ms: number) => writeFileSync(clock, String(ms));
  set(0);
  try {
    await using farchat = await startFarchat({
      from: await miniCorpus(),
      env: { MOVED_CLOCK: clock, RATE_LIMIT_PER_MINUTE: "60", ASK_LIMIT_PER_MINUTE: "20" },
      wrap: ([deno, run, ...rest]) => [
        deno,
        run,
        `--preload=${repositoryPath("tests/faults/moved_clock.ts")}`,
        ...rest,
      ],
    });
    const anna = new Client(farchat.url);
    const asked: { conversation: string; answer: string }[] = [];
    for (const jump of [0, 10 * YEAR_MS, -5 * YEAR_MS, 0]) {
      set(jump);
      const shown = await anna.json("/health");
      const year = new Date(Date.now() + jump).getFullYear();
      assert.equal(new Date(shown.body.timestamp).getFullYear(), year, "the clock is moved");
      assert.ok(shown.body.uptime_seconds >= 0, `${shown.body.uptime_seconds} s of uptime`);
      assert.ok(shown.body.uptime_seconds < 600, `${shown.body.uptime_seconds} s of uptime`);
      for (let i = 0; i < 3; i++) asked.push(await anna.ask("When do I need pricing data?"));
      assert.equal((await anna.get("/")).status, 200);
      assert.equal((await anna.get("/readyz")).status, 200);
    }
    const { body } = await anna.json("/api/v1/conversations");
    const listed = JSON.stringify(body);
    for (const { conversation, answer } of asked) {
      assert.ok(listed.includes(conversation));
      const { body: kept } = await anna.json(`/api/v1/conversations/${conversation}`);
      assert.equal(kept.turns[0].answer, answer);
    }
    assert.equal(await farchat.stop(), 0);
  } finally {
    Deno.removeSync(clock);
  }
});
