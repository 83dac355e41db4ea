import { z } from "zod";
import { checked, queryOf } from "../../../lib/web/input.ts";
import { searchJson } from "../../../lib/web/search_json.ts";
import { define } from "../../../utils.ts";

const Query = z.object({
  q: z.string("expected what to search for, ?q=").trim().min(1).max(1000),
  k: z.coerce.number("expected a number").int().min(1).max(50).default(10),
  collection: z.enum(["far", "dfars", "uploads"]).optional(),
});

/** GET /api/v1/search?q=&k=10&collection=far: `SearchJson`, at most k (1 to 50) sections, best first. */
export const handler = define.handlers({
  GET: async (ctx) => {
    const { q, k, collection } = checked(Query, queryOf(ctx.url));
    return Response.json(
      await searchJson(ctx.state.farchat, q, k, collection && [collection]),
    );
  },
});
