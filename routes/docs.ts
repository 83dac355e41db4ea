import { define } from "../utils.ts";

/** The description of the newest version of the API. */
export const handler = define.handlers({ GET: (ctx) => ctx.redirect("/api/v1/docs") });
