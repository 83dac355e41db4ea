/** A database that another process writes to and does not let go of. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { Client } from "../support/client.ts";
import { miniCorpus } from "../support/mini_corpus.ts";
import { startFarchat } from "../support/running_farchat.ts";
import { repositoryPath } from "../support/shared.ts";

Deno.test("while another process holds the database pages are shown, who asks is told, and later all is well", async () => {
  await using farchat = await startFarchat({ from: await miniCorpus() });
  const anna = new Client(farchat.url);
  const earlier = await anna.ask("When do I need certified cost or pricing data?");

  const holder = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--quiet", "-A", repositoryPath("tests/faults/lock_child.ts")]
      .concat(join(farchat.data, "farchat.db")),
    stdout: "piped",
  }).spawn();
  try {
    const reader = holder.stdout.getReader();
    assert.match(new TextDecoder().decode((await reader.read()).value), /held/);
    reader.releaseLock();

    for (const path of ["/", "/far/15.403-4", "/search?q=pricing", "/healthz", "/readyz"]) {
      assert.equal((await anna.get(path)).status, 200, path);
    }
    const read = await anna.json(`/api/v1/conversations/${earlier.conversation}`);
    assert.equal(read.body.turns[0].answer, earlier.answer);

    const refused = await anna.json("/api/v1/chat", { question: "And for DoD?", stream: false });
    assert.equal(refused.status, 503, JSON.stringify(refused.body));
    assert.match(JSON.stringify(refused.body), /another FARchat command is writing/);
    assert.doesNotMatch(JSON.stringify(refused.body), /SQLITE|\.ts:|farchat\.db/);
  } finally {
    holder.kill("SIGKILL");
    await holder.stdout.cancel();
    await holder.status;
  }
  const later = await anna.ask("And for DoD?", { conversation: earlier.conversation });
  assert.ok(later.answer.length > 0);
  assert.equal(await farchat.stop(), 0);
});
