import assert from "node:assert/strict";
import { packOutline, unpackOutline } from "./outline_file.ts";
import type { OutlineEntry } from "../store/types.ts";

const part = { type: "part" as const, number: "9", title: "Contractor Qualifications" };
const subpart = { type: "subpart" as const, number: "9.4", title: "Debarment" };
const entries: OutlineEntry[] = [
  { collection: "far", number: "9.000", title: "Scope", reserved: false, path: [part] },
  {
    collection: "far",
    number: "9.401",
    title: "Applicability",
    reserved: false,
    path: [part, subpart],
  },
  { collection: "far", number: "9.403", title: "Reserved", reserved: true, path: [part, subpart] },
  {
    collection: "dfars",
    number: "209.402",
    title: "Policy",
    reserved: false,
    path: [
      { type: "subchapter", number: "B", title: "Planning" },
      { type: "part", number: "209", title: "Qualifications" },
    ],
  },
];

Deno.test("an outline that was packed unpacks to the same entries", () => {
  assert.deepEqual(unpackOutline(packOutline(entries)), entries);
});

Deno.test("a section number that occurs twice becomes one entry", () => {
  const twice = [...entries, { ...entries[1], title: "Applicability again" }];
  assert.deepEqual(unpackOutline(packOutline(twice)), entries);
});
