import assert from "node:assert/strict";
import type { Context } from "fresh";
import { z } from "zod";
import { Problem } from "../problem.ts";
import type { State } from "../web/state.ts";
import { answering } from "./answering.ts";

const schema = z.object({ sum: z.number() });

const ADD = {
  method: "post" as const,
  path: "/add/{a}",
  request: {
    params: z.object({ a: z.string().regex(/^\d+$/).transform(Number) }),
    query: z.object({ b: z.coerce.number("expected a number").default(1) }),
    headers: z.object({ "X-C": z.string().default("0") }),
    body: { content: { "application/json": { schema: z.strictObject({ d: z.number() }) } } },
  },
  responses: { 200: { description: "", content: { "application/json": { schema } } } },
};

const add = answering(ADD, ({ params, query, headers, body }) => ({
  sum: params.a + query.b + Number(headers["X-C"]) + body.d,
}));

function context(address: string, a: string, init: RequestInit = {}): Context<State> {
  const req = new Request(`http://farchat.test/add/${a}${address}`, {
    method: "POST",
    body: '{"d":1000}',
    ...init,
    headers: { "Content-Type": "application/json", ...init.headers },
  });
  return { req, url: new URL(req.url), params: { a } } as unknown as Context<State>;
}

Deno.test("a handler gets what its operation describes, checked and with defaults", async () => {
  const response = await add(context("?b=20&unknown=1", "3", { headers: { "x-c": "100" } }));
  assert.deepEqual(await response.json(), { sum: 1123 });
  assert.equal(response.headers.get("Cache-Control"), null);
  assert.deepEqual(await (await add(context("", "3"))).json(), { sum: 1004 });
});

Deno.test("an address that is not described is a 404, anything else that is wrong a 400 that names it", async () => {
  const table: [Context<State>, number, RegExp][] = [
    [context("", "three"), 404, /nothing at this address/],
    [context("?b=x", "3"), 400, /b: expected a number/],
    [context("", "3", { body: '{"d":"x"}' }), 400, /d: /],
    [context("", "3", { body: '{"d":1,"e":2}' }), 400, /"e"/],
    [context("", "3", { body: "" }), 400, /d: /],
    [context("", "3", { headers: { "Content-Type": "text/plain" } }), 415, /text\/plain/],
  ];
  for (const [ctx, status, message] of table) {
    await assert.rejects(add(ctx), (error) => {
      assert.ok(error instanceof Problem);
      assert.equal(error.status, status);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("what belongs to one browser is kept by nobody on the way; a Response goes out as it is", async () => {
  const own = answering({ ...ADD, request: {}, security: [{ browser: [] }] }, () => ({ sum: 1 }));
  assert.equal((await own(context("", "x"))).headers.get("Cache-Control"), "no-store");
  const given = new Response("x", { status: 202 });
  assert.equal(await answering(ADD, () => given)(context("", "1")), given);
});
