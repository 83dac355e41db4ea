import {
  type ComponentChildren,
  type ComponentType,
  createContext,
  Fragment,
  type FunctionComponent,
  h,
  isValidElement,
  options,
  toChildArray,
  type VNode,
} from "preact";
import { useContext } from "preact/hooks";
import { jsxTemplate } from "preact/jsx-runtime";
import { renderToString } from "preact-render-to-string";
import { type Rendering, setRendering } from "./runtime.ts";
import type { Site } from "./site.ts";

interface Island {
  file: string;
  exported: string;
}

/** An island in the document: file, export and props, in the order of their markers. */
type IslandCall = [file: string, exported: string, props: unknown];

interface RenderState extends Rendering {
  islands: IslandCall[];
}

const InsideIsland = createContext(false);
const wrappers = new Map<unknown, FunctionComponent>();
let current: RenderState | null = null;
let wrapping = true;

/** Makes the component an island: where a page uses it, the browser takes it over. */
export function registerIslands(component: ComponentType, island: Island): void {
  const wrapper: FunctionComponent = (props) => {
    const inside = useContext(InsideIsland);
    wrapping = false;
    const plain = h(component, props);
    wrapping = true;
    // Outside a document, and inside another island, which hydrates all it contains, it is a component like others.
    if (!current || inside) return plain;
    checkProps(island, props);
    const number = current.islands.push([island.file, island.exported, props]) - 1;
    return h(
      Fragment,
      null,
      comment(`island:${number}`),
      h(InsideIsland.Provider, { value: true }, plain),
      comment("/island"),
    );
  };
  wrappers.set(component, wrapper);
}

const before = options.vnode;
options.vnode = (vnode) => {
  if (typeof vnode.type === "function") {
    const wrapper = wrapping ? wrappers.get(vnode.type) : undefined;
    if (wrapper) vnode.type = wrapper;
  } else if (vnode.type === "head") {
    vnode.props = { ...vnode.props, children: h(HeadContent, null, vnode.props.children) };
  }
  before?.(vnode);
};

/** The app wrapper's head with the pages' `Head` after it; what has the same key is replaced. */
function HeadContent({ children }: { children?: ComponentChildren }) {
  const added = new Map(current?.head.map((child, i) => [headKey(child) ?? i, child]));
  const kept = toChildArray(children).filter((child) =>
    typeof child !== "object" || !added.has(headKey(child) ?? "")
  );
  return h(Fragment, null, kept, [...added.values()]);
}

function headKey(vnode: VNode): string | undefined {
  const props = vnode.props as Record<string, unknown>;
  if (vnode.type === "title") return "title";
  if (vnode.type === "meta" && (props.name ?? props.property)) {
    return `meta ${props.name ?? props.property} ${props.media ?? ""}`;
  }
  return vnode.type === "link" && props.rel === "canonical" ? "canonical" : undefined;
}

/**
 * The HTML of a page. The inner part is rendered first, so that its `Head` is known when the app wrapper around it
 * (`outer`, which shows the component given to `setSlot`) prints the head.
 */
export function renderDocument(
  inner: ComponentChildren,
  outer: VNode | null,
  setSlot: (slot: FunctionComponent) => void,
  { site, nonce }: { site: Site; nonce?: string },
): string {
  const state: RenderState = {
    head: [],
    islands: [],
    hashOf: (address) => site.files.get(address)?.hash,
  };
  current = state;
  setRendering(state);
  try {
    let html = renderToString(h(Fragment, null, inner));
    if (outer) {
      const content = html;
      setSlot(() => jsxTemplate([content]) as VNode);
      html = renderToString(outer);
    }
    if (!/<html[\s>]/.test(html)) {
      const head = renderToString(h("head", null, h("meta", { charset: "utf-8" })));
      html = `<html>${head}<body>${html}</body></html>`;
    }
    return "<!DOCTYPE html>" + withIslands(html, state.islands, site, nonce);
  } finally {
    current = null;
    setRendering(null);
  }
}

/** Adds what hydrates the islands: preloads to the head; the props and the client to the body's end. */
function withIslands(html: string, islands: IslandCall[], site: Site, nonce?: string): string {
  const { bundle } = site;
  if (islands.length === 0 || !bundle) return html;
  const attribute = nonce ? ` nonce="${nonce.replace(/[^\w+/=-]/g, "")}"` : "";
  const url = (file: string) => `/islands/${file}`;
  const calls = islands.map((
    [file, exported, props],
  ) => [url(bundle.islands[file]), exported, props]);
  const files = new Set([bundle.client, ...islands.map(([file]) => bundle.islands[file])]);
  for (const file of files) bundle.imports[file]?.forEach((chunk) => files.add(chunk));
  const preloads = [...files].map((file) => `<link rel="modulepreload" href="${url(file)}">`);
  // "<" is escaped so that no prop can end the element; the type makes it data that is never run.
  const json = JSON.stringify(calls).replace(/</g, "\\u003c");
  const scripts =
    `<script type="application/json" id="fresh-islands"${attribute}>${json}</script>` +
    `<script type="module" src="${url(bundle.client)}"${attribute}></script>`;
  const head = html.indexOf("</head>");
  const body = html.lastIndexOf("</body>");
  return html.slice(0, head) + preloads.join("") + html.slice(head, body) + scripts +
    html.slice(body);
}

/** Throws where a prop would not arrive in the browser as it is on the server. */
function checkProps({ file }: Island, props: unknown): void {
  JSON.stringify(props, function (key, value) {
    const raw = key === "" ? value : this[key];
    const unfit = typeof raw === "function" || typeof raw === "symbol" || typeof raw === "bigint" ||
      isValidElement(raw) || raw instanceof Map || raw instanceof Set || raw instanceof Date ||
      (typeof raw === "object" && raw !== null && typeof raw.peek === "function");
    if (unfit) {
      throw new TypeError(
        `Island "${file}": the prop "${key}" can't be sent to the browser. Props are plain JSON data, not functions, elements, signals, dates, maps or sets.`,
      );
    }
    return value;
  });
}

function comment(text: string): VNode {
  return h(Fragment, { UNSTABLE_comment: text } as Record<string, string>) as VNode;
}
