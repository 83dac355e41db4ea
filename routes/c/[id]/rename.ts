import { define } from "../../../utils.ts";

/** Gives a conversation another title; an empty one changes nothing. */
export const handler = define.handlers({
  GET: (ctx) => ctx.redirect(`/c/${ctx.params.id}`),
  async POST(ctx) {
    const { farchat, browser } = ctx.state;
    const title = String((await ctx.req.formData()).get("title") ?? "").trim();
    if (title) farchat.store.conversations.rename(ctx.params.id, browser, title);
    return ctx.redirect(`/c/${ctx.params.id}`, 303);
  },
});
