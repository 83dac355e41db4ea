import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { chunked, newDocument, newSection, outlineEntry, withStore } from "./test_store.ts";
import type { Section } from "./types.ts";

const FULL: Section = newSection("52.203-99", [
  "(a) Émile’s 𝛼-widgets.",
  "Widgets | Price",
  "Note.",
], {
  clause: {
    kind: "clause",
    date: "Nov 2023",
    prescribedAt: ["12.301(b)(3)"],
    alternates: [{ name: "Alternate I", anchor: "alt-i" }],
  },
});
FULL.paragraphs[0].spans = [{ start: 4, end: 9, style: "italic" }];
FULL.paragraphs[1] = {
  ...FULL.paragraphs[1],
  kind: "table",
  table: { headerRows: 1, rows: [["Widgets", "Price"], ["1", "$2"]] },
};
FULL.paragraphs[2] = { ...FULL.paragraphs[2], kind: "definition", term: "Note", level: 2 };

Deno.test("a section comes back as it was stored, with its document's date and a hash of its text", async () => {
  await withStore((store) => {
    const document = store.documents.replace(newDocument({ versionDate: "2026-11-02" }), [
      chunked(FULL),
    ]);
    const [stored] = store.sections.get("far", "52.203-99");
    const { id, document: of, textSha256, versionDate, ...section } = stored;
    assert.deepEqual(section, FULL);
    assert.equal(of, document.id);
    assert.equal(versionDate, "2026-11-02");
    assert.equal(textSha256, createHash("sha256").update(FULL.text).digest("hex"));
    assert.deepEqual(store.sections.byId(id), stored);
    assert.equal(store.sections.byId(id + 1), undefined);
    assert.deepEqual(store.sections.get("dfars", "52.203-99"), []);
  });
});

Deno.test("any text comes back with its UTF-16 offsets intact, a NUL as U+FFFD", async () => {
  const texts = fc.array(
    fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
      fc.constant("a\0'\"b"),
    ),
    { minLength: 1, maxLength: 4 },
  );
  const kept = (text: string) => text.replaceAll("\0", "\uFFFD");
  await withStore((store) => {
    let n = 0;
    fc.assert(
      fc.property(texts, (paragraphs) => {
        const section = newSection("15.100", paragraphs, { title: paragraphs[0] });
        const { id } = store.documents.replace(newDocument({ sha256: String(n++) }), [
          chunked(section),
        ]);
        const [stored] = store.sections.get("far", "15.100");
        const chunks = store.chunks.ofSection(stored.id);
        store.documents.remove(id);
        assert.equal(stored.text, kept(section.text));
        assert.equal(stored.title, kept(section.title));
        assert.equal(stored.textSha256, createHash("sha256").update(stored.text).digest("hex"));
        assert.deepEqual(stored.paragraphs, section.paragraphs);
        assert.deepEqual(chunks.map(({ text }) => text), paragraphs.map(kept));
      }),
      { numRuns: 60 },
    );
  });
});

Deno.test("sections that share a number are all kept, in order", async () => {
  await withStore((store) => {
    const twice = [0, 1].map((order) =>
      chunked(newSection("15.403", [`Text ${order}.`], { order, title: `Title ${order}` }))
    );
    store.documents.replace(newDocument(), twice);
    assert.deepEqual(
      store.sections.get("far", "15.403").map(({ title, text }) => [title, text]),
      [["Title 0", "Text 0."], ["Title 1", "Text 1."]],
    );
    assert.deepEqual(store.sections.numbers("far"), ["15.403"]);
  });
});

