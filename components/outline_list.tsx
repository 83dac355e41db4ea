import type { Regulation } from "../lib/regulation/types.ts";

export interface OutlineItem {
  collection: Regulation;
  number: string;
  title: string;
  reserved?: boolean;
}

/** Sections by number: the number hangs, the title follows; subsections stand under their section. */
export function OutlineList({ items }: { items: OutlineItem[] }) {
  return (
    <ul class="outline-list">
      {items.map(({ collection, number, title, reserved }) => (
        <li key={number} class={number.includes("-") ? "under" : undefined}>
          <a href={`/${collection}/${number}`}>
            <span class="number">{number}</span>
            <span class={reserved ? "title reserved" : "title"}>
              {reserved && !/reserved/i.test(title) ? `[Reserved] ${title}` : title}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
