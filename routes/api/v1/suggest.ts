import { z } from "zod";
import { checked, queryOf } from "../../../lib/web/input.ts";
import { define } from "../../../utils.ts";

const Query = z.object({ q: z.string().max(200).default("") });
const LIMIT = 8;

/**
 * GET /api/v1/suggest?q=: questions of the bank that fit what was typed so far,
 * `{suggestions: {question, collection, section}[]}`, at most 8.
 */
export const handler = define.handlers({
  GET: async (ctx) => {
    const { q } = checked(Query, queryOf(ctx.url));
    const suggestions = q.trim() === "" ? [] : await ctx.state.farchat.retriever.suggest(q, LIMIT);
    return Response.json({ suggestions });
  },
});
