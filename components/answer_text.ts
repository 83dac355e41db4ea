/**
 * The little format answers are written in, and where the citation marks stand in it. Pure, so that the server and
 * the browser make the same page of the same text, and nothing of an answer is ever taken for HTML.
 *
 * Paragraphs are separated by an empty line, a single line break breaks the line, "- " begins a list item and
 * `**words**` are strong. Anything else is words.
 */

/** A citation mark: printed after the character before `at`. */
export interface Mark {
  index: number;
  at: number;
}

/** What stands in a line, in order. */
export type Inline =
  | { kind: "text"; text: string; strong: boolean }
  | { kind: "mark"; index: number };

export type AnswerBlock =
  | { kind: "paragraph"; lines: Inline[][] }
  | { kind: "list"; items: Inline[][] };

interface Line {
  start: number;
  text: string;
}

const ITEM = /^\s*[-•*]\s+/;

/**
 * The blocks of an answer with its marks. A mark that does not stand in words (in the space between two
 * paragraphs, beyond the end) stands after the words before it, so that none is lost while the text streams in.
 */
export function answerBlocks(text: string, marks: Mark[] = []): AnswerBlock[] {
  const waiting = marks.map(({ index, at }) => ({ index, at: beforeSpace(text, at) }))
    .sort((a, b) => a.at - b.at || a.index - b.index)
    // Two quotes of one source for the same words are one mark.
    .filter((mark, i, all) => mark.at !== all[i - 1]?.at || mark.index !== all[i - 1].index);
  const blocks: AnswerBlock[] = [];
  let open: AnswerBlock | undefined;
  let previous: Inline[] | undefined;
  for (const line of linesOf(text)) {
    if (line.text.trim() === "") {
      open = undefined;
      continue;
    }
    const item = ITEM.exec(line.text);
    const skip = item ? item[0].length : line.text.length - line.text.trimStart().length;
    // Marks that stand before this line's words belong to the words before them.
    while (previous && waiting.length > 0 && waiting[0].at <= line.start + skip) {
      previous.push({ kind: "mark", index: waiting.shift()!.index });
    }
    const inlines = inlinesOf(line.text.slice(skip), line.start + skip, waiting);
    previous = inlines;
    if (item) {
      if (open?.kind !== "list") blocks.push(open = { kind: "list", items: [] });
      open.items.push(inlines);
    } else if (open?.kind === "list" && /^\s/.test(line.text)) {
      // An indented line continues the item above it.
      const above = open.items[open.items.length - 1];
      above.push({ kind: "text", text: " ", strong: false }, ...inlines);
      previous = above;
    } else {
      if (open?.kind !== "paragraph") blocks.push(open = { kind: "paragraph", lines: [] });
      open.lines.push(inlines);
    }
  }
  for (const mark of waiting) previous?.push({ kind: "mark", index: mark.index });
  return blocks;
}

/** The official sites: no other address in an answer becomes a link. */
const OFFICIAL = /https:\/\/www\.(?:ecfr|acquisition)\.gov\/[^\s<>"”)]*[^\s<>"”).,;:]/g;

/** Words with the addresses of the official sites told apart. */
export function withLinks(text: string): { text: string; href?: string }[] {
  const out: { text: string; href?: string }[] = [];
  let done = 0;
  for (const match of text.matchAll(OFFICIAL)) {
    if (match.index > done) out.push({ text: text.slice(done, match.index) });
    out.push({ text: match[0], href: match[0] });
    done = match.index + match[0].length;
  }
  if (done < text.length) out.push({ text: text.slice(done) });
  return out;
}

/** The designator a quoted list item begins with, "(1)", and what is left of the item. */
export function splitDesignator(item: Inline[]): { designator?: string; rest: Inline[] } {
  const [first, ...rest] = item;
  const match = first?.kind === "text" && !first.strong
    ? /^(\([A-Za-z0-9]{1,5}\))\s+/.exec(first.text)
    : null;
  if (!match || first.kind !== "text") return { rest: item };
  return {
    designator: match[1],
    rest: [{ ...first, text: first.text.slice(match[0].length) }, ...rest],
  };
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const part of text.split("\n")) {
    lines.push({ start, text: part.replace(/\r$/, "") });
    start += part.length + 1;
  }
  return lines;
}

/** The offset moved back over the space before it. */
function beforeSpace(text: string, at: number): number {
  let end = Math.max(0, Math.min(at, text.length));
  while (end > 0 && /\s/.test(text[end - 1])) end--;
  return end;
}

/** One line's words, strong ones told apart, with the marks that stand in them (taken off `waiting`). */
function inlinesOf(text: string, start: number, waiting: Mark[]): Inline[] {
  const out: Inline[] = [];
  const push = (part: string, offset: number, strong: boolean) => {
    let from = 0;
    const partStart = start + offset;
    while (waiting.length > 0 && waiting[0].at <= partStart + part.length) {
      const to = Math.max(from, waiting[0].at - partStart);
      if (to > from) out.push({ kind: "text", text: part.slice(from, to), strong });
      out.push({ kind: "mark", index: waiting.shift()!.index });
      from = to;
    }
    if (from < part.length) out.push({ kind: "text", text: part.slice(from), strong });
  };
  let done = 0;
  for (const match of text.matchAll(/\*\*(?=\S)(.+?)(?<=\S)\*\*/g)) {
    push(text.slice(done, match.index), done, false);
    push(match[1], match.index + 2, true);
    done = match.index + match[0].length;
  }
  push(text.slice(done), done, false);
  return out;
}
