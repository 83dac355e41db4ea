import { define } from "../../../utils.ts";

/** Deletes a conversation of this browser; one that is already gone is no error. */
export const handler = define.handlers({
  GET: (ctx) => ctx.redirect(`/c/${ctx.params.id}`),
  POST(ctx) {
    const { farchat, browser } = ctx.state;
    farchat.answers.deleteConversation(ctx.params.id, browser);
    return ctx.redirect("/", 303);
  },
});
