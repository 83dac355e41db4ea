/** The part of Fresh 2's public API that this project uses, on Hono and preact-render-to-string. */
export { App, type Handler } from "./app.ts";
export type { Context } from "./context.ts";
export * from "./define.ts";
export { HttpError } from "./error.ts";
export type { IslandBundle, RouteModule, SiteOptions } from "./site.ts";
export { staticFiles } from "./static_files.ts";
