import { Context, instantiate, internals, propsOf } from "./context.ts";
import type {
  HandlerByMethod,
  Middleware,
  PageResponse,
  RouteComponent,
  RouteConfig,
} from "./define.ts";
import { HttpError } from "./error.ts";
import type { RouteModule } from "./site.ts";

/** A pattern for the router with what runs when it matches. */
export interface FsRoute<State> {
  pattern: string;
  steps: Middleware<State>[];
}

/**
 * The routes of a folder's modules, most specific first, and what runs where none of them matches. Folder and
 * file names follow Fresh's conventions.
 */
export function fsRoutes<State>(
  modules: Record<string, RouteModule<State>>,
): { routes: FsRoute<State>[]; notFound: Middleware<State>[] } {
  const routes: FsRoute<State>[] = [];
  for (const [path, module] of Object.entries(modules)) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name.startsWith("_") || /(^|\/)\(_/.test(path)) continue;
    const steps = folderSteps(path, modules);
    routes.push({ pattern: patternOf(path, module.config), steps: [...steps, routeStep(module)] });
  }
  routes.sort((a, b) => comparePatterns(a.pattern, b.pattern));
  return { routes, notFound: folderSteps("", modules) };
}

/** "far/[number].tsx" as the router writes it: "/far/:number". */
export function patternOf(path: string, config: RouteConfig = {}): string {
  if (config.routeOverride) return config.routeOverride;
  const segments = path.replace(/\.\w+$/, "").split("/").filter((s) => !/^\(.*\)$/.test(s));
  if (segments.at(-1) === "index") segments.pop();
  return "/" + segments.map((segment) => {
    const match = /^\[(\.\.\.)?(\w+)\]$|^\[\[(\w+)\]\]$/.exec(segment);
    if (match?.[1]) return `:${match[2]}{.+}`;
    if (match?.[3]) return `:${match[3]}?`;
    if (match) return `:${match[2]}`;
    if (/[[\]]/.test(segment)) {
      throw new Error(
        `Expected a whole segment as parameter, such as [id] or [...rest], found "${segment}" in ${path}`,
      );
    }
    return segment;
  }).join("/");
}

/** Fixed words before parameters before optional ones before the rest, segment by segment. */
export function comparePatterns(a: string, b: string): number {
  const weights = (pattern: string) =>
    pattern.slice(1).split("/").map((s) =>
      s.endsWith("{.+}") ? 3 : s.endsWith("?") ? 2 : s[0] === ":" ? 1 : 0
    );
  const [left, right] = [weights(a), weights(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? -1) - (right[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The wrappers, error page and middlewares of every folder down to the file. */
function folderSteps<State>(
  path: string,
  modules: Record<string, RouteModule<State>>,
): Middleware<State>[] {
  const folders = path.split("/").slice(0, -1);
  const steps: Middleware<State>[] = [];
  for (let depth = 0; depth <= folders.length; depth++) {
    const prefix = folders.slice(0, depth).map((folder) => folder + "/").join("");
    const find = (name: string) =>
      modules[`${prefix}${name}.tsx`] ?? modules[`${prefix}${name}.ts`];
    const [app, layout, error] = [find("_app"), find("_layout"), find("_error")];
    if (app || layout || error) steps.push(folderStep(app, layout, error));
    const { default: byDefault, middleware, handler } = find("_middleware") ?? {};
    steps.push(...[middleware ?? handler ?? byDefault ?? []].flat() as Middleware<State>[]);
  }
  return steps;
}

type Component<State> = RouteComponent<unknown, State>;

function folderStep<State>(
  app: RouteModule<State> | undefined,
  layout: RouteModule<State> | undefined,
  errorPage: RouteModule<State> | undefined,
): Middleware<State> {
  return async (ctx) => {
    const { ui } = ctx[internals];
    if (app) ui.app = app.default as Component<State>;
    if (layout) {
      const inherited = layout.config?.skipInheritedLayouts ? [] : ui.layouts;
      ui.layouts = [...inherited, layout.default as Component<State>];
      if (layout.config?.skipAppWrapper) ui.app = null;
    }
    const here = { ...ui };
    try {
      return await ctx.next();
    } catch (error) {
      if (!errorPage) throw error;
      // Deeper folders changed the wrappers; the error page stands in its own folder's.
      Object.assign(ui, here);
      ctx.error = error;
      const http = error instanceof HttpError ? error : undefined;
      const response = await runRoute(ctx, errorPage, http?.status ?? 500);
      new Headers(http?.headers).forEach((value, name) => response.headers.set(name, value));
      return response;
    }
  };
}

/** The step that answers with a module's handler and page. */
export function routeStep<State>(module: RouteModule<State>): Middleware<State> {
  return (ctx) => runRoute(ctx, module, 200);
}

async function runRoute<State>(
  ctx: Context<State>,
  module: RouteModule<State>,
  status: number,
): Promise<Response> {
  const handler = module.handler ?? module.handlers;
  let answer: PageResponse<unknown> = { data: undefined };
  if (handler) {
    const run = typeof handler === "function" ? handler : byMethod(ctx, handler, status);
    const result = await run?.(ctx);
    if (result instanceof Response) return result;
    if (result) answer = result;
  } else if (status === 200 && ctx.req.method !== "GET" && ctx.req.method !== "HEAD") {
    throw notAllowed(ctx, ["GET", "HEAD"]);
  }
  const vnode = await instantiate(
    module.default as Component<State>,
    propsOf(ctx, undefined, answer.data),
  );
  if (vnode instanceof Response) return vnode;
  const init = { status: answer.status ?? status, headers: answer.headers };
  return await ctx.render(vnode, init, module.config);
}

function byMethod<State>(
  ctx: Context<State>,
  handlers: HandlerByMethod<unknown, State>,
  status: number,
) {
  const method = ctx.req.method as keyof typeof handlers;
  // An error page answers whatever method failed.
  if (status !== 200) return handlers[method] ?? handlers.GET;
  const found = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
  const handler = found ?? (method === "HEAD" ? handlers.GET : undefined);
  if (!handler) {
    throw notAllowed(ctx, [...Object.keys(handlers), ...(handlers.GET ? ["HEAD"] : [])]);
  }
  return handler;
}

function notAllowed<State>(ctx: Context<State>, methods: string[]): HttpError {
  const allow = [...new Set(methods)].join(", ");
  return new HttpError(405, `Expected ${allow}, found ${ctx.req.method}`, {
    headers: { Allow: allow },
  });
}
