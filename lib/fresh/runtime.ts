/** What components use on the server and in the browser: import it as `fresh/runtime`. */
import { type ComponentChildren, toChildArray, type VNode } from "preact";

export const IS_BROWSER = typeof document !== "undefined";
export const ASSET_PARAM = "__frsh_c";

/** What belongs to the document being rendered. Rendering is synchronous, so there is one at a time. */
export const rendering: { head?: VNode[]; hashOf?: (file: string) => string | undefined } = {};

/** Puts its children into the document's head; a title or named meta replaces the app wrapper's. */
export function Head({ children }: { children?: ComponentChildren }): null {
  for (const child of toChildArray(children)) {
    if (typeof child === "object") rendering.head?.push(child);
  }
  return null;
}

/** The address of a static file with its content's hash, so that it may be cached for good. */
export function asset(address: string): string {
  const hash = rendering.hashOf?.(address);
  return hash ? `${address}?${ASSET_PARAM}=${hash}` : address;
}
