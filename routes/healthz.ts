import { define } from "../utils.ts";

/** `{"status":"ok"}`: the process answers. */
export const handler = define.handlers({
  GET: () => Response.json({ status: "ok" }, { headers: { "Cache-Control": "no-store" } }),
});
