/** One server a data folder: a second is refused, a command works beside it, and a kill leaves nothing to clean up. */
import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { runCommand, startFarchat } from "../support/running_farchat.ts";

Deno.test("a second server on the same data folder is refused with who has it; commands work beside it; after a kill -9 the next one starts", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "farchat_second_" });
  const data = `${folder}/data`;
  try {
    await using first = await startFarchat({ data });
    const second = await runCommand(["serve", "--data", data, "--port", "0"]);
    assert.equal(second.code, 1);
    assert.match(second.err, /Another FARchat is serving this data folder \(process \d+, since /);
    assert.match(second.err, /stop it first; or .*farchat serve --data FOLDER/);
    assert.ok(!second.err.includes(data), "the message names no path");
    const beside = await runCommand(["search", "small business", "--data", data, "--json"]);
    assert.equal(beside.code, 0, beside.err);
    assert.equal((await fetch(`${first.url}/healthz`)).status, 200);
    await first.kill();
    await using next = await startFarchat({ data });
    assert.equal((await fetch(`${next.url}/healthz`)).status, 200);
    await next.line(/^Search {3}by words and by meaning \(all-MiniLM-L6-v2\/q4\)$/);
    assert.equal(await next.stop(), 0);
    const log = `${data}/farchat.db-wal`;
    assert.ok(!existsSync(log) || statSync(log).size === 0, "what was written is in the file");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
