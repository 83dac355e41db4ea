/** Runs in the browser: takes over the islands that the server rendered between comment markers. */
import { type ComponentType, h, hydrate } from "preact";

type IslandCall = [url: string, exported: string, props: Record<string, unknown>];

/**
 * Something Preact takes for an element whose only children are the nodes between two markers; the real parent may
 * have others, which stay as they are.
 */
function parentOf(start: Comment, end: Comment): Element {
  const parent = start.parentNode as Element;
  const childNodes: Node[] = [];
  for (let node = start.nextSibling; node && node !== end; node = node.nextSibling) {
    childNodes.push(node);
  }
  const insertBefore = (node: Node, before: Node | null) =>
    parent.insertBefore(node, before ?? end);
  return {
    nodeType: 1,
    namespaceURI: parent.namespaceURI,
    parentNode: parent,
    childNodes,
    firstChild: childNodes[0] ?? null,
    contains: (node: Node) => parent.contains(node),
    insertBefore,
    appendChild: (node: Node) => insertBefore(node, null),
    removeChild: (node: Node) => parent.removeChild(node),
  } as unknown as Element;
}

async function takeOver([url, exported, props]: IslandCall, start: Comment, end: Comment) {
  const module = await import(url) as Record<string, ComponentType<Record<string, unknown>>>;
  hydrate(h(module[exported], props), parentOf(start, end));
}

const calls: IslandCall[] = JSON.parse(document.getElementById("fresh-islands")!.textContent!);
const comments = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
const found: Parameters<typeof takeOver>[] = [];
let start: Comment | undefined;
while (comments.nextNode()) {
  const node = comments.currentNode as Comment;
  if (node.data.startsWith("island:")) start = node;
  else if (node.data === "/island" && start) found.push([calls[+start.data.slice(7)], start, node]);
}
for (const args of found) takeOver(...args).catch((error) => console.error(error));
