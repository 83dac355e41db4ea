import assert from "node:assert/strict";
import { createEmbedder } from "../embed/embedder.ts";
import { Catalog } from "./catalog.ts";
import { raisesOf } from "./follow_up_ranking.ts";
import { Retriever } from "./retriever.ts";
import { withStarter } from "./test_starter.ts";
import pairs from "./testdata/follow_ups.json" with { type: "json" };

Deno.test("what an answer named raises its sections, those around them and their supplements", () =>
  withStarter((store) => {
    const catalog = new Catalog(store);
    const raises = { first: -2, named: 1, around: 3, supplement: 4 };
    const raised = (named: string[]) => {
      const sum = raisesOf(catalog, named, raises);
      return (number: string) =>
        sum.get(catalog.place(Number.parseInt(number) >= 200 ? "dfars" : "far", number)!);
    };
    const profit = raised(["15.404-4", "15.403-1"]);
    assert.equal(profit("15.404-4"), -2 + 3);
    assert.equal(profit("15.403-1"), 1 + 3);
    assert.equal(profit("15.405"), 3, "the same subpart");
    assert.equal(profit("215.404-4"), 4);
    assert.equal(profit("215.404-71-2"), 4);
    assert.equal(profit("15.506"), undefined);
    const clause = raised(["52.204-21", "no number", "99.999"]);
    assert.equal(clause("52.204-23"), 3, "the same family");
    assert.equal(clause("52.219-9"), undefined, "all clauses are in one subpart");
    assert.equal(clause("252.204-7012"), 4);
  }));

Deno.test("follow-ups over the starter corpus with the real model", async (t) => {
  await withStarter(async (store) => {
    const embedder = createEmbedder();
    const retriever = new Retriever(store, embedder);
    const found = async (followUp: string, before: { question: string; answer: string }) =>
      (await retriever.retrieve(followUp, [before])).sections.map(({ number }) => number);
    try {
      await t.step("of our own pairs nearly all are among the first five", async () => {
        let first = 0;
        let five = 0;
        const missed: string[] = [];
        for (const { question, answer, followUp, sections } of pairs) {
          const at = (await found(followUp, { question, answer }))
            .findIndex((number) => sections.includes(number));
          if (at === 0) first++;
          if (at >= 0 && at < 5) five++;
          else missed.push(`${question} ${followUp} (${sections})`);
        }
        // Measured: 36 and 53, with other weights of the ranking 35 to 39 and 52 to 53; without these rules 14 and 43.
        assert.ok(first >= 32, `${first} of ${pairs.length} first`);
        assert.ok(five >= 48, `${five} of ${pairs.length}: ${missed.join("\n")}`);
      });

      await t.step("after preaward debriefings, postaward means 15.506", async () => {
        const debriefings = pairs.filter(({ followUp }) => /postaward/.test(followUp));
        assert.ok(debriefings.length >= 3);
        for (const { question, answer, followUp } of debriefings) {
          assert.equal((await found(followUp, { question, answer }))[0], "15.506", question);
        }
      });

      await t.step("a stand-alone question is searched and told", async () => {
        const standAlone = "How long must the Government keep closed contract files?";
        const { query, sections } = await retriever.retrieve("and afterwards?", [{
          question: "What has to be done to close out a contract file?",
          answer: "FAR 4.804-1 and 4.804-5 give the times and the steps.",
        }], { standAlone });
        assert.equal(query, standAlone);
        assert.equal(sections[0].number, "4.805");
      });

      await t.step("a follow-up about a clause that does not exist is told so", async () => {
        const { abstain } = await retriever.retrieve("and 52.299-99?", [{
          question: "When do I put in the clause on small business subcontracting plans?",
          answer: "FAR 19.708(b) prescribes 52.219-9.",
        }]);
        assert.match(abstain?.reason ?? "", /^There is no FAR 52\.299-99\. Nearest: FAR 52\.25/);
      });
    } finally {
      await embedder.close();
    }
  });
});
