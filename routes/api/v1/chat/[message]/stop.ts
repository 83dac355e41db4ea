import { ownMessage } from "../../../../../lib/web/answer_json.ts";
import { define } from "../../../../../utils.ts";

/** POST /api/v1/chat/:message/stop ends an answer where it is: `{stopped}`, false when it had ended already. */
export const handler = define.handlers({
  POST: (ctx) => {
    const { farchat, browser } = ctx.state;
    const message = ownMessage(farchat, browser, ctx.params.message);
    return Response.json({ stopped: farchat.answers.stop(message, browser) });
  },
});
