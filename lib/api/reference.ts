/** The API's document as its page shows it: operations by group, schemas as lists of fields. */
import type { ApiDocument } from "./document.ts";
import { PROBLEM_KINDS } from "./problem_kinds.ts";

/** A type as words, with the names of schemas apart so that they can be links. */
export type TypeWords = { text: string; schema?: string }[];

export interface Field {
  /** "path.title" for a field inside a field, "texts[].text" inside a list. */
  name: string;
  type: TypeWords;
  required: boolean;
  description?: string;
}

export interface ReferenceOperation {
  id: string;
  method: string;
  path: string;
  summary: string;
  description?: string;
  /** "path", "query" or "header" of each. */
  parameters: (Field & { in: string })[];
  /** The schema of the body, and the fields it has. */
  body?: { schema: TypeWords; fields: Field[] };
  responses: {
    status: string;
    description: string;
    contents: { media: string; type: TypeWords }[];
  }[];
}

export interface Reference {
  title: string;
  version: string;
  /** Paragraphs. */
  about: string[];
  groups: { name: string; description: string; operations: ReferenceOperation[] }[];
  /** Names of events with their schema, in the order in which they come. */
  events: { name: string; schema: string; description: string }[];
  problems: { id: string; type: string; status: number; says: string }[];
  schemas: { name: string; description?: string; type: TypeWords; fields: Field[] }[];
}

/** JSON Schema as the document has it. */
interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  oneOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  description?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
}

type Media = Record<string, { schema: JsonSchema; "x-events"?: Record<string, JsonSchema> }>;

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; schema: JsonSchema }[];
  requestBody?: { content: Media };
  responses: Record<string, { description: string; content?: Media }>;
}

/** What the page of the document shows. */
export function reference(document: ApiDocument): Reference {
  const schemas = document.components!.schemas as Record<string, JsonSchema>;
  const paths = document.paths as Record<string, Record<string, Operation>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, ...operation }))
  );
  return {
    title: document.info.title,
    version: document.info.version,
    about: document.info.description!.split("\n\n"),
    groups: document.tags!.map(({ name, description = "" }) => ({
      name,
      description,
      operations: operations.filter(({ tags }) => tags.includes(name))
        .map((operation) => shownOperation(operation, schemas)),
    })),
    events: eventsOf(operations, schemas),
    problems: Object.entries(PROBLEM_KINDS)
      .map(([kind, { type, status, says }]) => ({ id: `problem-${kind}`, type, status, says })),
    schemas: Object.entries(schemas)
      .map(([name, schema]) => ({
        name,
        description: schema.description,
        type: typeWords(schema),
        fields: fieldsOf(schema),
      }))
      .sort((a, b) => a.name < b.name ? -1 : 1),
  };
}

function shownOperation(
  { operationId, method, path, summary, description, parameters = [], requestBody, responses }:
    & Operation
    & { method: string; path: string },
  schemas: Record<string, JsonSchema>,
): ReferenceOperation {
  const body = requestBody?.content["application/json"].schema;
  return {
    id: operationId,
    method: method.toUpperCase(),
    path,
    summary,
    description,
    parameters: parameters.map(({ name, in: place, required = false, schema }) => ({
      ...field(name, schema, required),
      in: place,
    })),
    body: body && { schema: typeWords(body), fields: fieldsOf(resolved(body, schemas)) },
    responses: Object.entries(responses).map(([status, { description, content = {} }]) => ({
      status,
      description,
      contents: Object.entries(content)
        .map(([media, { schema }]) => ({ media, type: typeWords(schema) })),
    })),
  };
}

function eventsOf(operations: Operation[], schemas: Record<string, JsonSchema>) {
  const stream = operations.flatMap(({ responses }) => Object.values(responses))
    .map(({ content }) => content?.["text/event-stream"]?.["x-events"]).find(Boolean) ?? {};
  return Object.entries(stream).map(([name, { $ref }]) => {
    const schema = nameOf($ref!);
    return { name, schema, description: schemas[schema].description ?? "" };
  });
}

/** Its fields, and below each those of the objects in it that have no name of their own. */
function fieldsOf(schema: JsonSchema, prefix = ""): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const inner = property.items ?? property;
    const path = prefix + name;
    return [
      field(path, property, schema.required?.includes(name) ?? false),
      ...fieldsOf(inner, property.items ? `${path}[].` : `${path}.`),
    ];
  });
}

function field(name: string, schema: JsonSchema, required: boolean): Field {
  return {
    name,
    type: typeWords(schema),
    required,
    // The rest of a long one, a list, has a place of its own on the page.
    description: schema.description?.split("\n\n")[0],
  };
}

/** "array of Citation", "integer, 1 to 50, 10 when absent", '"far" or "dfars"'. */
export function typeWords(schema: JsonSchema): TypeWords {
  if (schema.$ref) return [{ text: nameOf(schema.$ref), schema: nameOf(schema.$ref) }];
  if (schema.items) return [{ text: "array of " }, ...typeWords(schema.items)];
  if (schema.oneOf) {
    return schema.oneOf.flatMap((
      one,
      i,
    ) => [...i > 0 ? [{ text: " or " }] : [], ...typeWords(one)]);
  }
  const kind = schema.enum
    ? schema.enum.map((value) => JSON.stringify(value)).join(" or ")
    : [schema.type ?? "any"].flat().join(" or ");
  const words = [
    kind,
    range(schema.minimum, schema.maximum, ""),
    range(schema.minLength, schema.maxLength, " characters"),
    schema.default === undefined ? "" : `${JSON.stringify(schema.default)} when absent`,
  ];
  return [{ text: words.filter((word) => word !== "").join(", ") }];
}

function range(from: number | undefined, to: number | undefined, unit: string): string {
  if (to === undefined) return from === undefined ? "" : `at least ${from}${unit}`;
  return from === undefined ? `at most ${to}${unit}` : `${from} to ${to}${unit}`;
}

function resolved(schema: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema {
  return schema.$ref ? schemas[nameOf(schema.$ref)] : schema;
}

function nameOf(ref: string): string {
  return ref.split("/").at(-1)!;
}
