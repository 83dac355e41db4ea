import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { createEmbedder } from "../embed/embedder.ts";
import type { Paragraph, Section } from "../regulation/types.ts";
import { chunkSection, embeddedText, MAX_CHUNK_TOKENS } from "./chunk_section.ts";
import { estimateTokens, TokenCounter } from "./token_counter.ts";

/** A paragraph as tests write it: its text, and what differs from an ordinary one. */
type Made = [text: string, facts?: Partial<Paragraph>];

function section(made: Made[], facts: Partial<Section> = {}): Section {
  const paragraphs: Paragraph[] = [];
  let text = "";
  for (const [i, [words, paragraph]] of made.entries()) {
    if (i > 0) text += "\n";
    paragraphs.push({
      designator: "",
      anchor: `p-${i + 1}`,
      level: 0,
      kind: "text",
      start: text.length,
      end: text.length + words.length,
      ...paragraph,
    });
    text += words;
  }
  return {
    collection: "far",
    number: "15.403-4",
    title: "Requiring certified cost or pricing data",
    order: 0,
    path: [
      { type: "subchapter", number: "C", title: "CONTRACTING METHODS AND CONTRACT TYPES" },
      { type: "part", number: "15", title: "CONTRACTING BY NEGOTIATION" },
      { type: "subpart", number: "15.4", title: "Contract Pricing" },
    ],
    reserved: false,
    text,
    paragraphs,
    ...facts,
  };
}

const counter = () => new TokenCounter(estimateTokens);
const chunksOf = (one: Section) => chunkSection(one, counter());
const textsOf = async (one: Section) =>
  (await chunksOf(one)).map(({ start, end }) => one.text.slice(start, end));

/** A sentence of so many words. */
const sentence = (words: number, about = "thing") =>
  `The ${Array.from({ length: words - 2 }, (_, i) => `${about}${i % 10}`).join(" ")} end.`;

Deno.test("a short section is one chunk behind its headings", async () => {
  const [chunk, ...others] = await chunksOf(section([["One rule."], ["Another rule."]]));
  assert.deepEqual(others, []);
  assert.equal(chunk.start, 0);
  assert.equal(chunk.end, 23);
  assert.equal(chunk.anchor, "p-1");
  assert.equal(
    chunk.context,
    "FAR Part 15 Contracting by Negotiation > Contract Pricing > " +
      "15.403-4 Requiring certified cost or pricing data",
  );
});

Deno.test("the hash is that of what is embedded", async () => {
  const one = section([["One rule."]]);
  const [chunk] = await chunksOf(one);
  assert.equal(embeddedText(one, chunk), `${chunk.context}\nOne rule.`);
  assert.equal(
    chunk.hash,
    createHash("sha256").update(embeddedText(one, chunk)).digest("hex"),
  );
});

Deno.test("a chunk that starts inside a list carries the words the list hangs on", async () => {
  const one = section([
    ["(c) Limits.", { designator: "(c)", level: 0 }],
    ["(1) The contracting officer shall not—", { designator: "(c)(1)", level: 1 }],
    [`(i) ${sentence(60)}`, { designator: "(c)(1)(i)", level: 2 }],
    [`(ii) ${sentence(60)}`, { designator: "(c)(1)(ii)", level: 2 }],
    [`(2) ${sentence(60)}`, { designator: "(c)(2)", level: 1 }],
  ]);
  const chunks = await chunksOf(one);
  assert.ok(chunks.length > 1);
  const second = chunks.find(({ start }) => one.text.startsWith("(ii)", start));
  assert.match(second!.context, /\n\(c\) Limits\. \(1\) The contracting officer shall not—$/);
  const other = chunks.find(({ start }) => one.text.startsWith("(2)", start));
  assert.match(other!.context, /\n\(c\) Limits\.$/);
});

