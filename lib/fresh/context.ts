import { type ComponentChildren, type FunctionComponent, h, type VNode } from "preact";
import type { PageProps, RouteComponent, RouteConfig } from "./define.ts";
import { Inner, renderDocument } from "./render.ts";
import type { Site } from "./site.ts";

/** For lib/fresh itself: what belongs to a context but is not the routes' business. */
export const internals: unique symbol = Symbol("fresh");

/** The wrappers in force at a point of the route tree, outermost layout first. */
interface Internals<State> {
  site: Site;
  app: RouteComponent<unknown, State> | null;
  layouts: RouteComponent<unknown, State>[];
}

/** One request on its way through middlewares, handler and page. */
export class Context<State> {
  readonly url: URL;
  /** The matched pattern, null where none was; `params` are its decoded parameters. */
  readonly route: string | null;
  readonly params: Record<string, string>;
  /** Shared by everything that sees this request. */
  readonly state: State = {} as State;
  /** What was thrown, for `_error.tsx`. */
  error: unknown = null;
  /** Runs what comes after the current middleware. */
  next: () => Promise<Response> = () => Promise.reject(new Error("Nothing comes after this"));
  readonly [internals]: Internals<State>;

  constructor(
    readonly req: Request,
    readonly info: Deno.ServeHandlerInfo,
    match: Pick<Context<State>, "route" | "params">,
    site: Site,
  ) {
    this.url = new URL(req.url);
    ({ route: this.route, params: this.params } = match);
    this[internals] = { site, app: null, layouts: [] };
  }

  /** A redirect. A path stays on this site: to a browser "//evil.example" and "/\evil.example" are hosts. */
  redirect(location: string, status = 302): Response {
    const path = /^[/\\][^?#]*/.exec(location)?.[0] ?? "";
    location = path.replace(/[/\\]+/g, "/") + location.slice(path.length);
    return new Response(null, { status, headers: { location } });
  }

  /** An HTML response: the element inside the layouts and the app wrapper of the current route. */
  async render(
    vnode: ComponentChildren,
    init: ResponseInit = {},
    config: RouteConfig = {},
  ): Promise<Response> {
    const { site, app, layouts } = this[internals];
    let inner = vnode;
    for (const layout of config.skipInheritedLayouts ? [] : layouts.toReversed()) {
      const child = inner as VNode;
      const wrapped = await instantiate(layout, this, () => child);
      if (wrapped instanceof Response) return wrapped;
      inner = wrapped;
    }
    const outer = app && !config.skipAppWrapper ? await instantiate(app, this, Inner) : null;
    if (outer instanceof Response) return outer;
    const { nonce } = this.state as { nonce?: string };
    const html = renderDocument(inner, outer, site, nonce);
    const headers = new Headers(init.headers);
    headers.set("Content-Type", "text/html; charset=utf-8");
    return new Response(html, { ...init, headers });
  }
}

/** An element of a route's component; an async one is awaited, because rendering itself is synchronous. */
export async function instantiate<State>(
  component: RouteComponent<unknown, State>,
  { req, url, params, route, state, info, error }: Context<State>,
  Component: FunctionComponent = () => null,
  data?: unknown,
): Promise<VNode | Response | null> {
  const props = { req, url, params, route, state, info, error, data, Component };
  return component.constructor.name === "AsyncFunction"
    ? await (component(props) as Promise<VNode | Response | null>)
    : h(component as FunctionComponent<PageProps<unknown, State>>, props) as VNode;
}
