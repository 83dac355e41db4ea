/** Where the words of a search stand in a text. */

/** Words that say nothing of what is looked for. */
const COMMON = new Set(
  ("a an and any are as at be been by can could did do does for from had has have how i if in into is it its " +
    "may me must my need no not of on or our shall should so than that the their them there these they this to " +
    "under up us was we were what when where which who whom why will with would you your").split(
      " ",
    ),
);

/**
 * Half-open ranges of `text` where a word of `query` stands, whatever its case and ending; words of up to four
 * letters and numbers must match whole.
 */
export function highlight(text: string, query: string): { start: number; end: number }[] {
  const stems = new Set(
    (query.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}.\-]*/gu) ?? [])
      .map((word) => word.replace(/[.\-]+$/, ""))
      .filter((word) => !COMMON.has(word))
      .map(stemOf),
  );
  if (stems.size === 0) return [];
  return [...text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}.\-]*/gu)].flatMap((match) => {
    const word = match[0].replace(/[.\-]+$/, "");
    if (!stems.has(stemOf(word.toLowerCase()))) return [];
    return [{ start: match.index, end: match.index + word.length }];
  });
}

/** Plural and verb endings off; only for comparing. */
function stemOf(word: string): string {
  if (word.length <= 4 || /\d/.test(word)) return word;
  return word.replace(/(ications?|ations?|ied|ies|ing|ed|es|s)$/, "").replace(/[ye]$/, "");
}
