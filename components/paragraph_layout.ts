/**
 * How the paragraphs of a section stand on the page: which designator hangs in the margin, where the words begin,
 * and which designators stand on one line as the regulation prints them ("(a)(1) An offeror ...").
 */
import type { Paragraph } from "../lib/regulation/types.ts";

/** One designator as printed, with the anchor of the paragraph it belongs to. */
export interface PrintedDesignator {
  text: string;
  anchor: string;
}

/** A paragraph ready to print. */
export interface Block {
  paragraph: Paragraph;
  /** Designators printed before the words, outermost first; empty where the paragraph has none. */
  designators: PrintedDesignator[];
  /** Offset in the section's text where the words after the designators begin. */
  contentStart: number;
  /** Indentation, the level of the outermost printed designator. */
  level: number;
}

const GROUP = /^\s*\(([A-Za-z0-9]{1,6})\)\s*/;

/**
 * Blocks in reading order. A paragraph that is nothing but its designator ("(a)") is not a block of its own: it is
 * printed in front of the deeper paragraph that follows, and its anchor goes with it.
 */
export function layoutParagraphs(text: string, paragraphs: Paragraph[]): Block[] {
  const blocks: Block[] = [];
  let waiting: Block | undefined;
  for (const paragraph of paragraphs) {
    const words = text.slice(paragraph.start, paragraph.end);
    const printed = printedDesignators(words, paragraph);
    let block: Block = {
      paragraph,
      designators: printed.designators,
      contentStart: paragraph.start + printed.length,
      level: Math.max(0, paragraph.level - Math.max(0, printed.designators.length - 1)),
    };
    if (waiting) {
      if (
        block.designators.length > 0 &&
        paragraph.designator.startsWith(waiting.paragraph.designator)
      ) {
        block = {
          ...block,
          designators: [...waiting.designators, ...block.designators],
          level: waiting.level,
        };
      } else {
        blocks.push(waiting);
      }
      waiting = undefined;
    }
    const onlyDesignator = block.designators.length > 0 && block.contentStart >= paragraph.end;
    if (onlyDesignator) waiting = block;
    else blocks.push(block);
  }
  if (waiting) blocks.push(waiting);
  return blocks;
}

/**
 * The designators at the beginning of a paragraph's words, as far as they end the paragraph's designator path:
 * "(c)(1) When ..." with path "(c)(1)" prints both, with path "(b)(c)(1)" too; "(see 15.404)" prints none.
 */
function printedDesignators(
  words: string,
  paragraph: Paragraph,
): { designators: PrintedDesignator[]; length: number } {
  const path = [...paragraph.designator.matchAll(/\(([^)]+)\)/g)].map((match) => match[1]);
  const found: string[] = [];
  let length = 0;
  const lengths: number[] = [];
  for (let rest = words; found.length < path.length;) {
    const match = GROUP.exec(rest);
    if (!match) break;
    found.push(match[1]);
    length += match[0].length;
    lengths.push(length);
    rest = rest.slice(match[0].length);
  }
  for (let count = found.length; count > 0; count--) {
    const tail = path.slice(path.length - count);
    if (tail.join() !== found.slice(0, count).join()) continue;
    return {
      designators: tail.map((name, index) => ({
        text: `(${name})`,
        anchor: index === count - 1
          ? paragraph.anchor
          : ancestorAnchor(paragraph, count - 1 - index),
      })),
      length: lengths[count - 1],
    };
  }
  return { designators: [], length: 0 };
}

/** "c-1-i" one up is "c-1". */
function ancestorAnchor(paragraph: Paragraph, up: number): string {
  return paragraph.anchor.split("-").slice(0, -up).join("-");
}
