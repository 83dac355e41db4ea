import assert from "node:assert/strict";
import { chunked, newDocument, newSection, outlineEntry, withStore } from "./test_store.ts";
import type { SectionSummary } from "./types.ts";

const NUMBERS = ["2.000", "2.101", "15.000", "15.403", "15.403-1", "15.1001"];

const listed = (sections: readonly SectionSummary[]) =>
  sections.map(({ number, id }) => id === 0 ? number : `${number}*`);

Deno.test("the outline answers where no text is loaded", async () => {
  await withStore((store) => {
    const subchapter = { type: "subchapter" as const, number: "A", title: "General" };
    const entries = NUMBERS.map((number) => outlineEntry(number));
    entries.forEach((entry) => entry.path = [subchapter, ...entry.path]);
    store.outline.replaceAll("2026-11", entries);
    assert.equal(store.outline.version(), "2026-11");
    assert.deepEqual(store.outline.get("far", "15.403"), entries[3]);
    assert.equal(store.outline.get("dfars", "15.403"), undefined);
    assert.equal(store.outline.get("far", "15.4"), undefined);
    assert.deepEqual(store.outline.parts("far"), [
      {
        collection: "far",
        number: "2",
        title: "Part 2 title",
        subchapter: { number: "A", title: "General" },
        sections: 2,
      },
      {
        collection: "far",
        number: "15",
        title: "Part 15 title",
        subchapter: { number: "A", title: "General" },
        sections: 4,
      },
    ]);
    assert.deepEqual(store.outline.parts("dfars"), []);
    assert.deepEqual(listed(store.outline.sections("far")), NUMBERS);
  });
});

Deno.test("a part lists its subparts in order, the sections outside of them first", async () => {
  await withStore((store) => {
    store.outline.replaceAll("1", NUMBERS.toReversed().map((number) => outlineEntry(number)));
    const { part, subparts } = store.outline.part("far", "15")!;
    assert.equal(part.sections, 4);
    assert.deepEqual(
      subparts.map(({ number, title, sections }) => [number, title, listed(sections)]),
      [
        ["", "", ["15.000"]],
        ["15.4", "Subpart 15.4 title", ["15.403", "15.403-1"]],
        ["15.10", "Subpart 15.10 title", ["15.1001"]],
      ],
    );
    assert.equal(store.outline.part("far", "16"), undefined);
    const subpart = store.outline.subpart("far", "15.4")!;
    assert.equal(subpart.part.number, "15");
    assert.deepEqual(listed(subpart.subpart.sections), ["15.403", "15.403-1"]);
    for (const number of ["15.5", "", "15", "nonsense"]) {
      assert.equal(store.outline.subpart("far", number), undefined, number);
    }
  });
});

Deno.test("loaded sections take the outline's place, and it fills in those that are not loaded", async () => {
  await withStore((store) => {
    store.outline.replaceAll("1", NUMBERS.map((number) => outlineEntry(number)));
    const { id } = store.documents.replace(newDocument(), [
      chunked(newSection("15.403", ["x"], { title: "New title" })),
      chunked(newSection("15.403", ["y"], { order: 1 })),
      chunked(newSection("15.405", ["z"], { order: 2 })),
    ]);
    const part = () => store.outline.part("far", "15")!.subparts[1].sections;
    assert.deepEqual(listed(part()), ["15.403*", "15.403*", "15.403-1", "15.405*"]);
    assert.equal(store.outline.get("far", "15.403")!.title, "New title");
    assert.equal(store.outline.find("far", "15.403-1")!.id, 0);
    store.documents.remove(id);
    assert.deepEqual(listed(part()), ["15.403", "15.403-1"]);
  });
});

Deno.test("neighbours follow the order of the regulation", async () => {
  await withStore((store) => {
    store.outline.replaceAll("1", NUMBERS.map((number) => outlineEntry(number)));
    const beside = (number: string) => {
      const { previous, next } = store.outline.neighbours("far", number);
      return [previous?.number, next?.number];
    };
    assert.deepEqual(beside("2.000"), [undefined, "2.101"]);
    assert.deepEqual(beside("15.403-1"), ["15.403", "15.1001"]);
    assert.deepEqual(beside("15.1001"), ["15.403-1", undefined]);
    assert.deepEqual(beside("15.999"), [undefined, undefined]);
  });
});

Deno.test("nearest sections to a mistyped number come from both regulations or from one", async () => {
  await withStore((store) => {
    store.outline.replaceAll("1", [
      ...NUMBERS.map((number) => outlineEntry(number)),
      outlineEntry("215.403", "dfars"),
    ]);
    assert.equal(store.outline.nearest("15.430", 1)[0].number, "15.403");
    const numbers = store.outline.nearest("15.430", 10).map(({ number }) => number);
    assert.deepEqual(numbers.toSorted(), [...NUMBERS, "215.403"].toSorted());
    const [near] = store.outline.nearest("15.403", 1, "dfars");
    assert.deepEqual([near.collection, near.number], ["dfars", "215.403"]);
    assert.equal(store.outline.nearest("no number", 2).length, 2);
  });
});

Deno.test("a failing replacement leaves the outline as it was", async () => {
  await withStore((store) => {
    store.outline.replaceAll("1", [outlineEntry("2.101")]);
    function* failing() {
      yield outlineEntry("3.101");
      throw new Error("cut off");
    }
    assert.throws(() => store.outline.replaceAll("2", failing()), /cut off/);
    assert.equal(store.outline.version(), "1");
    assert.deepEqual(listed(store.outline.sections("far")), ["2.101"]);
  });
});
