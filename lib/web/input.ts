/** What a request says, checked: a `Problem` names every field that is not right. */
import type { z } from "zod";
import { Problem } from "../problem.ts";

/** The value as the schema has it. Throws a `Problem` (400) that says what was expected and found. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join(".")}: ${message}` : message
  );
  throw new Problem(`The request is not right. ${mistakes.join("; ")}.`, {
    next: "Correct it and send it again.",
  });
}

/** The JSON of a request body; an empty body counts as {}. Throws a `Problem`: 415 or 400. */
export async function readJson(req: Request): Promise<unknown> {
  const text = await req.text();
  if (text.trim() === "") return {};
  const type = req.headers.get("Content-Type") ?? "";
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type)) {
    throw new Problem(`Expected a body of type application/json, found ${type || "no type"}.`, {
      next: "Send JSON and say so in Content-Type.",
      status: 415,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem("Expected a JSON document, found something that does not parse as one.", {
      next: "Check the quotes and brackets of the body.",
      cause,
    });
  }
}

/** The parameters of an address, each once; of one given several times the first. */
export function queryOf(url: URL): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) query[name] ??= value;
  return query;
}

/** The 400 for a cursor that the page before did not give. */
export function noSuchPage(): Problem {
  return new Problem("Expected a cursor as the page before has it in next, found something else.", {
    next: "Leave the cursor out to begin at the first page.",
  });
}
