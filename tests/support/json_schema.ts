/** As much of JSON Schema as the API's document uses. A keyword that it does not know fails the test. */

export type JsonSchema = { [keyword: string]: unknown };

/** Keywords that say nothing of a value. */
const NOTES = ["description", "default", "example", "discriminator", "title"];

/**
 * What is wrong with the value, each mistake with its place; empty when nothing is. A property that the schema does
 * not have is a mistake, unless it says `additionalProperties`: what is sent has to be described.
 */
export function mistakes(
  value: unknown,
  schema: JsonSchema,
  schemas: Record<string, JsonSchema>,
  place = "$",
): string[] {
  const found: string[] = [];
  const wrong = (expected: string) =>
    void found.push(`${place}: expected ${expected}, found ${JSON.stringify(value)?.slice(0, 80)}`);
  const inside = (inner: unknown, innerSchema: unknown, innerPlace: string) =>
    void found.push(...mistakes(inner, innerSchema as JsonSchema, schemas, innerPlace));
  for (const [keyword, says] of Object.entries(schema)) {
    if (NOTES.includes(keyword)) continue;
    const limit = Number(says);
    switch (keyword) {
      case "$ref":
        inside(value, named(String(says), schemas), place);
        break;
      case "type":
        if (![says].flat().some((type) => isOf(value, String(type)))) wrong(`a ${says}`);
        break;
      case "enum":
        if (!(says as unknown[]).includes(value)) wrong(`one of ${JSON.stringify(says)}`);
        break;
      case "minimum":
        if (!(Number(value) >= limit)) wrong(`at least ${limit}`);
        break;
      case "maximum":
        if (!(Number(value) <= limit)) wrong(`at most ${limit}`);
        break;
      case "minLength":
        if (String(value).length < limit) wrong(`${limit} characters or more`);
        break;
      case "maxLength":
        if (String(value).length > limit) wrong(`${limit} characters or fewer`);
        break;
      case "maxItems":
        if (Array.isArray(value) && value.length > limit) wrong(`${limit} items or fewer`);
        break;
      case "pattern":
        if (!new RegExp(String(says)).test(String(value))) wrong(`what fits ${says}`);
        break;
      case "format":
        if (says !== "uri") throw new Error(`the format ${says} is not checked`);
        if (!URL.canParse(String(value))) wrong("an address");
        break;
      case "items":
        if (Array.isArray(value)) {
          value.forEach((item, i) => inside(item, says, `${place}[${i}]`));
        }
        break;
      case "oneOf": {
        const fits = (says as JsonSchema[])
          .filter((one) => mistakes(value, one, schemas, place).length === 0);
        if (fits.length !== 1) wrong(`what fits one of ${says}, it fits ${fits.length}`);
        break;
      }
      case "required":
        for (const name of says as string[]) {
          if (!isOf(value, "object") || !Object.hasOwn(value as object, name)) wrong(`a ${name}`);
        }
        break;
      case "properties":
        if (!isOf(value, "object")) break;
        for (const [name, inner] of Object.entries(value as object)) {
          const property = (says as Record<string, JsonSchema>)[name];
          if (property) inside(inner, property, `${place}.${name}`);
          else if (!schema.additionalProperties) wrong(`no ${name}`);
        }
        break;
      case "additionalProperties":
        break;
      default:
        throw new Error(`${place}: the keyword ${keyword} is not checked`);
    }
  }
  return found;
}

function named(ref: string, schemas: Record<string, JsonSchema>): JsonSchema {
  const name = ref.replace("#/components/schemas/", "");
  if (!schemas[name]) throw new Error(`the document has no ${ref}`);
  return schemas[name];
}

function isOf(value: unknown, type: string): boolean {
  switch (type) {
    case "integer":
      return Number.isSafeInteger(value);
    case "array":
      return Array.isArray(value);
    case "null":
      return value === null;
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    default:
      throw new Error(`the type ${type} is not checked`);
  }
}
