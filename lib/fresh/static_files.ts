import { internals } from "./context.ts";
import type { Middleware } from "./define.ts";
import { ASSET_PARAM } from "./runtime.ts";

/**
 * Serves the site's static files. An address that names its content (a bundled island, or one made by `asset`)
 * is cached for good; others are asked for again with their ETag.
 */
export function staticFiles<State>(): Middleware<State> {
  return (ctx) => {
    const { method, headers } = ctx.req;
    if (method !== "GET" && method !== "HEAD") return ctx.next();
    let address: string;
    try {
      address = decodeURIComponent(ctx.url.pathname);
    } catch {
      return ctx.next();
    }
    const { files, bundle } = ctx[internals].site;
    const file = files.get(address);
    if (!file) return ctx.next();
    const bundled = /^\/islands\/.+-\w{8}\.js$/.test(address) && bundle !== undefined;
    const immutable = bundled || ctx.url.searchParams.get(ASSET_PARAM) === file.hash;
    const response = new Headers({
      "Content-Type": file.type,
      "ETag": `"${file.hash}"`,
      "Cache-Control": immutable ? "public, max-age=31536000, immutable" : "no-cache",
    });
    // A proxy or the server's own compression turns the tag into a weak one: W/"...".
    const known = headers.get("If-None-Match")?.split(",").map((tag) =>
      tag.trim().replace(/^W\//, "")
    );
    if (known?.includes(`"${file.hash}"`) || known?.includes("*")) {
      return new Response(null, { status: 304, headers: response });
    }
    response.set("Content-Length", String(file.body.byteLength));
    return new Response(method === "HEAD" ? null : file.body, { headers: response });
  };
}
