import { z } from "zod";
import { conversationJson, noConversation } from "../../../../lib/web/answer_json.ts";
import { checked, readJson } from "../../../../lib/web/input.ts";
import { define } from "../../../../utils.ts";

const Patch = z.strictObject({ title: z.string("expected text").trim().min(1).max(200) });

/**
 * /api/v1/conversations/:id, for the browser it belongs to; 404 for every other.
 *
 * GET: `ConversationJson`: `{id, title, created, updated, messages, turns: AnswerJson[]}`.
 * PATCH `{title}`: `{id, title}`. DELETE: 204; what is being written in it ends.
 */
export const handler = define.handlers({
  GET: (ctx) => {
    const { farchat, browser } = ctx.state;
    const found = farchat.store.conversations.get(ctx.params.id, browser);
    if (!found) throw noConversation();
    return Response.json(conversationJson(found), { headers: { "Cache-Control": "no-store" } });
  },
  PATCH: async (ctx) => {
    const { title } = checked(Patch, await readJson(ctx.req));
    const { farchat, browser } = ctx.state;
    const { conversations } = farchat.store;
    if (!conversations.rename(ctx.params.id, browser, title)) throw noConversation();
    return Response.json({
      id: ctx.params.id,
      title: conversations.get(ctx.params.id, browser)?.title,
    });
  },
  DELETE: (ctx) => {
    const { farchat, browser } = ctx.state;
    if (!farchat.answers.deleteConversation(ctx.params.id, browser)) throw noConversation();
    return new Response(null, { status: 204 });
  },
});
