/** A described operation as the handler of a route. */
import type { RouteConfig } from "@hono/zod-openapi";
import type { Context } from "fresh";
import type { z } from "zod";
import { Problem } from "../problem.ts";
import { checked, queryOf, readJson } from "../web/input.ts";
import type { State } from "../web/state.ts";

/** What a schema at this place of an operation makes of a request. */
type Checked<Schema> = Schema extends z.ZodType ? z.output<Schema> : Record<string, never>;

type At<T, Key extends string> = T extends Record<Key, infer Value> ? Value : undefined;

/** A request's parts as the operation's schemas have them. */
export interface Input<O extends RouteConfig> {
  params: Checked<At<At<O, "request">, "params">>;
  query: Checked<At<At<O, "request">, "query">>;
  headers: Checked<At<At<O, "request">, "headers">>;
  body: Checked<At<At<JsonOf<At<At<O, "request">, "body">>, "application/json">, "schema">>;
}

type JsonOf<T> = At<T, "content">;

/** The JSON document that the operation answers with. */
export type Answer<O extends RouteConfig> = O["responses"] extends
  { 200: { content: { "application/json": { schema: infer S extends z.ZodType } } } } ? z.output<S>
  : never;

/**
 * Checks a request by the operation's schemas, hands the parts to `answer`, and sends what it returns: the document
 * as the operation describes it, or a Response where it is none (a stream, no content). Throws a `Problem`: 404 for
 * an address that the description does not have, 400 or 415 for the rest. What belongs to one browser is not to be
 * kept by anybody on the way.
 */
export function answering<O extends RouteConfig>(
  operation: O,
  answer: (
    input: Input<O>,
    ctx: Context<State>,
  ) => Answer<O> | Response | Promise<Answer<O> | Response>,
): (ctx: Context<State>) => Promise<Response> {
  const { params, query, headers, body } = operation.request ?? {};
  const json = body?.content["application/json"] as { schema: z.ZodType } | undefined;
  return async (ctx) => {
    const input = {
      params: params ? checkedAddress(params, ctx.params) : {},
      query: query ? checked(query, queryOf(ctx.url)) : {},
      headers: headers ? checked(headers as z.ZodObject, headersOf(headers, ctx.req)) : {},
      body: json ? checked(json.schema, await readJson(ctx.req)) : {},
    };
    const answered = await answer(input as Input<O>, ctx);
    if (answered instanceof Response) return answered;
    return Response.json(answered, operation.security && { headers: NOT_KEPT });
  };
}

const NOT_KEPT = { "Cache-Control": "no-store" };

function checkedAddress(schema: z.ZodType, params: Record<string, string>): unknown {
  const result = schema.safeParse(params);
  if (result.success) return result.data;
  throw new Problem("There is nothing at this address.", {
    next: "Compare it with the description of the API at /api/v1/docs.",
    status: 404,
    cause: result.error,
  });
}

/** The headers that the schema names. */
function headersOf(schema: unknown, req: Request): Record<string, string | undefined> {
  const names = Object.keys((schema as z.ZodObject).shape);
  return Object.fromEntries(names.map((name) => [name, req.headers.get(name) ?? undefined]));
}
