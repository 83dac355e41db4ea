import { define } from "../../../../utils.ts";

/**
 * GET /api/v1/conversations: this browser's, the one used last first:
 * `{conversations: {id, title, created, updated, messages}[]}`, at most 50.
 */
export const handler = define.handlers({
  GET: (ctx) => {
    const { farchat, browser } = ctx.state;
    return Response.json({ conversations: farchat.store.conversations.list(browser) }, {
      headers: { "Cache-Control": "no-store" },
    });
  },
});
