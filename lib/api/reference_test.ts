import assert from "node:assert/strict";
import { apiDocument } from "./document.ts";
import { OPERATIONS } from "./operations.ts";
import { type Field, reference, type TypeWords, typeWords } from "./reference.ts";

const { groups, schemas, events, problems } = reference(await apiDocument());

const textOf = (words: TypeWords) => words.map(({ text }) => text).join("");

Deno.test("every operation is in one group, with its parameters, body and answers", () => {
  const operations = groups.flatMap(({ operations }) => operations);
  assert.deepEqual(operations.map(({ id }) => id), Object.keys(OPERATIONS));
  const ask = operations.find(({ id }) => id === "ask")!;
  assert.equal(`${ask.method} ${ask.path}`, "POST /api/v1/chat");
  const [question, , collections] = ask.body!.fields;
  assert.deepEqual([question.name, question.required], ["question", true]);
  assert.equal(textOf(collections.type), "array of Collection");
  assert.deepEqual(
    ask.responses.find(({ status }) => status === "200")!.contents.map(({ media }) => media),
    ["text/event-stream", "application/json"],
  );
  const search = operations.find(({ id }) => id === "search")!;
  assert.deepEqual(
    search.parameters.map(({ name, in: place, type }) => [name, place, textOf(type)]),
    [
      ["q", "query", "string, 1 to 1000 characters"],
      ["k", "query", "integer, 1 to 50, 10 when absent"],
      ["collection", "query", "Collection"],
    ],
  );
});

Deno.test("every schema that is named is shown, and so are the fields inside its fields", () => {
  const names = schemas.map(({ name }) => name);
  const used: TypeWords = [
    ...schemas.flatMap(({ type, fields }) => [...type, ...fields.flatMap(({ type }) => type)]),
    ...events.map(({ schema }) => ({ text: schema, schema })),
  ];
  for (const { schema } of used) if (schema) assert.ok(names.includes(schema), schema);
  const section = schemas.find(({ name }) => name === "Section")!;
  const fields = section.fields.map((field: Field) => field.name);
  for (const name of ["official.ecfr", "texts[].paragraphs", "brief.stale"]) {
    assert.ok(fields.includes(name), name);
  }
});

Deno.test("events come in the order of a stream, problems with where they are described", () => {
  assert.equal(
    events.map(({ name }) => name).join(),
    "queue,passages,text,citation,notice,usage,done,error",
  );
  for (const { id, type } of problems) assert.equal(type, `/api/v1/docs#${id}`);
});

Deno.test("types are told in words", () => {
  const table: [Parameters<typeof typeWords>[0], string][] = [
    [{ type: "string" }, "string"],
    [{ type: ["string", "null"] }, "string or null"],
    [{ enum: ["a", "b"] }, '"a" or "b"'],
    [{ type: "integer", minimum: 0 }, "integer, at least 0"],
    [{ type: "string", maxLength: 9, default: "" }, 'string, at most 9 characters, "" when absent'],
    [{ oneOf: [{ $ref: "#/components/schemas/A" }, { type: "number" }] }, "A or number"],
    [{}, "any"],
  ];
  for (const [schema, words] of table) assert.equal(textOf(typeWords(schema)), words);
});
