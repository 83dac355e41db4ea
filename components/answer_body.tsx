import { type ComponentChildren, Fragment } from "preact";
import { answerBlocks, type Inline, splitDesignator, withLinks } from "./answer_text.ts";
import type { Source } from "./sources.ts";

interface AnswerBodyProps {
  text: string;
  marks: { index: number; at: number }[];
  sources: Source[];
  /** Makes the ids of the page unique: the turn's. */
  turn: number;
  writing?: boolean;
  /** The source being pointed at. */
  active?: number;
}

/** An answer's words with its citation marks; each mark leads to the source of its number. */
export function AnswerBody({ text, marks, sources, turn, writing, active }: AnswerBodyProps) {
  const labels = new Map(sources.map((source) => [source.index, source.label]));
  const seen = new Set<number>();
  const inline = (part: Inline, key: number): ComponentChildren => {
    if (part.kind === "text") {
      const words = withLinks(part.text).map(({ text, href }) =>
        href ? <a key={href} href={href} rel="external noreferrer">{text}</a> : text
      );
      return part.strong ? <strong key={key}>{words}</strong> : words;
    }
    // The source's way back leads to the first mark of its number.
    const first = !seen.has(part.index);
    seen.add(part.index);
    return (
      <a
        key={key}
        id={first ? markId(turn, part.index) : undefined}
        class={part.index === active ? "cite is-active" : "cite"}
        href={`#${sourceId(turn, part.index)}`}
        data-source={part.index}
        title={labels.get(part.index)}
        aria-label={`Source ${part.index}${
          labels.has(part.index) ? `, ${labels.get(part.index)}` : ""
        }`}
      >
        {part.index}
      </a>
    );
  };
  const line = (inlines: Inline[]) => inlines.map(inline);
  const item = (inlines: Inline[], key: number) => {
    const { designator, rest } = splitDesignator(inlines);
    return (
      <li key={key} class={designator && "designated"}>
        {designator && <span class="item-designator">{`${designator} `}</span>}
        {line(rest)}
      </li>
    );
  };
  return (
    <div class={writing ? "answer-text writing" : "answer-text"}>
      {answerBlocks(text, marks).map((block, key) =>
        block.kind === "list" ? <ul key={key}>{block.items.map(item)}</ul> : (
          <p key={key}>
            {block.lines.map((inlines, i) => (
              <Fragment key={i}>
                {i > 0 && <br />}
                {line(inlines)}
              </Fragment>
            ))}
          </p>
        )
      )}
    </div>
  );
}

/** The id of the source numbered `index` of a turn. */
export function sourceId(turn: number, index: number): string {
  return `source-${turn}-${index}`;
}

/** The id of the first mark of that number in the turn's answer. */
export function markId(turn: number, index: number): string {
  return `mark-${turn}-${index}`;
}
