import assert from "node:assert/strict";
import { termKey } from "./terms.ts";

Deno.test("terms that differ in case, number, quotes or an abbreviation after them are the same", () => {
  const same = [
    ["Small business", "small businesses", "SMALL  BUSINESS", "“Small business”"],
    ["Contracting agency", "contracting agencies"],
    ["Day", "days"],
    ["Tax", "Taxes"],
    ["Head of the agency", "head of the agency."],
    ["Contracting officer’s representative (COR)", "contracting officer's representative"],
    [
      "Commercially available off-the-shelf (COTS) item",
      "commercially available off-the-shelf items",
    ],
  ];
  for (const [first, ...others] of same) {
    for (const other of others) assert.equal(termKey(other), termKey(first), other);
  }
});

Deno.test("words that end in s without being plurals stay apart from their stems", () => {
  assert.notEqual(termKey("business"), termKey("busines"));
  assert.notEqual(termKey("basis"), termKey("basi"));
  assert.notEqual(termKey("bonus"), termKey("bonu"));
  assert.notEqual(termKey("gas"), termKey("ga"));
  assert.notEqual(termKey("Offer"), termKey("Offeror"));
});
