/** What the web layer serves: routes, islands, static files. */
import { App, staticFiles } from "fresh";
import { manifest } from "./fresh.gen.ts";
import type { Farchat } from "./lib/farchat.ts";
import { observe } from "./lib/web/observe.ts";
import { securityHeaders } from "./lib/web/security_headers.ts";
import type { State } from "./utils.ts";

/** The folder of static files; the islands are bundled into its islands/ (`deno task islands`). */
export const STATIC_DIR = `${import.meta.dirname}/static`;

/** The web application of one FARchat. */
export function createApp(farchat: Farchat): App<State> {
  return new App<State>({ ...manifest, staticDir: STATIC_DIR })
    .use(observe(farchat), securityHeaders(), staticFiles())
    .fsRoutes();
}
