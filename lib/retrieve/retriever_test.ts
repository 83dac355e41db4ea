import assert from "node:assert/strict";
import { createEmbedder } from "../embed/embedder.ts";
import type { Embedder } from "../embed/types.ts";
import { Retriever } from "./retriever.ts";
import { withStarter } from "./test_starter.ts";

const unavailable: Embedder = {
  name: "all-MiniLM-L6-v2/q4",
  dimensions: 384,
  state: "unavailable",
  problem: "no model here",
  embed: () => Promise.reject(new Error("no model here")),
  countTokens: () => Promise.reject(new Error("no model here")),
  close: () => Promise.resolve(),
};

Deno.test("retrieval over the starter corpus with the real model", async (t) => {
  await withStarter(async (store) => {
    await using closing = new AsyncDisposableStack();
    const embedder = closing.adopt(createEmbedder(), (embedder) => embedder.close());
    const retriever = new Retriever(store, embedder);
    const numbers = async (question: string) =>
      (await retriever.retrieve(question)).sections.map(({ number }) => number);

    await t.step("everyday words find the section that answers", async () => {
      const found = await numbers("Can the other side pay us before anything is delivered?");
      assert.ok(found.some((number) => number.startsWith("32.")), found.join(", "));
      const debrief = await numbers("We lost. How many days do I have to request a debriefing?");
      assert.ok(debrief.slice(0, 5).includes("15.506"), debrief.join(", "));
    });

    await t.step("a number that does not exist is followed by those nearest to it", async () => {
      const { abstain, citations, sections } = await retriever.retrieve("52.212-44");
      assert.match(abstain?.reason ?? "", /There is no FAR 52\.212-44\. Nearest: FAR 52\.212-4 /);
      const nearest = citations[0].nearest.map(({ number }) => number);
      assert.deepEqual(sections.slice(0, nearest.length).map(({ number }) => number), nearest);
    });

    await t.step("a citation comes first, in whatever notation", async () => {
      for (
        const [typed, number] of [
          ["far 15 404-1 c cost analysis", "15.404-1"],
          ["DFARS 252-204-7012(c) reporting", "252.204-7012"],
          ["48 CFR 9.406-2", "9.406-2"],
          ["52.212-4 alt I", "52.212-4"],
          ["DFARS 7012 flow down", "252.204-7012"],
        ]
      ) assert.equal((await numbers(typed))[0], number, typed);
    });

    await t.step("a cited subpart or part leads with its sections", async () => {
      const subpart = await numbers("causes for debarment in subpart 9.4");
      assert.ok(subpart.slice(0, 3).every((number) => number.startsWith("9.4")), subpart.join());
    });

    await t.step("a citation that does not exist is named, with the nearest", async () => {
      const { abstain, citations } = await retriever.retrieve("What does FAR 52.299-99 say?");
      assert.equal(citations[0].found, false);
      assert.ok(citations[0].nearest.length > 0);
      assert.match(abstain?.reason ?? "", /^There is no FAR 52\.299-99\. Nearest: /);
    });

    await t.step("a made-up citation in a real question does not stop the answer", async () => {
      const { abstain, sections } = await retriever.retrieve(
        "Under FAR 52.299-99, who has to certify a claim above $100,000 under the disputes clause?",
      );
      assert.equal(abstain, undefined);
      assert.ok(sections.slice(0, 5).some(({ number }) => /^(33\.2|52\.233-1)/.test(number)));
    });

    await t.step("what the regulations don't answer is declined", async () => {
      const { abstain } = await retriever.retrieve("How do I make sourdough bread rise better?");
      assert.ok(abstain);
    });

    await t.step("a follow-up is about what was talked about", async () => {
      const { query, sections } = await retriever.retrieve("and for DoD?", [{
        question: "When do I need a justification for an 8(a) sole source award?",
        answer: "FAR 6.303-1 requires one above a threshold.",
      }]);
      assert.match(query, /8\(a\)/);
      assert.ok(sections.slice(0, 5).some(({ number }) => /^2(06|19)\./.test(number)));
    });

    await t.step(
      "who asks when a clause goes in gets the clause and its prescription",
      async () => {
        const { sections } = await retriever.retrieve(
          "When do I put in the clause that lets us extend services up to six months after the contract ends?",
        );
        const first = sections.slice(0, 5).map(({ number }) => number);
        assert.ok(first.includes("17.208") && first.includes("52.217-8"), first.join(" "));
      },
    );

    await t.step("only the collections asked for", async () => {
      const { sections } = await retriever.retrieve("progress payments", [], {
        collections: ["dfars"],
        k: 7,
      });
      assert.equal(sections.length, 7);
      assert.ok(sections.every(({ collection }) => collection === "dfars"));
    });

    await t.step("briefs stand in for text that is not loaded, labelled as such", async () => {
      const { passages } = await retriever.retrieve("FAR 15.506");
      assert.equal(passages[0].kind, "brief");
      assert.equal(passages[0].section, "15.506");
      assert.equal(passages[0].text, store.entries.brief("far", "15.506")?.text);
      assert.deepEqual([passages[0].start, passages[0].end], [0, passages[0].text.length]);
    });

    await t.step("the same question gives the same order", async () => {
      const question = "Who approves a sole source justification above $20 million?";
      const once = await retriever.retrieve(question);
      const fresh = await new Retriever(store, embedder).retrieve(question);
      assert.deepEqual(fresh.sections, once.sections);
    });

    await t.step("without a model words are searched, and it says so", async () => {
      const { sections, usedVectors } = await new Retriever(store, unavailable).retrieve(
        "request a debriefing after award",
      );
      assert.equal(usedVectors, false);
      assert.ok(sections.slice(0, 5).some(({ number }) => number === "15.506"));
    });

    await t.step("any text is a question", async () => {
      for (
        const text of [
          "",
          "?",
          "🤷 \0",
          '"NEAR(" OR *',
          "<script>alert(1)</script>",
          "x".repeat(4000),
        ]
      ) {
        await retriever.retrieve(text);
      }
    });

    await t.step("headings searched word for word find their section", async () => {
      const sections = [...store.outline.sections("far"), ...store.outline.sections("dfars")]
        .filter(({ reserved }) => !reserved);
      const titles = new Map<string, number>();
      for (const { title } of sections) titles.set(title, (titles.get(title) ?? 0) + 1);
      const unique = sections.filter(({ title }) => titles.get(title) === 1);
      let first = 0;
      const asked = unique.filter((_, i) => i % 40 === 0);
      for (const { title, number } of asked) if ((await numbers(title))[0] === number) first++;
      assert.ok(first / asked.length >= 0.95, `${first} of ${asked.length}`);
    });

    await t.step("questions are suggested while typing, and examples greet", () => {
      const suggested = retriever.suggest("debriefing req", 5);
      assert.equal(suggested.length, 5);
      assert.match(suggested[0].question, /debrief/i);
      const examples = retriever.examples(6);
      assert.equal(new Set(examples.map(({ section }) => section)).size, 6);
    });

    await t.step("people also ask of other sections too", async () => {
      const related = retriever.related(await retriever.retrieve("debriefing deadline"), 4);
      assert.equal(new Set(related).size, 4);
      const declined = await retriever.retrieve("What is 52.299-99?");
      assert.deepEqual(retriever.related(declined, 4), []);
      const near = declined.citations[0].nearest;
      assert.ok(near.length > 0 && near.every(({ title }) => !/reserved/i.test(title)));
    });
  });
});
