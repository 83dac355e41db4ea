import { answerForm } from "../../../lib/pages/ask_form.ts";
import { define } from "../../../utils.ts";

/** The follow-up box's form. */
export const handler = define.handlers({
  GET: (ctx) => ctx.redirect(`/c/${ctx.params.id}`),
  async POST(ctx) {
    const { farchat, browser } = ctx.state;
    const form = await ctx.req.formData();
    const { message } = await answerForm(farchat.answers, browser, form, ctx.params.id);
    return ctx.redirect(`/c/${ctx.params.id}#question-${message}`, 303);
  },
});
