import { Hono } from "hono";
import { Context } from "./context.ts";
import type { Method, Middleware } from "./define.ts";
import { HttpError } from "./error.ts";
import { fsRoutes, routeStep } from "./fs_routes.ts";
import { type RouteModule, Site, type SiteOptions } from "./site.ts";

interface Use<State> {
  path: string;
  step: Middleware<State>;
}

interface Entry<State> {
  method: Method | "ALL";
  pattern: string;
  /** How many of the app's own middlewares were there when it was added: only those run before it. */
  uses: number;
  steps: Middleware<State>[];
}

export type Handler = (req: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

const NO_INFO: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 0 },
  completed: Promise.resolve(),
};

/** A web application: middlewares and routes, applied from top to bottom. */
export class App<State> {
  readonly #options: SiteOptions<State>;
  readonly #uses: Use<State>[] = [];
  readonly #entries: Entry<State>[] = [];
  #notFound: Middleware<State>[] = [];

  constructor(options: SiteOptions<State> = { routes: {}, islands: {} }) {
    this.#options = options;
  }

  /** Adds middlewares for every address, or for those at and below a path. */
  use(...args: [string, ...Middleware<State>[]] | Middleware<State>[]): this {
    const path = typeof args[0] === "string" ? args[0].replace(/\/?\*?$/, "") : "";
    for (const step of args) {
      if (typeof step === "function") this.#uses.push({ path, step });
    }
    return this;
  }

  get = this.#method("GET");
  post = this.#method("POST");
  put = this.#method("PUT");
  patch = this.#method("PATCH");
  delete = this.#method("DELETE");
  head = this.#method("HEAD");
  all = this.#method("ALL");

  /** Adds a route as a file would be one: a handler, a page component, or both. */
  route(pattern: string, { component, handler, config }: {
    component?: RouteModule<State>["default"];
    handler?: RouteModule<State>["handler"];
    config?: RouteModule<State>["config"];
  }): this {
    return this.all(pattern, routeStep({ default: component, handler, config }));
  }

  /** Adds the routes of the manifest the app was made with. */
  fsRoutes(): this {
    const { routes, notFound } = fsRoutes(this.#options.routes);
    for (const { pattern, steps } of routes) this.all(pattern, ...steps);
    this.#notFound = notFound;
    return this;
  }

  /** The app as a function, for a server or a test. */
  handler(): Handler {
    const site = new Site(this.#options);
    const router = new Hono<{ Bindings: { info: Deno.ServeHandlerInfo } }>({ strict: false });
    const run = (
      req: Request,
      info: Deno.ServeHandlerInfo,
      match: { route: string | null; params: Record<string, string> },
      uses: Use<State>[],
      steps: Middleware<State>[],
    ) => {
      const ctx = new Context<State>(req, info, match, site);
      const before = uses.filter(({ path }) => isBelow(ctx.url.pathname, path));
      return answer(ctx, [...before.map(({ step }) => step), ...steps]);
    };
    for (const { method, pattern, uses, steps } of this.#entries) {
      router.on(method === "ALL" ? METHODS : [method], pattern, (c) => {
        const match = { route: pattern, params: c.req.param() as Record<string, string> };
        return run(c.req.raw, c.env.info, match, this.#uses.slice(0, uses), steps);
      });
    }
    router.notFound((c) =>
      run(c.req.raw, c.env.info, { route: null, params: {} }, this.#uses, [
        ...this.#notFound,
        () => Promise.reject(new HttpError(404)),
      ])
    );
    return async (req, info = NO_INFO) => {
      const response = await router.fetch(req, { info });
      if (req.method !== "HEAD" || !response.body) return response;
      await response.body.cancel();
      return new Response(null, response);
    };
  }

  /** Serves until the signal aborts or the process ends. */
  async listen(options: Deno.ServeTcpOptions & { signal?: AbortSignal } = {}): Promise<void> {
    await Deno.serve(options, this.handler()).finished;
  }

  #method(method: Method | "ALL") {
    return (pattern: string, ...steps: Middleware<State>[]): this => {
      this.#entries.push({ method, pattern, uses: this.#uses.length, steps });
      return this;
    };
  }
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

function isBelow(pathname: string, path: string): boolean {
  return path === "" || pathname === path || pathname.startsWith(path + "/");
}

/** Runs the steps; what nobody caught becomes a plain response that says no more than the status. */
async function answer<State>(ctx: Context<State>, steps: Middleware<State>[]): Promise<Response> {
  const run = async (i: number): Promise<Response> => {
    const outer = ctx.next;
    ctx.next = () => i + 1 < steps.length ? run(i + 1) : Promise.reject(new HttpError(404));
    try {
      return await steps[i](ctx);
    } finally {
      ctx.next = outer;
    }
  };
  try {
    return await run(0);
  } catch (error) {
    if (!(error instanceof HttpError)) console.error(error);
    const { status, message, headers } = error instanceof HttpError ? error : new HttpError(500);
    return new Response(message, { status, headers });
  }
}
