import type { ComponentChildren, FunctionComponent, VNode } from "preact";
import type { Context } from "./context.ts";

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
type MaybePromise<T> = T | Promise<T>;
type PageInit = { status?: number; headers?: HeadersInit };

/** Data for the page component, with what the response needs besides the HTML. */
export type PageResponse<Data> = PageInit & { data: Data };
export type Middleware<State> = (ctx: Context<State>) => MaybePromise<Response>;
export type HandlerFn<Data, State> = (
  ctx: Context<State>,
) => MaybePromise<Response | PageResponse<Data>>;
export type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFn<Data, State> };
export type RouteHandler<Data, State> = HandlerFn<Data, State> | HandlerByMethod<Data, State>;

/** What pages, layouts and the app wrapper are given. `Component` is what stands inside a wrapper. */
export type PageProps<Data = unknown, State = unknown> =
  & Pick<Context<State>, "req" | "url" | "params" | "route" | "state" | "info" | "error">
  & { data: Data; Component: FunctionComponent };

/** A component of a route; an async one may fetch its own data or answer with a Response. */
export type RouteComponent<Data, State> =
  | ((props: PageProps<Data, State>) => ComponentChildren)
  | ((props: PageProps<Data, State>) => Promise<VNode | Response | null>);

/** Options a page exports as `config`. */
export type RouteConfig = { skipAppWrapper?: boolean; skipInheritedLayouts?: boolean };

/** Returns what it is given; only the types are added. See `createDefine`. */
export interface Define<State> {
  handlers<Data, H extends RouteHandler<Data, State> = RouteHandler<Data, State>>(handlers: H): H;
  page<
    // deno-lint-ignore no-explicit-any
    H extends RouteHandler<any, State> = never,
    Data = [H] extends [never] ? undefined
      : H extends HandlerFn<infer D, State> ? D
      : H extends HandlerByMethod<infer D, State> ? D
      : never,
  >(render: RouteComponent<Data, State>): RouteComponent<Data, State>;
  layout(render: RouteComponent<unknown, State>): RouteComponent<unknown, State>;
  middleware<M extends Middleware<State> | Middleware<State>[]>(middleware: M): M;
}

/** Functions that type the exports of route files by the project's `State`. */
export function createDefine<State>(): Define<State> {
  const same = <T>(value: T) => value;
  return { handlers: same, page: same, layout: same, middleware: same };
}

/** What a handler returns to have the page component rendered with `data`. */
export function page<Data = undefined>(data?: Data, init?: PageInit): PageResponse<Data> {
  return { ...init, data: data as Data };
}
