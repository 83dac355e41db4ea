import { type Context, instantiate, internals } from "./context.ts";
import type { Middleware, PageResponse, RouteComponent } from "./define.ts";
import { HttpError } from "./error.ts";
import type { RouteModule } from "./site.ts";

type Modules<State> = Record<string, RouteModule<State>>;
type Component<State> = RouteComponent<unknown, State>;

/** Patterns of the route modules, most specific first, each with the steps that answer a match. */
export function fsRoutes<State>(modules: Modules<State>): [string, Middleware<State>[]][] {
  return Object.keys(modules)
    .filter((path) => !/(^|\/)(_[^/]*$|\(_)/.test(path))
    .map((path): [string, Middleware<State>[]] => [
      patternOf(path),
      [...folderSteps(path, modules), (ctx) => runRoute(ctx, modules[path])],
    ])
    .sort(([a], [b]) => comparePatterns(a, b));
}

/** "(pages)/far/[number].tsx" as the router writes it: "/far/:number". */
export function patternOf(path: string): string {
  const segments = path.replace(/\.\w+$/, "").split("/").filter((s) => !/^\(.*\)$/.test(s));
  if (segments.at(-1) === "index") segments.pop();
  return "/" + segments.map((segment) => {
    const [, rest, name] = /^\[(\.\.\.)?(\w+)\]$/.exec(segment) ?? [];
    if (name) return rest ? `:${name}{.+}` : `:${name}`;
    if (!/[[\]]/.test(segment)) return segment;
    throw new Error(`Expected [name] or [...name] as a whole segment, found ${segment} in ${path}`);
  }).join("/");
}

/** Fixed words before parameters, parameters before the rest, segment by segment. */
function comparePatterns(a: string, b: string): number {
  const weigh = (s = "") => s.endsWith("{.+}") ? 2 : s[0] === ":" ? 1 : 0;
  const others = b.split("/");
  const differences = a.split("/").map((segment, i) => weigh(segment) - weigh(others[i]));
  return differences.find((difference) => difference !== 0) ?? (a < b ? -1 : 1);
}

/** The wrappers, error page and middlewares of every folder down to the file. */
export function folderSteps<State>(path: string, modules: Modules<State>): Middleware<State>[] {
  const folders = path.split("/").slice(0, -1);
  return [...folders, ""].flatMap((_, depth) => {
    const prefix = folders.slice(0, depth).map((folder) => folder + "/").join("");
    const find = (name: string) =>
      modules[`${prefix}${name}.tsx`] ?? modules[`${prefix}${name}.ts`];
    return [folderStep(find), find("_middleware")?.default ?? []].flat() as Middleware<State>[];
  });
}

function folderStep<State>(find: (name: string) => RouteModule<State> | undefined) {
  const [app, layout, errorPage] = [find("_app"), find("_layout"), find("_error")];
  return async (ctx: Context<State>): Promise<Response> => {
    const ui = ctx[internals];
    if (app) ui.app = app.default as Component<State>;
    if (layout) ui.layouts = [...ui.layouts, layout.default as Component<State>];
    const here = { ...ui };
    try {
      return await ctx.next();
    } catch (error) {
      if (!errorPage) throw error;
      // Deeper folders changed the wrappers; the error page stands in its own folder's.
      Object.assign(ui, here);
      ctx.error = error;
      const http = error instanceof HttpError ? error : new HttpError(500);
      const response = await runRoute(ctx, errorPage, http.status);
      new Headers(http.headers).forEach((value, name) => response.headers.set(name, value));
      return response;
    }
  };
}

/** Answers with a module's handler and page; an error page answers whatever the method was. */
export async function runRoute<State>(
  ctx: Context<State>,
  { default: component, handler = {}, config }: RouteModule<State>,
  errorStatus?: number,
): Promise<Response> {
  const getToo = ctx.req.method === "HEAD" || errorStatus !== undefined;
  let answer: Response | PageResponse<unknown> = { data: undefined };
  if (typeof handler === "function") answer = await handler(ctx);
  else {
    const methods = Object.keys(handler).length > 0 || !component ? handler : { GET: () => answer };
    const method = ctx.req.method as keyof typeof methods;
    const run = Object.hasOwn(methods, method) ? methods[method] : getToo ? methods.GET : undefined;
    if (run) answer = await run(ctx);
    else if (!errorStatus) throw notAllowed(ctx.req.method, Object.keys(methods));
  }
  if (answer instanceof Response) return answer;
  const { data, headers, status = errorStatus } = answer;
  const vnode = await instantiate(component as Component<State>, ctx, undefined, data);
  return vnode instanceof Response ? vnode : await ctx.render(vnode, { status, headers }, config);
}

function notAllowed(found: string, methods: string[]): HttpError {
  const Allow = (methods.includes("GET") ? [...methods, "HEAD"] : methods).join(", ");
  return new HttpError(405, `Expected ${Allow}, found ${found}`, { headers: { Allow } });
}
