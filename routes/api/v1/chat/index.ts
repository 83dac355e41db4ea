import { z } from "zod";
import { answerResponse } from "../../../../lib/web/answer_json.ts";
import { checked, readJson } from "../../../../lib/web/input.ts";
import { define } from "../../../../utils.ts";

const Body = z.strictObject({
  question: z.string("expected text"),
  conversation: z.string("expected a conversation's id").max(64).optional(),
  collections: z.array(z.enum(["far", "dfars", "uploads"])).max(3).optional(),
  stream: z.boolean("expected true or false").default(true),
});

/**
 * POST /api/v1/chat asks a question.
 *
 * Body: `{question, conversation?, collections?: ("far"|"dfars"|"uploads")[], stream?: boolean = true}`. Without
 * `conversation` a new one begins; it belongs to the browser (cookie `farchat_browser`).
 *
 * Answers with server-sent events (`passages`, `text`, `citation`, `notice`, `usage`, `queue`, then `done` or
 * `error`; see `AnswerEvent`), or with stream=false, when the answer is complete, with one `AnswerJson` document
 * whose `status` is "done", "stopped" or "failed". The answer is written to its end even when the client goes away.
 */
export const handler = define.handlers({
  POST: async (ctx) => {
    const { stream, ...asked } = checked(Body, await readJson(ctx.req));
    const { farchat, browser } = ctx.state;
    const { message } = await farchat.answers.ask({ ...asked, browser });
    return await answerResponse(farchat, browser, message, stream);
  },
});
