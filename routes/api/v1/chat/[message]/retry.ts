import { answering } from "../../../../../lib/api/answering.ts";
import { OPERATIONS } from "../../../../../lib/api/operations.ts";
import { answerOrStream, ownMessage } from "../../../../../lib/web/answer_json.ts";
import { define } from "../../../../../utils.ts";

export const handler = define.handlers({
  POST: answering(OPERATIONS.retry, async ({ params, body }, ctx) => {
    const { farchat, browser } = ctx.state;
    const old = ownMessage(farchat, browser, params.message);
    const { message } = await farchat.answers.retry(old, browser);
    return await answerOrStream(farchat, browser, message, body.stream);
  }),
});
