import { type ComponentChildren, type FunctionComponent, h, type VNode } from "preact";
import type { PageProps, RouteComponent, RouteConfig } from "./define.ts";
import { renderDocument } from "./render.ts";
import type { Site } from "./site.ts";

/** The wrappers in force at a point of the route tree, outermost layout first. */
interface Ui<State> {
  app: RouteComponent<unknown, State> | null;
  layouts: RouteComponent<unknown, State>[];
}

/** What was matched: the pattern, null where none was, and its decoded parameters. */
export interface Match {
  route: string | null;
  params: Record<string, string>;
}

/** For lib/fresh itself: what belongs to a context but is not the routes' business. */
export const internals: unique symbol = Symbol("fresh");

/** One request on its way through middlewares, handler and page. */
export class Context<State> {
  readonly url: URL;
  readonly route: string | null;
  readonly params: Record<string, string>;
  /** Shared by everything that sees this request. */
  readonly state: State = {} as State;
  /** What was thrown, for `_error.tsx`. */
  error: unknown = null;
  /** Runs what comes after the current middleware. */
  next: () => Promise<Response> = () => Promise.reject(new Error("Nothing comes after this"));
  readonly [internals]: { site: Site; ui: Ui<State> };

  constructor(
    readonly req: Request,
    readonly info: Deno.ServeHandlerInfo,
    match: Match,
    site: Site,
  ) {
    this.url = new URL(req.url);
    ({ route: this.route, params: this.params } = match);
    this[internals] = { site, ui: { app: null, layouts: [] } };
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
    const { site, ui } = this[internals];
    let inner = vnode;
    for (const layout of config.skipInheritedLayouts ? [] : ui.layouts.toReversed()) {
      const child = inner as VNode;
      const wrapped = await instantiate(layout, this, () => child);
      if (wrapped instanceof Response) return wrapped;
      inner = wrapped;
    }
    let content: FunctionComponent = () => null;
    const outer = ui.app && !config.skipAppWrapper
      ? await instantiate(ui.app, this, () => h(content, null))
      : null;
    if (outer instanceof Response) return outer;
    const { nonce } = this.state as { nonce?: string };
    const html = renderDocument(inner, outer, (slot) => content = slot, site, nonce);
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
