import type { Farchat } from "../farchat.ts";
import type { Client } from "./client.ts";

/** What every request carries. */
export interface State {
  farchat: Farchat;
  /** Who sent it: what limits count by. */
  client: Client;
  /** Who asks: the random value of the cookie `farchat_browser`. Conversations belong to it. */
  browser: string;
  /** In the response's X-Request-Id, in the logs and on error pages. */
  requestId: string;
  /** For the scripts of this response, as its Content-Security-Policy says. */
  nonce: string;
  /** "light" or "dark" where the reader chose one (cookie `farchat_theme`). */
  theme?: "light" | "dark";
  /** The pattern of the address for logs and metrics, where one route answers several. */
  endpoint?: string;
}
