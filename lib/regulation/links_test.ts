import assert from "node:assert/strict";
import fc from "fast-check";
import {
  anchorOf,
  citationLabel,
  collectionName,
  officialLinks,
  parentHref,
  sectionHref,
} from "./links.ts";

Deno.test("a section's page takes a designator or an anchor", () => {
  assert.equal(sectionHref("far", "15.403-4"), "/far/15.403-4");
  assert.equal(sectionHref("far", "15.403-4", "(c)(1)(i)"), "/far/15.403-4#c-1-i");
  assert.equal(sectionHref("far", "2.101", "def-acquisition"), "/far/2.101#def-acquisition");
  assert.equal(sectionHref("dfars", "252.204-7012", "(m)"), "/dfars/252.204-7012#m");
  assert.equal(parentHref("far", "22.1006"), "/far/22.10");
  assert.equal(parentHref("far", "1.000"), "/far/1");
});

Deno.test("an address built from hostile text stays inside its own path and fragment", () => {
  fc.assert(fc.property(fc.string(), fc.string(), (number, anchor) => {
    const url = new URL(
      sectionHref("uploads", number.toWellFormed() + "x", anchor.toWellFormed()),
      "http://h",
    );
    assert.equal(url.host, "h");
    assert.equal(url.search, "");
    assert.ok(url.pathname.startsWith("/uploads/"));
  }));
});

Deno.test("an anchor is the designator path with hyphens", () => {
  assert.equal(anchorOf("(c)(1)(i)(A)"), "c-1-i-A");
  assert.equal(anchorOf(""), "");
});

Deno.test("labels read as people cite", () => {
  assert.equal(citationLabel("far", "15.403-4", "(c)(1)"), "FAR 15.403-4(c)(1)");
  assert.equal(citationLabel("dfars", "225.70"), "DFARS subpart 225.70");
  assert.equal(citationLabel("far", "19"), "FAR part 19");
  assert.equal(citationLabel("pgi", "225.7"), "DFARS PGI subpart 225.7");
  assert.equal(citationLabel("uploads", "3"), "Document 3");
  assert.equal(collectionName("dfars"), "DFARS");
});

Deno.test("official pages have the addresses that ecfr.gov and acquisition.gov use", () => {
  assert.deepEqual(officialLinks("far", "15.403-4", "(c)(1)"), {
    ecfr: "https://www.ecfr.gov/current/title-48/section-15.403-4#p-15.403-4(c)(1)",
    acquisition: "https://www.acquisition.gov/far/15.403-4",
  });
  assert.deepEqual(officialLinks("far", "9.4"), {
    ecfr: "https://www.ecfr.gov/current/title-48/part-9/subpart-9.4",
    acquisition: "https://www.acquisition.gov/far/subpart-9.4",
  });
  assert.deepEqual(officialLinks("far", "19"), {
    ecfr: "https://www.ecfr.gov/current/title-48/part-19",
    acquisition: "https://www.acquisition.gov/far/part-19",
  });
  assert.deepEqual(officialLinks("dfars", "252.204-7012"), {
    ecfr: "https://www.ecfr.gov/current/title-48/section-252.204-7012",
    acquisition:
      "https://www.acquisition.gov/dfars/part-252-solicitation-provisions-and-contract-clauses#DFARS_252.204-7012",
  });
  assert.equal(
    officialLinks("dfars", "225.7001").acquisition,
    "https://www.acquisition.gov/dfars",
    "no address is made up where the part's page is not known",
  );
});
