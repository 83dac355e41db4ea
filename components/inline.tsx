import type { ComponentChildren } from "preact";
import {
  type LinkedRun,
  type MarkedRun,
  segments,
  type Style,
  type TextRange,
} from "./segments.ts";

const ELEMENT: Record<Style, "i" | "b" | "sup" | "sub"> = {
  italic: "i",
  bold: "b",
  sup: "sup",
  sub: "sub",
};

interface InlineProps {
  text: string;
  ranges?: TextRange[];
  /** Only this half-open part of the text is printed; ranges keep counting from its beginning. */
  from?: number;
  to?: number;
}

/** A text with its markup, links and marked words. */
export function Inline({ text, ranges = [], from = 0, to = text.length }: InlineProps) {
  if (ranges.length === 0) return <>{text.slice(from, to)}</>;
  return <>{segments(text, ranges, from, to).map(renderLink)}</>;
}

function renderLink(linked: LinkedRun): ComponentChildren {
  const inner = linked.runs.map(renderRun);
  if (!linked.href) return inner;
  return <a href={linked.href} title={linked.title}>{inner}</a>;
}

function renderRun(run: MarkedRun): ComponentChildren {
  let inner: ComponentChildren = run.pieces.map((piece) =>
    piece.styles.reduce<ComponentChildren>((content, style) => {
      const Element = ELEMENT[style];
      return <Element>{content}</Element>;
    }, piece.text)
  );
  if (run.quote) inner = <span class="verbatim">{inner}</span>;
  return run.mark ? <mark>{inner}</mark> : inner;
}
