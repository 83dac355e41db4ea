import { z } from "zod";
import { answerResponse, ownMessage } from "../../../../../lib/web/answer_json.ts";
import { checked, readJson } from "../../../../../lib/web/input.ts";
import { define } from "../../../../../utils.ts";

const Body = z.strictObject({ stream: z.boolean("expected true or false").default(true) });

/**
 * POST /api/v1/chat/:message/retry answers a question again and removes the old answer. Body: `{stream?}`. The new
 * answer has a new number; it comes as with POST /api/v1/chat.
 */
export const handler = define.handlers({
  POST: async (ctx) => {
    const { stream } = checked(Body, await readJson(ctx.req));
    const { farchat, browser } = ctx.state;
    const old = ownMessage(farchat, browser, ctx.params.message);
    const { message } = await farchat.answers.retry(old, browser);
    return await answerResponse(farchat, browser, message, stream);
  },
});
