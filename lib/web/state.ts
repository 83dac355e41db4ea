import type { Farchat } from "../farchat.ts";

/** What every request carries. */
export interface State {
  farchat: Farchat;
  /** Who asks: the random value of the cookie `farchat_browser`. Conversations belong to it. */
  browser: string;
  /** In the response's X-Request-Id, in the logs and on error pages. */
  requestId: string;
  /** For the scripts of this response, as its Content-Security-Policy says. */
  nonce: string;
  /** "light" or "dark" where the reader chose one (cookie `farchat_theme`). */
  theme?: "light" | "dark";
}
