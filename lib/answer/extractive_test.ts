import assert from "node:assert/strict";
import {
  passageOf,
  retrievalOf,
  ROPES,
  sectionOf,
  storeWith,
  TENTS,
} from "../../tests/support/answer_sections.ts";
import { createHash } from "node:crypto";
import type { Retrieval } from "../retrieve/types.ts";
import type { Store } from "../store/mod.ts";
import { ExtractiveAnswerer } from "./extractive.ts";
import { withMarks } from "./marks.ts";
import type { AnswerCitation } from "./types.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

async function answered(
  question: string,
  options: {
    retrieval?: (store: Store) => Partial<Retrieval>;
    brief?: { text: string; of?: string };
    sections?: Parameters<typeof storeWith>[0];
  } = {},
): Promise<{ text: string; citations: AnswerCitation[]; notices: string[]; passages: number }> {
  const sections = options.sections ?? [TENTS, ROPES];
  const { store, close } = storeWith(sections);
  try {
    if (options.brief) {
      const { text, of } = options.brief;
      store.entries.replaceAll("test", [{
        kind: "brief",
        collection: "far",
        number: "97.201",
        text,
        textSha256: sha256(of ?? TENTS.text),
      }]);
    }
    const passages = sections.map(({ collection, number }) => passageOf(store, collection, number));
    const retrieval = { ...retrievalOf(question, passages), ...options.retrieval?.(store) };
    const citations: AnswerCitation[] = [];
    let text = "";
    let notices: string[] = [];
    let shown = 0;
    for await (
      const event of new ExtractiveAnswerer(store).answer(
        question,
        [],
        retrieval,
        new AbortController().signal,
      )
    ) {
      if (event.type === "text") text += event.delta;
      else if (event.type === "citation") citations.push(event.citation);
      else if (event.type === "passages") [notices, shown] = [event.notices, event.passages.length];
    }
    return { text, citations, notices, passages: shown };
  } finally {
    close();
  }
}

/** Everything between quotation marks stands in a section, letter by letter. */
function assertVerbatim(text: string, sections = [TENTS, ROPES]) {
  const quotes = [...text.matchAll(/“([^”]+)”/g)].map(([, words]) => words);
  assert.ok(quotes.length > 0, "nothing is quoted");
  for (const quote of quotes) assert.ok(sections.some((s) => s.text.includes(quote)), quote);
}

Deno.test("the sentence that answers is quoted exactly, cited to its paragraph, its section named first", async () => {
  const { text, citations } = await answered("How many days does a decision about tents take?");
  assert.match(text, /^Best match: \*\*FAR 97\.201\*\*, Approving purchases of tents\./);
  assertVerbatim(text);
  const days = citations.find(({ quote }) => quote.includes("12 working days"))!;
  assert.equal(days.paragraph, "(c)");
  assert.equal(days.kind, "regulation");
  for (const { quote, start, end, section, at } of citations) {
    assert.equal(quote, (section === "97.201" ? TENTS : ROPES).text.slice(start, end));
    assert.equal(text[at - 1], "”");
  }
});

Deno.test("the sentence with what was asked for is quoted before others", async () => {
  const { citations } = await answered("Who approves buying tents?");
  assert.ok(citations.some(({ quote }) => quote.startsWith("The tent officer shall approve")));
});

Deno.test("a list is quoted as its lead-in with its items under one citation", async () => {
  const { text, citations } = await answered("What must a request for approval contain?");
  assert.match(
    withMarks(text, citations),
    /- “A request for approval must contain the following:”\n- \(1\) “The number of tents;”\n- \(2\) “The price of each tent; and”\n- \(3\) “A drawing of the campsite\.” \[\d\]\n/,
  );
  const list = citations.find(({ quote }) => quote.includes("campsite"))!;
  assert.equal(list.paragraph, "(b)");
  assert.equal(list.anchor, "b");
});

Deno.test("a brief of the loaded text comes first, labelled and cited as FARchat's", async () => {
  const brief = "Names who approves tents and how fast.";
  const { text, citations } = await answered("Who approves buying tents?", {
    brief: { text: brief },
  });
  assert.match(
    text,
    /In brief \(FARchat’s summary, not the regulation\): Names who approves tents and how fast\./,
  );
  const cited = citations.find(({ kind }) => kind === "brief")!;
  assert.equal(cited.quote, brief);
  assert.deepEqual([cited.start, cited.end, cited.section], [0, brief.length, "97.201"]);
  assert.doesNotMatch(text, /“Names who/);
});

Deno.test("a brief written from another text of the section is not shown", async () => {
  const { text } = await answered("Who approves buying tents?", {
    brief: { text: "Old summary.", of: "another text" },
  });
  assert.doesNotMatch(text, /Old summary|In brief/);
});

