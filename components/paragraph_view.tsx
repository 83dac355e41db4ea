import type { Paragraph } from "../lib/regulation/types.ts";
import { Inline } from "./inline.tsx";
import type { Block } from "./paragraph_layout.ts";
import type { TextRange } from "./segments.ts";

interface ParagraphViewProps {
  block: Block;
  text: string;
  /** Links and marks, with offsets into `text`. */
  ranges: TextRange[];
  /** In front of every id, for a second edition of the same section on one page. */
  idPrefix: string;
}

/** One paragraph as the regulation prints it, its designator hanging, addressable by its anchor. */
export function ParagraphView({ block, text, ranges, idPrefix }: ParagraphViewProps) {
  const { paragraph, designators, contentStart, level } = block;
  const id = (anchor: string) => idPrefix + anchor;
  const here = ranges.filter((range) => range.start < paragraph.end && range.end > paragraph.start);
  if (paragraph.table) return <TableView paragraph={paragraph} id={id(paragraph.anchor)} />;
  const words = <Inline text={text} ranges={here} from={contentStart} to={paragraph.end} />;
  const kind = KIND_CLASS[paragraph.kind] ??
    (designators.length > 0 ? "para hanging" : "para");
  const alternate = paragraph.kind === "heading" && paragraph.anchor.startsWith("alt-")
    ? " alternate"
    : "";
  const classes = `${kind}${alternate}${level > 0 ? ` level-${Math.min(level, 5)}` : ""}`;
  if (paragraph.kind === "heading") {
    return <h2 class={classes} id={id(paragraph.anchor)}>{words}</h2>;
  }
  if (designators.length === 0) {
    return (
      <div class={classes} id={id(paragraph.anchor)}>
        {paragraph.kind === "text" && (
          <a
            class="permalink"
            href={`#${id(paragraph.anchor)}`}
            data-paragraph=""
            aria-label="Link to this paragraph"
            tabIndex={-1}
          >
            #
          </a>
        )}
        <p>{words}</p>
      </div>
    );
  }
  return (
    <div class={classes} id={id(designators[designators.length - 1].anchor)}>
      <span class="designators">
        {designators.map(({ text, anchor }, i) => (
          <a
            key={anchor}
            class="designator"
            // The innermost anchor is the whole paragraph's.
            id={i < designators.length - 1 ? id(anchor) : undefined}
            href={`#${id(anchor)}`}
            data-paragraph={pathOf(paragraph, designators.length - 1 - i)}
            aria-label={`Paragraph ${pathOf(paragraph, designators.length - 1 - i)}`}
          >
            {text}
          </a>
        ))}
      </span>
      <p>{words}</p>
    </div>
  );
}

const KIND_CLASS: Partial<Record<Paragraph["kind"], string>> = {
  heading: "para heading",
  note: "para note",
  source: "para source-line",
  definition: "para definition",
};

/** "(c)(1)(i)" one up is "(c)(1)". */
function pathOf(paragraph: Paragraph, up: number): string {
  const parts = paragraph.designator.match(/\([^)]+\)/g) ?? [];
  return parts.slice(0, parts.length - up).join("");
}

function TableView({ paragraph, id }: { paragraph: Paragraph; id: string }) {
  const { headerRows, rows } = paragraph.table!;
  const width = Math.max(...rows.map((row) => row.length));
  // A row of one cell in a wider table is a heading across it.
  const span = (row: string[]) => row.length === 1 && width > 1 ? width : undefined;
  return (
    <div class="para">
      <div class="table-scroll" id={id} tabIndex={0} role="region" aria-label="Table">
        <table>
          {headerRows > 0 && (
            <thead>
              {rows.slice(0, headerRows).map((row, i) => (
                <tr key={i}>
                  {row.map((cell, j) => <th key={j} scope="col" colSpan={span(row)}>{cell}</th>)}
                </tr>
              ))}
            </thead>
          )}
          <tbody>
            {rows.slice(headerRows).map((row, i) => (
              <tr key={i}>
                {row.map((cell, j) => <td key={j} colSpan={span(row)}>{cell}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
