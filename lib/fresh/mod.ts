/** The part of Fresh 2's public API that this project uses, on Hono and preact-render-to-string. */
export { App, type Handler } from "./app.ts";
export type { Context } from "./context.ts";
export {
  createDefine,
  type Define,
  type HandlerByMethod,
  type HandlerFn,
  type Method,
  type Middleware,
  page,
  type PageProps,
  type PageResponse,
  type RouteConfig,
  type RouteHandler,
} from "./define.ts";
export { HttpError } from "./error.ts";
export { Head } from "./runtime.ts";
export type { IslandBundle, Manifest, RouteModule, SiteOptions } from "./site.ts";
export { staticFiles } from "./static_files.ts";
