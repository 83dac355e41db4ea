import type { Middleware } from "fresh";
import { secureHeaders } from "hono/secure-headers";
import { type Bindings, fromHono } from "./hono.ts";
import type { State } from "./state.ts";

const POLICY = "Content-Security-Policy";

/** What no page of FARchat uses, so that nothing in it may ask for it. */
const UNUSED = [
  "accelerometer",
  "autoplay",
  "browsingTopics",
  "camera",
  "displayCapture",
  "encryptedMedia",
  "fullscreen",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "publickeyCredentialsGet",
  "screenWakeLock",
  "serial",
  "usb",
  "xrSpatialTracking",
] as const;

/**
 * The security headers of every response. Scripts and styles come from this site's files alone; inline ones need
 * the response's nonce, and nothing may frame a page. Behind TLS browsers are told to come by TLS for a year. A
 * response that has a Content-Security-Policy of its own keeps it.
 */
export function securityHeaders(): Middleware<State> {
  const [plain, secure] = [false, "max-age=31536000"].map((hsts) =>
    fromHono(secureHeaders({
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
      strictTransportSecurity: hsts,
      xFrameOptions: "DENY",
      permissionsPolicy: Object.fromEntries(UNUSED.map((name) => [name, []])),
    }))
  );
  return async (ctx) => {
    const { req, state, info } = ctx;
    let own: string | null = null;
    const next = async () => {
      const response = await ctx.next();
      own = response.headers.get(POLICY);
      return response;
    };
    const add = state.client.secure ? secure : plain;
    const response = await add({ req, state, info, next } as typeof ctx);
    if (own !== null) response.headers.set(POLICY, own);
    return response;
  };
}
