/** Paragraphs cut into pieces that fit the model: whole where they do, else at rows, sentences, clauses, words. */
import type { Paragraph, Section } from "../regulation/types.ts";
import type { TokenCounter } from "./token_counter.ts";

/** A piece of a section's text that is not taken apart any more. */
export interface TextUnit {
  /** Index of its paragraph. */
  paragraph: number;
  start: number;
  end: number;
  /** Tokens without the special ones. */
  tokens: number;
  /** It does not start its paragraph. */
  inside: boolean;
}

/** Where a text may be cut, best first; the cut is after the match. */
const CUTS: RegExp[] = [
  /\n+/g,
  // Ends of sentences, but for the full stops of abbreviations, initials and numbers ("U.S. ", "No. ", "e.g. ").
  /(?<!\b(?:\p{L}|No|Nos|Pub|Stat|Sec|Inc|Co|Corp|Ltd|Fed|Reg|Dept|Rev|et seq|cf|vs|Ave|St))[.?!]["”’)\]]*\s+(?=["“‘(\[]?[\p{Lu}\p{N}])/gu,
  /[;:—]\s+/g,
  /,\s+/g,
  /\s+/g,
];

/** A word of so many characters is cut up when it alone is too long: no language has one, a damaged file may. */
const LONGEST_WORD = 100;

/**
 * The units of a section's paragraphs but for `skip`, each of at most `most` tokens, in order, without the white space
 * between them. The counter must have learned the section's text.
 */
export function textUnits(
  section: Section,
  most: number,
  counter: TokenCounter,
  skip: (paragraph: Paragraph) => boolean,
): TextUnit[] {
  const units: TextUnit[] = [];
  section.paragraphs.forEach((paragraph, index) => {
    if (skip(paragraph)) return;
    const pieces = split(section.text, paragraph.start, paragraph.end, most, counter, 0);
    pieces.forEach(({ start, end, tokens }, i) =>
      units.push({ paragraph: index, start, end, tokens, inside: i > 0 })
    );
  });
  return units;
}

interface Piece {
  start: number;
  end: number;
  tokens: number;
}

function split(
  text: string,
  from: number,
  to: number,
  most: number,
  counter: TokenCounter,
  cut: number,
): Piece[] {
  const piece = trimmed(text, from, to, counter);
  if (!piece) return [];
  if (piece.tokens <= most) return [piece];
  if (cut === CUTS.length) return splitWord(text, piece, most);
  const pieces: Piece[] = [];
  const bounds = [...text.slice(piece.start, piece.end).matchAll(CUTS[cut])]
    .map((match) => piece.start + match.index + match[0].length);
  let start = piece.start;
  for (const end of [...bounds, piece.end]) {
    pieces.push(...split(text, start, end, most, counter, cut + 1));
    start = end;
  }
  // Sentences stay apart, so that chunks can break between any two; clauses and words join to long pieces.
  return cut < 2 ? pieces : joined(pieces, most);
}

/** Neighbours put together while they fit. */
function joined(pieces: Piece[], most: number): Piece[] {
  const together: Piece[] = [];
  for (const piece of pieces) {
    const last = together.at(-1);
    if (last && last.tokens + piece.tokens <= most) {
      last.end = piece.end;
      last.tokens += piece.tokens;
    } else together.push({ ...piece });
  }
  return together;
}

/** Cuts a monstrous word into parts of few characters; a character is never cut. */
function splitWord(text: string, word: Piece, most: number): Piece[] {
  const size = Math.min(LONGEST_WORD, most);
  const pieces: Piece[] = [];
  for (let start = word.start; start < word.end;) {
    let end = Math.min(start + size, word.end);
    if (end < word.end && isHighSurrogate(text, end - 1)) end++;
    // No character is more than a token.
    pieces.push({ start, end, tokens: Math.min(end - start, most) });
    start = end;
  }
  return pieces;
}

function isHighSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code <= 0xdbff;
}

function trimmed(text: string, from: number, to: number, counter: TokenCounter): Piece | undefined {
  let start = from;
  let end = to;
  while (start < end && isSpace(text, start)) start++;
  while (end > start && isSpace(text, end - 1)) end--;
  if (start === end) return undefined;
  return { start, end, tokens: counter.of(text.slice(start, end)) };
}

function isSpace(text: string, at: number): boolean {
  return /\s/.test(text[at]);
}