Deno.test("a title and a sentence that leads on stay with what follows them", async () => {
  const one = section([
    [sentence(70)],
    ["Alternate I (Jan 2030)", { kind: "heading" }],
    ["(c) Reports.", { level: 0 }],
    ["(1) The Contractor shall—", { level: 1 }],
    [`(i) ${sentence(70)}`, { level: 2 }],
  ]);
  assert.deepEqual((await textsOf(one)).map((text) => text.slice(0, 9)), [
    "The thing",
    "Alternate",
  ]);
});

Deno.test("each definition of a section of definitions is a chunk with its sub-paragraphs", async () => {
  const definition = (
    term: string,
  ): Made => [`${term} means a ${term}:`, { kind: "definition", term }];
  const one = section([
    ["As used in this part:"],
    definition("Lease"),
    ["(1) Of land; or", { level: 1 }],
    ["(2) Of goods.", { level: 1 }],
    ["It is in writing.", { kind: "flush" }],
    definition("Loan"),
    ["Contract words have their usual meaning."],
  ], { title: "Definitions" });
  assert.deepEqual(await textsOf(one), [
    "As used in this part:",
    "Lease means a Lease:\n(1) Of land; or\n(2) Of goods.\nIt is in writing.",
    "Loan means a Loan:",
    "Contract words have their usual meaning.",
  ]);
});

Deno.test("definitions inside a clause are packed like other paragraphs", async () => {
  const one = section([
    ["(a) Definitions. As used in this clause—"],
    ["Day means a calendar day.", { kind: "definition" }],
    ["Week means seven days.", { kind: "definition" }],
  ], { title: "Reporting", clause: { kind: "clause", prescribedAt: [], alternates: [] } });
  const [chunk, ...others] = await chunksOf(one);
  assert.deepEqual(others, []);
  assert.match(chunk.context, /^FAR clause 15\.403-4 Reporting$/);
});

Deno.test("a long paragraph is cut between sentences, and its rest says what it continues", async () => {
  const sentences = Array.from({ length: 12 }, (_, i) => sentence(25, `word${i}x`));
  const one = section([[`(b) Payments. ${sentences.join(" ")}`, { designator: "(b)" }]]);
  const chunks = await chunksOf(one);
  assert.ok(chunks.length > 1);
  for (const { start, end } of chunks) {
    assert.match(one.text.slice(start, end), /^(The|\(b\)).*end\.$/s);
  }
  assert.match(chunks[1].context, /\n\(b\) Payments\. The .*…$/);
});

Deno.test("full stops of abbreviations do not end sentences", async () => {
  const words = Array.from(
    { length: 9 },
    () => `See Pub. L. 117-81 and the U.S. Code, e.g. No. 12, and ${sentence(30)}`,
  );
  const one = section([[words.join(" ")]]);
  for (const text of await textsOf(one)) assert.match(text, /^See .*end\.$/s);
});

Deno.test("a table is cut between rows", async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `Item ${i}\t$${i},000\t${i} days`);
  const one = section([[rows.join("\n"), { kind: "table" }]]);
  const texts = await textsOf(one);
  assert.ok(texts.length > 1);
  assert.deepEqual(texts.flatMap((text) => text.split("\n")), rows);
});

Deno.test("a section without text, reserved or not, is one chunk of its heading", async () => {
  const [empty, ...others] = await chunksOf(section([]));
  assert.deepEqual(others, []);
  assert.deepEqual([empty.start, empty.end], [0, 0]);
  assert.match(empty.context, /15\.403-4 Requiring/);
  const [reserved] = await chunksOf(section([], { title: "", reserved: true }));
  assert.match(reserved.context, /15\.403-4\s+\(reserved\)$/);
});

Deno.test("source lines are in a chunk's text and not in what is embedded", async () => {
  const one = section([["One rule."], ["[48 FR 42187, Sept. 19, 1983]", { kind: "source" }]]);
  const [chunk, ...others] = await chunksOf(one);
  assert.deepEqual(others, []);
  assert.equal(chunk.end, one.text.length);
  assert.equal(embeddedText(one, chunk), `${chunk.context}\nOne rule.`);
  const [alone] = await chunksOf(section([["[48 FR 42187]", { kind: "source" }]]));
  assert.deepEqual([alone.start, alone.end], [0, 13]);
});

