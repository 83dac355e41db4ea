/** Runs in the browser: takes over the islands that the server rendered between comment markers. */
import { type ComponentType, h, hydrate } from "preact";

/** As much of an element as Preact uses, containing the nodes between two markers and nothing else. */
function parentOf(start: Comment, end: Comment): Element {
  const parent = start.parentNode as Element;
  const childNodes: Node[] = [];
  for (let node = start.nextSibling; node && node !== end; node = node.nextSibling) {
    childNodes.push(node);
  }
  return {
    nodeType: 1,
    namespaceURI: parent.namespaceURI,
    childNodes,
    firstChild: childNodes[0] ?? null,
    insertBefore: (node: Node, next: Node | null) => parent.insertBefore(node, next ?? end),
  } as unknown as Element;
}

async function takeOver(call: string, start: Comment, end: Comment): Promise<void> {
  const [url, exported, props] = calls[Number(call)];
  const module: Record<string, ComponentType> = await import(url);
  hydrate(h(module[exported], props), parentOf(start, end));
}

const calls = JSON.parse(document.getElementById("fresh-islands")!.textContent!);
const taken: Promise<void>[] = [];
const markers = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
let start: Comment | undefined;
while (markers.nextNode()) {
  const node = markers.currentNode as Comment;
  if (node.data.startsWith("island:")) start = node;
  else if (node.data === "/island" && start) {
    taken.push(takeOver(start.data.slice(7), start, node));
  }
}
// For tests, which are faster than people: before this a click or a key may find nobody listening.
Promise.all(taken).then(() => document.documentElement.dataset.islands = "ready");
