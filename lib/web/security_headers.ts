import type { Middleware } from "fresh";
import { secureHeaders } from "hono/secure-headers";
import { type Bindings, fromHono } from "./hono.ts";
import type { State } from "./state.ts";

/**
 * The security headers of every response. Scripts and styles come from this site's files alone; inline ones need
 * the response's nonce, and nothing may frame a page.
 */
export function securityHeaders(): Middleware<State> {
  return fromHono(secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'", (c) => `'nonce-${(c.env as Bindings).state.nonce}'`],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
    },
    // "no-referrer" would make browsers send "Origin: null" with forms, which the check of their origin refuses.
    referrerPolicy: "same-origin",
    strictTransportSecurity: "max-age=15552000",
    xFrameOptions: "DENY",
    permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
  }));
}