Deno.test("numbers are listed as the regulation orders them, whatever the order of the files", async () => {
  await withStore((store) => {
    const add = (sha256: string, numbers: string[]) =>
      store.documents.replace(
        newDocument({ sha256 }),
        numbers.map((number, order) => chunked(newSection(number, ["x"], { order }))),
      );
    add("1", ["15.1001", "15.201", "2.101"]);
    add("2", ["15.102-10", "15.102-2", "15.102"]);
    assert.deepEqual(store.sections.numbers("far"), [
      "2.101",
      "15.102",
      "15.102-2",
      "15.102-10",
      "15.201",
      "15.1001",
    ]);
    assert.equal(store.sections.has("far", "15.201"), true);
    assert.equal(store.sections.has("dfars", "15.201"), false);
    assert.equal(store.sections.has("far", "15.20"), false);
  });
});

Deno.test("summaries come in the order asked for, without those that are no more", async () => {
  await withStore((store) => {
    const document = store.documents.replace(
      newDocument(),
      ["15.101", "15.102"].map((number, order) => chunked(newSection(number, ["x"], { order }))),
    );
    const [first, second] = store.sections.ofDocument(document.id);
    assert.equal(first.number, "15.101");
    assert.deepEqual(store.sections.byIds([second.id, 999, first.id]), [second, first]);
    assert.equal("text" in first, false);
  });
});

Deno.test("neighbours pass over duplicates, cross documents, and use the outline where text is missing", async () => {
  await withStore((store) => {
    const add = (sha256: string, numbers: string[]) =>
      store.documents.replace(
        newDocument({ sha256 }),
        numbers.map((number, order) => chunked(newSection(number, ["x"], { order }))),
      );
    add("1", ["15.101", "15.102", "15.102"]);
    add("2", ["15.103"]);
    store.outline.replaceAll("1", ["15.101", "15.104"].map((number) => outlineEntry(number)));
    const beside = (number: string, which = 0) => {
      const { id } = store.sections.get("far", number)[which];
      const { previous, next } = store.sections.neighbours(id);
      return [previous?.number, next?.number, next?.id === 0];
    };
    assert.deepEqual(beside("15.101"), [undefined, "15.102", false]);
    assert.deepEqual(beside("15.102", 1), ["15.101", "15.103", false]);
    assert.deepEqual(beside("15.103"), ["15.102", "15.104", true]);
    assert.deepEqual(store.sections.neighbours(12345), {});
  });
});

Deno.test("an upload's neighbours are those of its own document", async () => {
  await withStore((store) => {
    const add = (sha256: string, numbers: string[]) =>
      store.documents.replace(
        newDocument({ collection: "uploads", sha256 }),
        numbers.map((number, order) =>
          chunked(newSection(number, ["x"], { order, collection: "uploads" }))
        ),
      );
    add("1", ["1", "2"]);
    const { id } = add("2", ["1", "2", "10"]);
    const [first, second, third] = store.sections.ofDocument(id);
    assert.deepEqual(store.sections.neighbours(first.id), { next: second });
    assert.deepEqual(store.sections.neighbours(second.id), { previous: first, next: third });
  });
});

Deno.test("a term is found in any case and number, the general definitions first", async () => {
  await withStore((store) => {
    const define = (number: string, term: string, order: number) => {
      const section = newSection(number, [`${term} means a thing.`], { order });
      Object.assign(section.paragraphs[0], { kind: "definition", term, anchor: `def-${order}` });
      return chunked(section);
    };
    store.documents.replace(newDocument(), [
      define("1.201", "Small business", 0),
      define("2.101", "Small business concern (SBC)", 1),
      define("2.101", "Small business", 2),
      define("19.001", "Contracting agencies", 3),
    ]);
    const found = (term: string) =>
      store.sections.definition(term).map(({ section, anchor }) => [section.number, anchor]);
    assert.deepEqual(found("SMALL BUSINESSES"), [["2.101", "def-2"], ["1.201", "def-0"]]);
    assert.deepEqual(found("small business concerns"), [["2.101", "def-1"]]);
    assert.deepEqual(found("contracting agency"), [["19.001", "def-3"]]);
    assert.deepEqual(found("large business"), []);
    assert.deepEqual(found("  "), []);
  });
});
