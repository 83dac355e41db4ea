/**
 * The words an answer quotes, as a part of an address: `?mark=120-340-1k2j3h`. The third part is a checksum of the
 * quoted words, so that a section whose text changed since the answer was written is not marked in the wrong place.
 */

export interface Quote {
  /** Half-open offsets into the section's text. */
  start: number;
  end: number;
  words: string;
}

export interface Marked {
  ranges: { start: number; end: number }[];
  /** How many quotes of the address no longer stand in the text. */
  moved: number;
}

/** More quotes than this are not for reading. */
const MAX_QUOTES = 20;

/** The `mark` parameter for these quotes: "120-340-1k2j3h,500-512-9x8y7z". */
export function markParameter(quotes: Quote[]): string {
  return quotes.slice(0, MAX_QUOTES)
    .map(({ start, end, words }) => `${start}-${end}-${checksum(words)}`).join(",");
}

/**
 * The ranges of `text` that a `mark` parameter names. A quote whose words are elsewhere now counts as moved;
 * what is not in the form is passed over.
 */
export function readMarks(parameter: string | null, text: string): Marked {
  const ranges: Marked["ranges"] = [];
  let moved = 0;
  for (const part of (parameter ?? "").split(",").slice(0, MAX_QUOTES)) {
    const match = /^(\d{1,8})-(\d{1,8})-([a-z0-9]{1,8})$/.exec(part);
    if (!match) continue;
    const [start, end] = [Number(match[1]), Number(match[2])];
    if (start >= end) continue;
    if (end <= text.length && checksum(text.slice(start, end)) === match[3]) {
      ranges.push({ start, end });
    } else {
      moved++;
    }
  }
  return { ranges, moved };
}

/** FNV-1a over UTF-16 code units, base 36. Guards against a changed text, not against people. */
function checksum(words: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) {
    hash = Math.imul(hash ^ words.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}
