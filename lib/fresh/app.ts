import { Hono } from "hono";
import { Context } from "./context.ts";
import type { Method, Middleware } from "./define.ts";
import { HttpError } from "./error.ts";
import { folderSteps, fsRoutes, runRoute } from "./fs_routes.ts";
import { type RouteModule, Site, type SiteOptions } from "./site.ts";

export type Handler = (req: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

const METHODS: Method[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const LOCAL: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 0 };
const NO_INFO: Deno.ServeHandlerInfo = { remoteAddr: LOCAL, completed: Promise.resolve() };

/** A web application: middlewares and routes, applied from top to bottom. */
export class App<State> {
  readonly #uses: { path: string; step: Middleware<State> }[] = [];
  readonly #routes: { methods: Method[]; pattern: string; steps: Middleware<State>[] }[] = [];
  #notFound: Middleware<State>[] = [];

  constructor(private readonly site: SiteOptions<State> = { routes: {}, islands: {} }) {}

  /** Adds middlewares for every address, or for those at and below a path. */
  use(...args: [string, ...Middleware<State>[]] | Middleware<State>[]): this {
    const path = typeof args[0] === "string" ? args[0].replace(/\/?\*?$/, "") : "";
    for (const step of args) if (typeof step === "function") this.#uses.push({ path, step });
    return this;
  }

  get = this.#adder(["GET"]);
  post = this.#adder(["POST"]);
  put = this.#adder(["PUT"]);
  patch = this.#adder(["PATCH"]);
  delete = this.#adder(["DELETE"]);
  all = this.#adder(METHODS);

  /** Adds a route as a file would be one: a handler, a page component, or both. */
  route(
    pattern: string,
    { component, ...route }: RouteModule<State> & { component?: RouteModule<State>["default"] },
  ): this {
    return this.all(pattern, (ctx) => runRoute(ctx, { ...route, default: component }));
  }

  /** Adds the routes of the manifest the app was made with. */
  fsRoutes(): this {
    for (const [pattern, steps] of fsRoutes(this.site.routes)) this.all(pattern, ...steps);
    this.#notFound = folderSteps("", this.site.routes);
    return this;
  }

  /** The app as a function, for a server or a test. */
  handler(): Handler {
    const site = new Site(this.site);
    const router = new Hono<{ Bindings: { info: Deno.ServeHandlerInfo } }>({ strict: false });
    for (const { methods, pattern, steps } of this.#routes) {
      router.on(methods, pattern, (c) => {
        const match = { route: pattern, params: c.req.param() as Record<string, string> };
        return answer(new Context<State>(c.req.raw, c.env.info, match, site), steps);
      });
    }
    const missing = [...this.#before(), ...this.#notFound];
    const match = { route: null, params: {} };
    router.notFound((c) => answer(new Context<State>(c.req.raw, c.env.info, match, site), missing));
    return async (req, info = NO_INFO) => await router.fetch(req, { info });
  }

  /** Serves until the signal aborts. */
  async listen(options: Deno.ServeTcpOptions = {}): Promise<void> {
    await Deno.serve(options, this.handler()).finished;
  }

  #adder(methods: Method[]) {
    return (pattern: string, ...steps: Middleware<State>[]): this => {
      this.#routes.push({ methods, pattern, steps: [...this.#before(), ...steps] });
      return this;
    };
  }

  /** The app's own middlewares so far: those added later don't run for what was there before. */
  #before(): Middleware<State>[] {
    return this.#uses.map(({ path, step }) => (ctx) => {
      const { pathname } = ctx.url;
      return path === "" || `${pathname}/`.startsWith(`${path}/`) ? step(ctx) : ctx.next();
    });
  }
}

/** Runs the steps; what nobody caught becomes a plain response that says no more than the status. */
async function answer<State>(ctx: Context<State>, steps: Middleware<State>[]): Promise<Response> {
  const run = async (i: number): Promise<Response> => {
    if (i === steps.length) throw new HttpError(404);
    ctx.next = () => run(i + 1);
    return await steps[i](ctx);
  };
  try {
    return await run(0);
  } catch (error) {
    if (!(error instanceof HttpError)) console.error(error);
    const { status, message, headers } = error instanceof HttpError ? error : new HttpError(500);
    return new Response(message, { status, headers });
  }
}
