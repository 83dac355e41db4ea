import type { Section } from "../lib/regulation/types.ts";
import { layoutParagraphs } from "./paragraph_layout.ts";
import { ParagraphView } from "./paragraph_view.tsx";
import type { TextRange } from "./segments.ts";

interface SectionTextProps {
  section: Pick<Section, "text" | "paragraphs">;
  /** Cross-references, with offsets into the section's text. */
  links: TextRange[];
  /** Quoted or searched words. */
  marks: { start: number; end: number }[];
  idPrefix?: string;
}

/** The words of a section: every paragraph with its markup, links and marks. */
export function SectionText({ section, links, marks, idPrefix = "" }: SectionTextProps) {
  const { text, paragraphs } = section;
  const ranges: TextRange[] = [
    ...links,
    ...marks.map((mark) => ({ ...mark, mark: true })),
    ...paragraphs.flatMap((paragraph) =>
      (paragraph.spans ?? []).map(({ start, end, style }) => ({
        start: paragraph.start + start,
        end: paragraph.start + end,
        style,
      }))
    ),
  ].sort((a, b) => a.start - b.start);
  return (
    <div class="regulation">
      {layoutParagraphs(text, paragraphs).map((block) => (
        <ParagraphView
          key={block.paragraph.anchor}
          block={block}
          text={text}
          ranges={ranges}
          idPrefix={idPrefix}
        />
      ))}
    </div>
  );
}