Deno.test("lines of a form to fill in do not use up the window", async () => {
  const one = section([[`Name ${"_".repeat(400)} Date ${"_".repeat(400)}`]]);
  const [chunk, ...others] = await chunksOf(one);
  assert.deepEqual(others, []);
  assert.match(embeddedText(one, chunk), /\nName ___ Date ___$/);
});

Deno.test("very long titles are cut, so that room for the text is left", async () => {
  const one = section([["One rule."]], { title: sentence(300) });
  const [chunk] = await chunksOf(one);
  assert.ok(chunk.tokens < 80);
  assert.match(chunk.context, /^FAR 15\.403-4 The .*…$/);
});

const words = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      "the",
      "Contractor",
      "shall",
      "15.404-1(b)",
      "$2,000.",
      "pay;",
      "not—",
      "U.S.",
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 30 }).map((text) => text.replace(/\s/g, "")) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("é".repeat(90), "____________", "🛩️".repeat(150), "x".repeat(1500)),
  },
);
const paragraph: fc.Arbitrary<Made> = fc.tuple(
  fc.array(words, { maxLength: 300 }).map((list) => list.join(" ")),
  fc.record({
    level: fc.nat(3),
    kind: fc.constantFrom(
      "text",
      "text",
      "definition",
      "heading",
      "flush",
      "note",
      "table",
      "source",
    ),
  }),
);

Deno.test("chunks cover all of the text but white space, in order, nothing twice, in the window", async () => {
  const title = fc.constantFrom("Definitions", "Scope of part", sentence(120));
  await fc.assert(
    fc.asyncProperty(fc.array(paragraph, { maxLength: 12 }), title, async (made, title) => {
      const one = section(made, { title });
      const chunks = await chunksOf(one);
      let from = 0;
      let covered = "";
      for (const chunk of chunks) {
        assert.ok(chunk.start >= from, "in order and nothing twice");
        assert.ok(chunk.tokens <= MAX_CHUNK_TOKENS, "in the window");
        const [embedded] = await estimateTokens([embeddedText(one, chunk)]);
        assert.ok(embedded <= MAX_CHUNK_TOKENS, "what is embedded is in the window");
        covered += one.text.slice(chunk.start, chunk.end);
        from = chunk.end;
      }
      assert.equal(covered.replace(/\s/g, ""), one.text.replace(/\s/g, ""), "covers everything");
      assert.ok(chunks.length > 0);
    }),
    { numRuns: 150 },
  );
});

Deno.test("no chunk starts or ends in the middle of a word", async () => {
  const word = fc.stringMatching(/^[a-z(]{1,12}[,.;:)]{0,2}$/);
  const text = fc.array(word, { minLength: 1, maxLength: 900 }).map((list) => list.join(" "));
  await fc.assert(
    fc.asyncProperty(text, async (made) => {
      for (const { start, end } of await chunksOf(section([[made]]))) {
        assert.ok(start === 0 || made[start - 1] === " ");
        assert.ok(end === made.length || made[end] === " ");
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("token counts are the model's own", async () => {
  const embedder = createEmbedder();
  try {
    const counter = new TokenCounter((texts) => embedder.countTokens(texts));
    const one = section([
      ["(a) “Unallowable” costs—per § 31.205-14—include $2,500 of entertainment; see FAR 31.205-13(d)."],
      [`Name: ${"_".repeat(60)} ${sentence(300, "naïve-façade")}`],
    ]);
    const chunks = await chunkSection(one, counter);
    const counts = await embedder.countTokens(chunks.map((chunk) => embeddedText(one, chunk)));
    assert.ok(chunks.length > 1);
    assert.deepEqual(chunks.map(({ tokens }) => tokens), counts);
  } finally {
    await embedder.close();
  }
});
