import assert from "node:assert/strict";
import { highlight } from "./highlight.ts";

function words(text: string, query: string): string[] {
  return highlight(text, query).map(({ start, end }) => text.slice(start, end));
}

Deno.test("words are found whatever their case and ending", () => {
  assert.deepEqual(
    words("Certified cost or pricing data; certification is required.", "certify costs"),
    ["Certified", "cost", "certification"],
  );
  assert.deepEqual(words("A contract, two contracts.", "Contract"), ["contract", "contracts"]);
});

Deno.test("common words and punctuation are not marked", () => {
  assert.deepEqual(words("When the data are required, they are.", "when are the data?"), ["data"]);
});

Deno.test("section numbers match whole", () => {
  assert.deepEqual(words("See 15.403-1 and 15.403.", "15.403"), ["15.403"]);
});

Deno.test("an empty query marks nothing", () => {
  assert.deepEqual(words("Anything.", "  ?"), []);
});
