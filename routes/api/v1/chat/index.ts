import { answering } from "../../../../lib/api/answering.ts";
import { OPERATIONS } from "../../../../lib/api/operations.ts";
import { answerOrStream } from "../../../../lib/web/answer_json.ts";
import { define } from "../../../../utils.ts";

export const handler = define.handlers({
  POST: answering(OPERATIONS.ask, async ({ body: { stream, ...asked } }, ctx) => {
    const { farchat, browser } = ctx.state;
    const { message } = await farchat.answers.ask({ ...asked, browser });
    return await answerOrStream(farchat, browser, message, stream);
  }),
});
