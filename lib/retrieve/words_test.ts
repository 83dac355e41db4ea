import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { findTerms, matchExpression, searchWords, stem, writtenOut } from "./words.ts";

function found(text: string): string[] {
  return findTerms(text).map(({ term }) => term.means[0]);
}

Deno.test("abbreviations of the field are found however they are typed", () => {
  assert.deepEqual(found("Can the KO use T&M?"), ["contracting officer", "time-and-materials"]);
  assert.deepEqual(found("an 8(a) firm"), ["8(a) program"]);
  assert.deepEqual(found("who signs a J&A or D&F"), [
    "justification for other than full and open competition",
    "determination and findings",
  ]);
  assert.deepEqual(found("idiq"), ["indefinite-delivery indefinite-quantity"]);
  assert.deepEqual(found("SF 30"), ["Standard Form 30"]);
});

Deno.test("plain words that look like abbreviations are left alone", () => {
  assert.deepEqual(found("can it come with a car and a spot to park"), []);
  assert.deepEqual(found("the company, Smith & co, did pay"), []);
});

Deno.test("abbreviations are written out for the model, plain phrases stay", () => {
  assert.equal(writtenOut("Can the KO sign?"), "Can the contracting officer sign?");
  assert.equal(writtenOut("is a purchase card fine"), "is a purchase card fine");
});

Deno.test("stop words and single letters are not searched", () => {
  assert.deepEqual(searchWords("When do I need a synopsis?"), ["synopsis"]);
});

Deno.test("stems bring the forms of a word together", () => {
  assert.equal(stem("debarred").slice(0, 5), stem("debarment").slice(0, 5));
  assert.equal(stem("options"), stem("option"));
  assert.equal(stem("bids"), "bid");
});

Deno.test("nothing to search for gives no expression", () => {
  assert.equal(matchExpression("what is it?"), undefined);
  assert.equal(matchExpression("   "), undefined);
});

Deno.test("any text makes an expression that FTS5 accepts", () => {
  const db = new DatabaseSync(":memory:");
  db.exec("CREATE VIRTUAL TABLE t USING fts5 (body, tokenize = 'porter unicode61')");
  const query = db.prepare("SELECT rowid FROM t WHERE t MATCH ?");
  fc.assert(fc.property(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        'KO "quotes" NEAR(a b) AND* OR',
        "8(a) T&M J&A (c)(1) -- ;DROP",
        "\0 NOT ^x:y",
      ),
    ),
    (text) => {
      const match = matchExpression(text);
      if (!match) return;
      query.all(match);
    },
  ));
  db.close();
});