Deno.test("without the official text the brief answers, labelled, with the official page in words", async () => {
  const { text, citations } = await answered("Who approves buying tents?", {
    retrieval: (store) => {
      const brief = {
        ...passageOf(store, "far", "97.201"),
        kind: "brief" as const,
        sectionId: 0,
        text: "The tent officer approves.",
        start: 0,
        end: 26,
        anchor: "",
      };
      return { passages: [brief] };
    },
  });
  assert.match(text, /not loaded here yet.*FARchat’s summary, not the regulation/s);
  assert.match(
    text,
    /\*\*FAR 97\.201\*\*, Approving purchases of tents: The tent officer approves\./,
  );
  assert.match(text, /Official text: https:\/\/www\.ecfr\.gov\/current\/title-48\/section-97\.201/);
  assert.deepEqual(citations.map(({ kind, quote }) => [kind, quote]), [[
    "brief",
    "The tent officer approves.",
  ]]);
  assert.doesNotMatch(text, /“/, "nothing of ours stands in quotation marks");
});

Deno.test("an abstention says why, names the nearest sections and cites nothing", async () => {
  const { text, citations, passages } = await answered("What is the best pizza?", {
    retrieval: () => ({ abstain: { reason: "The FAR and DFARS do not cover this." } }),
  });
  assert.match(
    text,
    /^The FAR and DFARS do not cover this\.\n\nThe nearest sections.*\n- \*\*FAR 97\.201\*\*/,
  );
  assert.deepEqual(citations, []);
  assert.equal(passages, 0);
});

const cited = (number: string, paragraph: string, found = true) => () => ({
  citations: [{
    citation: {
      regulation: "far" as const,
      kind: "section" as const,
      number,
      paragraph,
      start: 0,
      end: 8,
    },
    found,
    nearest: found ? [] : [{ collection: "far" as const, number: "97.305", title: "Ropes" }],
  }],
});

Deno.test("a paragraph that was asked for comes first, with what is under it, and nothing else when that was all", async () => {
  const { text, citations } = await answered("FAR 97.201(b)", {
    retrieval: cited("97.201", "(b)"),
  });
  assert.match(
    text,
    /^\*\*FAR 97\.201\(b\)\*\*, Approving purchases of tents, says:\n- “\(b\) A request/,
  );
  assert.deepEqual(citations.map(({ paragraph }) => paragraph), ["(b)"]);
  assert.equal(citations[0].quote, TENTS.text.split("\n").slice(1, 5).join("\n"));
  assertVerbatim(text);
});

Deno.test("a question about a named paragraph gets the paragraph and then what else answers", async () => {
  const { text, citations } = await answered(
    "Under FAR 97.201(d), who keeps a list of ropes and for how many years?",
    { retrieval: cited("97.201", "(d)") },
  );
  assert.equal(citations[0].paragraph, "(d)");
  assert.ok(text.indexOf("after a flood") < text.indexOf("The rope clerk keeps"));
});

Deno.test("a paragraph that the section has not is said to be missing", async () => {
  const { text } = await answered("FAR 97.201(z)", { retrieval: cited("97.201", "(z)") });
  assert.match(
    text,
    /FAR 97\.201 has no paragraph \(z\)\. \*\*FAR 97\.201\*\*, Approving purchases of tents, begins:/,
  );
});

Deno.test("a section that does not exist is said to be missing, with the nearest", async () => {
  const { text, citations } = await answered("What does FAR 99.999 say about circus elephants?", {
    retrieval: () => ({
      ...cited("99.999", "", false)(),
      abstain: { reason: "Nothing else answers." },
    }),
  });
  assert.match(
    text,
    /^I found no FAR 99\.999 in what is loaded here\. The nearest are:\n- \*\*FAR 97\.305\*\*, Ropes\n\nNothing else/,
  );
  assert.deepEqual(citations, []);
});

Deno.test("when nothing but a section that does not exist was asked, its nearest are the whole answer", async () => {
  const { text, citations } = await answered("FAR 99.999", {
    retrieval: cited("99.999", "", false),
  });
  assert.equal(
    text.trim(),
    "I found no FAR 99.999 in what is loaded here. The nearest are:\n- **FAR 97.305**, Ropes",
  );
  assert.deepEqual(citations, []);
});

Deno.test("without the model the reader is told that only words were searched", async () => {
  const { notices } = await answered("Who approves buying tents?", {
    retrieval: () => ({ usedVectors: false }),
  });
  assert.match(notices[0], /only words/);
});

Deno.test("the same words in two sections are quoted once", async () => {
  const twin = sectionOf("97.202", "Approving purchases of tents abroad", [[
    "(a)",
    TENTS.text.split("\n")[0],
  ]]);
  const { text } = await answered("Who approves buying tents?", { sections: [TENTS, twin] });
  assert.equal(text.split("above $40,000 in writing").length - 1, 1);
});
