import assert from "node:assert/strict";
import fc from "fast-check";
import { createEmbedder } from "./embedder.ts";

function similarity(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

const SENTENCES = [
  "The contracting officer shall obtain certified cost or pricing data before awarding a negotiated contract.",
  "A small business",
  "Contractors must report cyber incidents within 72 hours of discovery through the portal that the Department names, and keep images of the affected systems for at least 90 days so that they can be examined.",
  "Unallowable costs include entertainment, alcoholic beverages and fines.",
  "",
  "Sole source justification",
  "micro-purchase threshold — “simplified” § 13.2 ≥ $10,000",
];

Deno.test("the real model", async (t) => {
  const embedder = createEmbedder();
  try {
    await t.step("is loading before it is used and ready afterwards", async () => {
      assert.equal(embedder.state, "loading");
      await embedder.warmUp();
      assert.equal(embedder.state, "ready");
      assert.equal(embedder.problem, undefined);
    });

    await t.step("gives vectors of 384 numbers and length 1", async () => {
      for (const vector of await embedder.embed(SENTENCES)) {
        assert.equal(vector.length, embedder.dimensions);
        assert.ok(Math.abs(similarity(vector, vector) - 1) < 1e-4);
      }
    });

    await t.step("puts texts of like meaning nearer than others", async () => {
      const [question, answer, other] = await embedder.embed([
        "How soon do I have to report a cyber incident?",
        SENTENCES[2],
        SENTENCES[3],
      ]);
      assert.ok(similarity(question, answer) > similarity(question, other) + 0.3);
    });

    await t.step(
      "gives a text the same vector alone and in a batch, in the order given",
      async () => {
        const many = [...SENTENCES, ...SENTENCES.toReversed()];
        const together = await embedder.embed(many);
        for (const [i, text] of many.entries()) {
          const [alone] = await embedder.embed([text]);
          assert.ok(largestDifference(alone, together[i]) < 1e-3, text);
        }
      },
    );

    await t.step("embeds nothing as nothing", async () => {
      assert.deepEqual(await embedder.embed([]), []);
      assert.deepEqual(await embedder.countTokens([]), []);
    });

    await t.step("cuts a text at 256 tokens rather than fail", async () => {
      const head = "word ".repeat(300);
      const [a, b] = await embedder.embed([head, head + "entirely different ending ".repeat(500)]);
      assert.ok(largestDifference(a, b) < 1e-3);
    });

    await t.step("counts tokens with the two special ones", async () => {
      assert.deepEqual(
        await embedder.countTokens(["", "contract", "the contract", "unallowability"]),
        [
          2,
          3,
          4,
          6,
        ],
      );
    });

    await t.step("counts of pieces parted by white space add up", async () => {
      const word = fc.oneof(
        fc.constantFrom(
          "15.404-1(b)(2)(i)",
          "$2,000,000",
          "e.g.,",
          "“quoted”",
          "Part 15—Contracting",
        ),
        fc.string({ maxLength: 12 }),
        fc.string({ unit: "binary", maxLength: 6 }),
      ).filter((one) => !/\[(CLS|SEP|PAD|UNK|MASK)\]/.test(one));
      await fc.assert(
        fc.asyncProperty(word, word, async (a, b) => {
          const [left, right, both] = await embedder.countTokens([a, b, `${a}\n${b}`]);
          assert.equal(both, left + right - 2);
        }),
        { numRuns: 200 },
      );
    });

    await t.step("lets a question overtake a long job", async () => {
      const finished: string[] = [];
      const long = embedder.embed(Array.from({ length: 60 }, (_, i) => `${SENTENCES[2]} ${i}`))
        .then(() => finished.push("long"));
      await embedder.embed(["Who signs?"]).then(() => finished.push("question"));
      await long;
      assert.deepEqual(finished, ["question", "long"]);
    });

    await t.step("stops when asked, and goes on with the rest", async () => {
      const controller = new AbortController();
      const stopped = embedder.embed(Array(200).fill(SENTENCES[2]), controller.signal);
      const other = embedder.embed(Array(10).fill(SENTENCES[1]));
      controller.abort(new Error("no longer wanted"));
      await assert.rejects(stopped, /no longer wanted/);
      assert.equal((await other).length, 10);
      await assert.rejects(embedder.embed(["x"], controller.signal), /no longer wanted/);
    });

    await t.step("leaves the event loop free while it works", async () => {
      // So long that each takes a run of its own: a thread that ran them would turn once for each.
      const texts = Array.from({ length: 20 }, (_, i) => `${i} ${SENTENCES[2].repeat(6)}`);
      const work = embedder.embed(texts);
      let done = false;
      work.finally(() => done = true);
      let turns = 0;
      for (; !done; turns++) await new Promise((resolve) => setTimeout(resolve, 1));
      assert.ok(turns > 3 * texts.length, `${turns} turns`);
    });
  } finally {
    await embedder.close();
  }
  await assert.rejects(embedder.embed(["x"]), { name: "EmbedderUnavailable" });
});

Deno.test("a models folder without a model makes the embedder unavailable, in words without a path", async () => {
  const dir = await Deno.makeTempDir();
  const embedder = createEmbedder({ modelsDir: dir });
  try {
    await embedder.warmUp();
    assert.equal(embedder.state, "unavailable");
    assert.match(embedder.problem ?? "", /missing or empty: config\.json.*FARCHAT_MODELS_DIR/s);
    assert.ok(!embedder.problem?.includes(dir));
    await assert.rejects(embedder.embed(["x"]), { name: "EmbedderUnavailable", status: 503 });
    await assert.rejects(embedder.countTokens(["x"]), { name: "EmbedderUnavailable" });
  } finally {
    await embedder.close();
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("damaged weights make the embedder unavailable", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.mkdir(`${dir}/onnx`);
  for (const file of ["config.json", "tokenizer.json", "tokenizer_config.json"]) {
    await Deno.writeTextFile(`${dir}/${file}`, "{}");
  }
  await Deno.writeTextFile(`${dir}/onnx/model_q4.onnx`, "not a graph");
  await Deno.writeFile(`${dir}/onnx/model_q4.onnx_data`, new Uint8Array(1_000_001));
  const notices: string[] = [];
  const embedder = createEmbedder({ modelsDir: dir, onNotice: (message) => notices.push(message) });
  try {
    await assert.rejects(embedder.embed(["x"]), { name: "EmbedderUnavailable" });
    assert.equal(embedder.state, "unavailable");
    assert.equal(notices.length, 1);
  } finally {
    await embedder.close();
    await Deno.remove(dir, { recursive: true });
  }
});

const crashing = new URL("./testdata/crashing_worker.ts", import.meta.url);

Deno.test("a worker that dies is started again, and nobody's work is lost", async () => {
  const dir = await Deno.makeTempDir();
  const notices: string[] = [];
  const embedder = createEmbedder({
    workerUrl: crashing,
    onNotice: (message) => notices.push(message),
  });
  try {
    const vectors = await Promise.all([
      embedder.embed(["before"]),
      embedder.embed(Array.from({ length: 9 }, (_, i) => i === 4 ? `crash once ${dir}/mark` : "x")),
      embedder.embed(["after"]),
    ]);
    assert.deepEqual(vectors.map((list) => list.length), [1, 9, 1]);
    assert.equal(embedder.state, "ready");
    assert.equal(notices.length, 1);
  } finally {
    await embedder.close();
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("work that kills the worker twice makes the embedder unavailable", async () => {
  const embedder = createEmbedder({ workerUrl: crashing });
  try {
    await assert.rejects(embedder.embed(["crash always"]), { name: "EmbedderUnavailable" });
    assert.equal(embedder.state, "unavailable");
  } finally {
    await embedder.close();
  }
});

Deno.test("closing in the middle of loading and of work rejects what waits", async () => {
  const embedder = createEmbedder();
  const rejected = assert.rejects(embedder.embed(["x"]), { name: "EmbedderUnavailable" });
  await embedder.close();
  await rejected;
  await embedder.close();
});
