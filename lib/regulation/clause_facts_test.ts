import assert from "node:assert/strict";
import {
  alternateAnchor,
  alternateHeading,
  clauseKind,
  isClauseNumber,
  isClauseTitle,
  prescribedAt,
  titleDate,
} from "./clause_facts.ts";

Deno.test("only 52.2xx and 252.2xx with a hyphen are clauses", () => {
  for (const number of ["52.212-4", "252.204-7012"]) assert.equal(isClauseNumber(number), true);
  for (const number of ["52.101", "252.1", "15.403-1", "52.200", "1252.204-1"]) {
    assert.equal(isClauseNumber(number), false, number);
  }
});

Deno.test("a date is read however it is printed", () => {
  assert.equal(titleDate("Changes (NOV 2023)"), "Nov 2023");
  assert.equal(titleDate("Changes (Sept1996)"), "Sep 1996");
  assert.equal(titleDate("Changes (June 2003)"), "Jun 2003");
  assert.equal(titleDate("Warranty (Germany) (JUN 1997)"), "Jun 1997");
  assert.equal(titleDate("Changes (Part 2023)"), undefined);
  assert.equal(titleDate("Changes"), undefined);
});

Deno.test("a printed title is told from a sentence", () => {
  assert.equal(isClauseTitle("PLANT PROTECTION (DEC 1991)"), true);
  assert.equal(isClauseTitle("PROGRAM—BASIC(FEB 2024)"), true);
  assert.equal(isClauseTitle("(1) The clause at 52.217-8 (NOV 1999)"), false);
  assert.equal(isClauseTitle("Alternate I (DEC 2007)"), false);
  assert.equal(isClauseTitle("Use the clause (NOV 1999) in contracts."), false);
});

Deno.test("an alternate begins with its name, with or without a date", () => {
  assert.deepEqual(alternateHeading("Alternate I (Nov 2021). When a contract"), {
    name: "Alternate I",
    date: "Nov 2021",
    length: "Alternate I (Nov 2021).".length,
  });
  assert.equal(alternateHeading("Alternate II.As prescribed in 1.1")?.length, 13);
  assert.equal(alternateHeading("ALTERNATE IV (DEC 2007)")?.name, "Alternate IV");
  assert.equal(alternateHeading("Alternate I [Reserved]")?.length, 22);
  for (
    const text of [
      "Alternate V clause of this solicitation.",
      "Alternate means a variation.",
      "Alternatives to Standards (Nov 1999)",
      "The Alternate I applies.",
    ]
  ) assert.equal(alternateHeading(text), undefined, text);
  assert.equal(alternateAnchor("Alternate IV"), "alt-iv");
});

Deno.test("the prescribing sections are read from the first line", () => {
  for (
    const [text, found] of [
      ["As prescribed in 12.301(b)(3), insert the following clause:", ["12.301(b)(3)"]],
      ["As prescribed in 9.308-2 (a) and (b), insert", ["9.308-2(a)", "9.308-2(b)"]],
      ["Basic. As prescribed in 225.1101 (2)(i) and (2)(ii), use", [
        "225.1101(2)(i)",
        "225.1101(2)(ii)",
      ]],
      ["As prescribed in 227.7102-4(b) and 227.7103-6 (a), use", [
        "227.7102-4(b)",
        "227.7103-6(a)",
      ]],
      ["As prescribed at 211.602, use the following clause:", ["211.602"]],
      ["As prescribed in 19.309 (a)(1) the officer", ["19.309(a)(1)"]],
      ["This subpart sets forth the text of all clauses.", []],
    ] as [string, string[]][]
  ) assert.deepEqual(prescribedAt(text), found, text);
});

Deno.test("how a clause ends says what it is, else how it begins", () => {
  assert.equal(clauseKind(["insert the following clause", "(End of provision)"]), "provision");
  assert.equal(clauseKind(["insert the following clause", "(END OF CLAUSE)"]), "clause");
  assert.equal(clauseKind(["insert the following provision:"]), "provision");
  assert.equal(clauseKind([]), "clause");
});
