import assert from "node:assert/strict";
import { withStore } from "./test_store.ts";

Deno.test("settings are kept by key until they are deleted", async () => {
  await withStore(({ settings }) => {
    assert.equal(settings.get("model"), undefined);
    settings.set("model", "one");
    settings.set("model", "two");
    settings.set("empty", "");
    assert.equal(settings.get("model"), "two");
    assert.equal(settings.get("empty"), "");
    assert.deepEqual(settings.all(), { empty: "", model: "two" });
    assert.equal(settings.delete("model"), true);
    assert.equal(settings.delete("model"), false);
    assert.deepEqual(settings.all(), { empty: "" });
  });
});
