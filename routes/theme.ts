import { define } from "../utils.ts";

const ONE_YEAR = 365 * 24 * 60 * 60;

/** Keeps the chosen colors, for browsers without scripts; with them the button does it itself. */
export const handler = define.handlers({
  GET: (ctx) => ctx.redirect("/"),
  async POST(ctx) {
    const form = await ctx.req.formData();
    const theme = form.get("theme") === "dark" ? "dark" : "light";
    const back = String(form.get("return") ?? "/");
    // `redirect` keeps a path on this site; anything else is not ours to lead to.
    const response = ctx.redirect(back.startsWith("/") ? back : "/", 303);
    response.headers.append(
      "set-cookie",
      `farchat_theme=${theme}; Path=/; Max-Age=${ONE_YEAR}; SameSite=Lax`,
    );
    return response;
  },
});
