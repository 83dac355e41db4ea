import assert from "node:assert/strict";
import { briefFaults, figuresOf, normalizedQuestion, questionFaults } from "./bank_rules.ts";

const section = {
  title: "Buying tents",
  text:
    "The officer for shelters shall approve each purchase of tents above $2,500,000 within ten days after the request " +
    "arrives, using the Standard Form for Tents and Other Shelters of the Armed Services.",
};

Deno.test("a figure is the same however it is written", () => {
  const figures = figuresOf("$2.5 million, 10 days, one half, by no later than30 days");
  for (const figure of ["2500000", "10", "1", "30"]) assert.ok(figures.has(figure), figure);
});

Deno.test("a brief may state the section's figures in another form, and no other", () => {
  assert.deepEqual(
    briefFaults("Tents that cost more than $2.5 million need approval, given in 10 days.", section),
    [],
  );
  assert.match(
    briefFaults("Tents that cost more than $3 million need approval by the officer.", section)[0],
    /\$3 million/,
  );
});

Deno.test("numbers of sections, clauses, laws and forms are names, not figures", () => {
  assert.deepEqual(
    briefFaults(
      "Tents follow 15.403-4(a)(1), clause 252.204-7012, 41 U.S.C. 3306, Public Law 85-804 and Standard Form 30.",
      section,
    ),
    [],
  );
});

Deno.test("eight words in a row from the section are borrowed, unless they are a name", () => {
  const borrowed = "Who shall approve each purchase of tents above $2,500,000 here?";
  assert.match(questionFaults(borrowed, section)[0], /8 words in a row/);
  const named = "Is it the Standard Form for Tents and Other Shelters of the Armed Services?";
  assert.deepEqual(questionFaults(named, section), []);
});

Deno.test("a question has 4 to 40 words, a brief 8 to 110", () => {
  assert.match(questionFaults("who approves tents", section)[0], /found 3/);
  assert.match(questionFaults("why ".repeat(41), section)[0], /found 41/);
  assert.match(briefFaults("Tents need approval.", section)[0], /found 3/);
});

Deno.test("questions that differ only by case, punctuation and articles are the same", () => {
  assert.equal(normalizedQuestion("Who signs the J&A?"), normalizedQuestion("who signs a J&A"));
});
