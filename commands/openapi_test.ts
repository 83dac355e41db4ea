import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { apiDocument } from "../lib/api/document.ts";
import { runCommand } from "../tests/support/running_farchat.ts";

Deno.test("farchat openapi prints the document that the server gives, and touches no data folder", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "farchat_openapi_" });
  try {
    const data = `${folder}/data`;
    const { code, out } = await runCommand(["openapi"], { FARCHAT_DATA: data });
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), JSON.parse(JSON.stringify(await apiDocument())));
    assert.equal(existsSync(data), false);
    assert.equal((await runCommand(["openapi", "--yaml"])).code, 2);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
