import { internals } from "./context.ts";
import type { Middleware } from "./define.ts";
import { ASSET_PARAM } from "./runtime.ts";

/**
 * Serves the site's static files. An address that names its content (a bundled island, or one made by `asset`)
 * is cached for good; others are asked for again with their ETag.
 */
export function staticFiles<State>(): Middleware<State> {
  return ({ req, url, next, [internals]: { site } }) => {
    const file = site.files.get(url.pathname);
    if (!file || (req.method !== "GET" && req.method !== "HEAD")) return next();
    const immutable = /^\/islands\/.+-\w{8}\.js$/.test(url.pathname) ||
      url.searchParams.get(ASSET_PARAM) === file.hash;
    const headers = {
      "Content-Type": file.type,
      "ETag": `"${file.hash}"`,
      "Cache-Control": immutable ? "public, max-age=31536000, immutable" : "no-cache",
    };
    // Compression on the way turns the tag into a weak one, W/"...", and a browser may send several.
    const known = req.headers.get("If-None-Match")?.includes(headers.ETag);
    return new Response(known ? null : file.body, { status: known ? 304 : 200, headers });
  };
}
