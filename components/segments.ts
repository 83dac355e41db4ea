/**
 * Cuts a text at every boundary of overlapping ranges (italics, links, marked words), so that each piece can be
 * printed with exactly the elements that cover it. Ranges come from different sources (the regulation's own
 * markup, cross-references, the words an answer quotes) and may overlap in any way; HTML elements may not.
 */

/** How a piece of text is printed. */
export type Style = "italic" | "bold" | "sup" | "sub";

/** A half-open range of a text with what it means; offsets beyond the text are cut to it. */
export interface TextRange {
  start: number;
  end: number;
  style?: Style;
  /** Address the words link to. */
  href?: string;
  /** Said of the link on hover, e.g. the title of the section it leads to. */
  title?: string;
  /** The words are marked: quoted by an answer or matched by a search. */
  mark?: boolean;
  /** The words are verbatim from the regulation, inside words that are not. */
  quote?: boolean;
}

/** Pieces that share styles. */
export interface StyledPiece {
  text: string;
  styles: Style[];
}

/** Consecutive pieces that share a mark. */
export interface MarkedRun {
  mark: boolean;
  quote: boolean;
  pieces: StyledPiece[];
}

/** Consecutive runs that share a link (or have none). */
export interface LinkedRun {
  href?: string;
  title?: string;
  runs: MarkedRun[];
}

/**
 * The text as nested runs: link outside, mark inside it, styles innermost. Concatenating the pieces gives the text
 * between `from` and `to` exactly. Where links overlap the one that starts first wins.
 */
export function segments(
  text: string,
  ranges: TextRange[],
  from = 0,
  to = text.length,
): LinkedRun[] {
  const cuts = new Set([from, to]);
  const live: TextRange[] = [];
  for (const range of ranges) {
    const start = Math.max(from, Math.min(range.start, to));
    const end = Math.max(from, Math.min(range.end, to));
    if (!(start < end)) continue;
    live.push({ ...range, start, end });
    cuts.add(start);
    cuts.add(end);
  }
  const links = withoutOverlap(live.filter((range) => range.href));
  const points = [...cuts].sort((a, b) => a - b);
  const out: LinkedRun[] = [];
  for (let i = 0; i + 1 < points.length; i++) {
    const [start, end] = [points[i], points[i + 1]];
    const covering = live.filter((r) => r.start <= start && r.end >= end);
    const link = links.find((r) => r.start <= start && r.end >= end);
    const styles = [...new Set(covering.flatMap((r) => r.style ? [r.style] : []))].sort();
    append(out, {
      text: text.slice(start, end),
      link,
      mark: covering.some((r) => r.mark),
      quote: covering.some((r) => r.quote),
      styles,
    });
  }
  return out;
}

function withoutOverlap(links: TextRange[]): TextRange[] {
  const kept: TextRange[] = [];
  for (const link of links.toSorted((a, b) => a.start - b.start)) {
    if (kept.length === 0 || kept[kept.length - 1].end <= link.start) kept.push(link);
  }
  return kept;
}

interface Cut {
  text: string;
  link: TextRange | undefined;
  mark: boolean;
  quote: boolean;
  styles: Style[];
}

/** Adds a piece to the run it belongs to, or starts a new one; `links` keeps two neighbours with one address apart. */
function append(out: (LinkedRun & { link?: TextRange })[], cut: Cut): void {
  let linked = out[out.length - 1];
  if (!linked || linked.link !== cut.link) {
    linked = { href: cut.link?.href, title: cut.link?.title, runs: [], link: cut.link };
    out.push(linked);
  }
  let run = linked.runs[linked.runs.length - 1];
  if (!run || run.mark !== cut.mark || run.quote !== cut.quote) {
    run = { mark: cut.mark, quote: cut.quote, pieces: [] };
    linked.runs.push(run);
  }
  const piece = run.pieces[run.pieces.length - 1];
  if (piece && piece.styles.join() === cut.styles.join()) piece.text += cut.text;
  else run.pieces.push({ text: cut.text, styles: cut.styles });
}
