import {
  type ComponentChildren,
  createContext,
  Fragment,
  type FunctionComponent,
  h,
  options,
  toChildArray,
  type VNode,
} from "preact";
import { useContext } from "preact/hooks";
import { jsxTemplate } from "preact/jsx-runtime";
import { renderToString } from "preact-render-to-string";
import { rendering } from "./runtime.ts";
import type { Site } from "./site.ts";

/** An island in the document, in the order of the markers. */
type IslandCall = [name: string, exported: string, props: unknown];

const InsideIsland = createContext(false);
const wrappers = new Map<unknown, FunctionComponent>();
let calls: IslandCall[] | null = null;
let innerHtml = "";
let wrapping = true;

/** Makes a component an island: where a page uses it, the browser takes it over. */
export function registerIsland(component: unknown, name: string, exported: string): void {
  if (typeof component !== "function") return;
  wrappers.set(component, (props) => {
    const inside = useContext(InsideIsland);
    wrapping = false;
    const plain = h(component as FunctionComponent, props);
    wrapping = true;
    // Inside another island, which hydrates all it contains, it is a component like others.
    if (!calls || inside) return plain;
    checkProps(name, props);
    const number = calls.push([name, exported, props]) - 1;
    const content = h(InsideIsland.Provider, { value: true }, plain);
    return h(Fragment, null, comment(`island:${number}`), content, comment("/island"));
  });
}

const before = options.vnode;
options.vnode = (vnode) => {
  const wrapper = wrapping ? wrappers.get(vnode.type) : undefined;
  if (wrapper) vnode.type = wrapper;
  else if (vnode.type === "head") {
    vnode.props = { ...vnode.props, children: h(HeadContent, null, vnode.props.children) };
  }
  before?.(vnode);
};

/** The app wrapper's head with the pages' `Head` after it; what has the same key is replaced. */
function HeadContent({ children }: { children?: ComponentChildren }) {
  const added = new Map(rendering.head?.map((child, i) => [headKey(child) ?? i, child]));
  const kept = toChildArray(children)
    .filter((child) => typeof child !== "object" || !added.has(headKey(child) ?? ""));
  return h(Fragment, null, kept, [...added.values()]);
}

function headKey({ type, props }: VNode): string | undefined {
  const { name, property, media, rel } = props as Record<string, unknown>;
  if (type === "meta" && (name ?? property)) return `meta ${name ?? property} ${media ?? ""}`;
  return type === "title" || (type === "link" && rel === "canonical") ? type : undefined;
}

/** What the app wrapper shows: the page as it is already rendered. */
export function Inner(): VNode {
  return jsxTemplate([innerHtml]) as VNode;
}

/**
 * The HTML of a page. The inner part is rendered first, so that its `Head` is known when the app wrapper around it
 * (`outer`, which contains `Inner`) prints the head.
 */
export function renderDocument(
  inner: ComponentChildren,
  outer: VNode | null,
  site: Site,
  nonce?: string,
): string {
  const islands: IslandCall[] = calls = [];
  rendering.head = [];
  rendering.hashOf = (address) => site.files.get(address)?.hash;
  try {
    innerHtml = renderToString(h(Fragment, null, inner));
    const head = h("head", null, h("meta", { charset: "utf-8" }));
    const html = renderToString(outer ?? h("html", null, head, h("body", null, h(Inner, null))));
    return "<!DOCTYPE html>" + withIslands(html, islands, site, nonce);
  } finally {
    calls = null;
    rendering.head = rendering.hashOf = undefined;
  }
}

/** Adds what hydrates the islands: preloads to the head; the props and the client to the body's end. */
function withIslands(html: string, islands: IslandCall[], { bundle }: Site, nonce?: string) {
  if (islands.length === 0 || !bundle) return html;
  const url = (file: string) => `/islands/${file}`;
  const files = new Set([bundle.client, ...islands.map(([name]) => bundle.islands[name])]);
  for (const file of files) bundle.imports[file]?.forEach((chunk) => files.add(chunk));
  const preloads = [...files].map((file) => `<link rel="modulepreload" href="${url(file)}">`);
  const called = islands.map(([name, ...rest]) => [url(bundle.islands[name]), ...rest]);
  // "<" is escaped so that no prop can end the element; the type makes it data that is never run.
  const json = JSON.stringify(called).replace(/</g, "\\u003c");
  const attribute = nonce ? ` nonce="${nonce.replace(/[^\w+/=-]/g, "")}"` : "";
  const scripts =
    `<script type="application/json" id="fresh-islands"${attribute}>${json}</script>` +
    `<script type="module" src="${url(bundle.client)}"${attribute}></script>`;
  return html.replace("</head>", (end) => preloads.join("") + end)
    .replace(/<\/body>(?!.*<\/body>)/s, (end) => scripts + end);
}

/** Throws where a prop would not arrive in the browser as it is on the server. */
function checkProps(island: string, props: unknown): void {
  JSON.stringify(props, function (key, value) {
    const raw = this[key]; // before toJSON: a date is no text yet, a signal no value
    const plain = typeof raw === "object"
      ? raw === null || Array.isArray(raw) || raw.constructor === Object
      : ["string", "number", "boolean", "undefined"].includes(typeof raw);
    if (plain) return value;
    throw new TypeError(`Island "${island}": expected plain JSON data in "${key}", found other`);
  });
}

function comment(text: string): VNode {
  return h(Fragment, { UNSTABLE_comment: text } as Record<string, string>) as VNode;
}
