import { finishedSoon } from "../../../lib/pages/ask_form.ts";
import { define } from "../../../utils.ts";

/** Answers a question again, in the place of its answer. */
export const handler = define.handlers({
  GET: (ctx) => ctx.redirect(`/c/${ctx.params.id}`),
  async POST(ctx) {
    const { farchat, browser } = ctx.state;
    const form = await ctx.req.formData();
    const { conversation, message } = await farchat.answers.retry(
      Number(form.get("message")),
      browser,
    );
    await finishedSoon(farchat.answers, message);
    return ctx.redirect(`/c/${conversation}#question-${message}`, 303);
  },
});
