import { answerForm } from "../lib/pages/ask_form.ts";
import { define } from "../utils.ts";

/** The question box's form: starts a conversation and leads to it. */
export const handler = define.handlers({
  GET: (ctx) => ctx.redirect("/"),
  async POST(ctx) {
    const { farchat, browser } = ctx.state;
    const form = await ctx.req.formData();
    const { conversation } = await answerForm(farchat.answers, browser, form);
    return ctx.redirect(`/c/${conversation}`, 303);
  },
});
