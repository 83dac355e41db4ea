import { answering } from "../../../../../lib/api/answering.ts";
import { OPERATIONS } from "../../../../../lib/api/operations.ts";
import { ownMessage } from "../../../../../lib/web/answer_json.ts";
import { define } from "../../../../../utils.ts";

export const handler = define.handlers({
  POST: answering(OPERATIONS.stop, ({ params }, ctx) => {
    const { farchat, browser } = ctx.state;
    const message = ownMessage(farchat, browser, params.message);
    return { stopped: farchat.answers.stop(message, browser) };
  }),
});
