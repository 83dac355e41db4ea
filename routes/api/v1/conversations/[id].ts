import { answering } from "../../../../lib/api/answering.ts";
import { OPERATIONS } from "../../../../lib/api/operations.ts";
import { conversationJson, noConversation } from "../../../../lib/web/answer_json.ts";
import { define } from "../../../../utils.ts";

/** For the browser it belongs to; 404 for every other. */
export const handler = define.handlers({
  GET: answering(OPERATIONS.readConversation, ({ params }, ctx) => {
    const { farchat, browser } = ctx.state;
    const found = farchat.store.conversations.get(params.id, browser);
    if (!found) throw noConversation();
    return conversationJson(found);
  }),
  PATCH: answering(OPERATIONS.renameConversation, ({ params: { id }, body }, ctx) => {
    const { farchat, browser } = ctx.state;
    const { conversations } = farchat.store;
    const renamed = conversations.rename(id, browser, body.title);
    const title = renamed && conversations.get(id, browser)?.title;
    if (!title) throw noConversation();
    return { id, title };
  }),
  DELETE: answering(OPERATIONS.deleteConversation, ({ params }, ctx) => {
    const { farchat, browser } = ctx.state;
    if (!farchat.answers.deleteConversation(params.id, browser)) throw noConversation();
    return new Response(null, { status: 204 });
  }),
});
