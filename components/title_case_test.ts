import assert from "node:assert/strict";
import { titleCase } from "./title_case.ts";

Deno.test("a heading in capitals is put in title case", () => {
  assert.equal(titleCase("CONTRACTING BY NEGOTIATION"), "Contracting by Negotiation");
  assert.equal(titleCase("THE FAR AND DOD PARTS"), "The FAR and DoD Parts");
  assert.equal(
    titleCase("LABOR-MANAGEMENT (U.S. AND ABROAD)"),
    "Labor-Management (U.S. and Abroad)",
  );
});

Deno.test("a heading that has small letters, or no words in capitals, stays as it is", () => {
  for (const title of ["Contracting by Negotiation", "Use of DoD Funds", "", "A", "15.4"]) {
    assert.equal(titleCase(title), title);
  }
});
