import { type ComponentChildren, type FunctionComponent, h, type VNode } from "preact";
import type { PageProps, RouteComponent, RouteConfig } from "./define.ts";
import { renderDocument } from "./render.ts";
import type { Site } from "./site.ts";

/** The wrappers in force at a point of the route tree, outermost layout first. */
export interface Ui<State> {
  app: RouteComponent<unknown, State> | null;
  layouts: RouteComponent<unknown, State>[];
}

/** For lib/fresh itself: what belongs to a context but is not the routes' business. */
export const internals: unique symbol = Symbol("fresh");

/** One request on its way through middlewares, handler and page. */
export class Context<State> {
  readonly req: Request;
  readonly url: URL;
  /** The matched pattern, null where none matched. */
  readonly route: string | null;
  /** Decoded parameters of the pattern. */
  readonly params: Record<string, string>;
  readonly info: Deno.ServeHandlerInfo;
  /** Shared by everything that sees this request. */
  readonly state: State = {} as State;
  /** What was thrown, for `_error.tsx`. */
  error: unknown = null;
  /** Runs what comes after the current middleware. */
  next: () => Promise<Response>;
  readonly [internals]: { site: Site; ui: Ui<State> };

  constructor(
    req: Request,
    info: Deno.ServeHandlerInfo,
    match: { route: string | null; params: Record<string, string> },
    site: Site,
  ) {
    this.req = req;
    this.url = new URL(req.url);
    this.info = info;
    this.route = match.route;
    this.params = match.params;
    this.next = () => Promise.reject(new Error("There is nothing after this handler"));
    this[internals] = { site, ui: { app: null, layouts: [] } };
  }

  /**
   * A redirect. A path stays on this site: "//evil.example" would be another host to a browser, and a
   * backslash counts as a slash to it.
   */
  redirect(location: string, status = 302): Response {
    if (/^[/\\]/.test(location)) {
      const end = location.search(/[?#]/);
      const path = end < 0 ? location : location.slice(0, end);
      location = path.replace(/[/\\]+/g, "/") + location.slice(path.length);
    }
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
      const child = inner;
      const wrapped = await instantiate(layout, propsOf(this, () => child as VNode));
      if (wrapped instanceof Response) return wrapped;
      inner = wrapped;
    }
    let slot: FunctionComponent = () => null;
    let outer: VNode | Response | null = null;
    if (ui.app && !config.skipAppWrapper) {
      outer = await instantiate(ui.app, propsOf(this, () => h(slot, null)));
      if (outer instanceof Response) return outer;
    }
    const nonce = (this.state as { nonce?: unknown }).nonce;
    const html = renderDocument(inner, outer, (component) => slot = component, {
      site,
      nonce: typeof nonce === "string" ? nonce : undefined,
    });
    const headers = new Headers(init.headers);
    headers.set("Content-Type", "text/html; charset=utf-8");
    return new Response(html, { ...init, headers });
  }
}

/** The props of a page, layout or wrapper. */
export function propsOf<State>(
  ctx: Context<State>,
  Component: FunctionComponent = () => null,
  data?: unknown,
): PageProps<unknown, State> {
  const { req, url, params, route, state, info, error } = ctx;
  return { req, url, params, route, state, info, error, data, Component };
}

/** An element of the component; an async one is awaited, because rendering itself is synchronous. */
export async function instantiate<State>(
  component: RouteComponent<unknown, State>,
  props: PageProps<unknown, State>,
): Promise<VNode | Response | null> {
  if (component.constructor.name === "AsyncFunction") {
    return await (component(props) as Promise<VNode | Response | null>);
  }
  return h(component as FunctionComponent<PageProps<unknown, State>>, props) as VNode;
}
