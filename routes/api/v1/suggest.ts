import { answering } from "../../../lib/api/answering.ts";
import { OPERATIONS } from "../../../lib/api/operations.ts";
import { define } from "../../../utils.ts";

const LIMIT = 8;

export const handler = define.handlers({
  GET: answering(OPERATIONS.suggest, async ({ query: { q } }, ctx) => ({
    suggestions: q.trim() === "" ? [] : await ctx.state.farchat.retriever.suggest(q, LIMIT),
  })),
});
