/** What a browser has to fetch: promised small. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { repositoryPath } from "../support/shared.ts";

function gzipped(folder: string, ending: string): number {
  const path = repositoryPath("static", folder);
  return readdirSync(path).filter((name) => name.endsWith(ending))
    .reduce((sum, name) => sum + gzipSync(readFileSync(`${path}/${name}`)).byteLength, 0);
}

Deno.test("all islands together are under 40 KB, gzipped", () => {
  const bytes = gzipped("islands", ".js");
  assert.ok(bytes > 5000, "the islands are not bundled: deno task islands");
  assert.ok(bytes < 40_000, `${bytes} bytes`);
});

Deno.test("the stylesheets are under 12 KB, gzipped", () => {
  const bytes = gzipped("styles", ".css");
  assert.ok(bytes < 12_000, `${bytes} bytes`);
});
