/** What a field suggests while somebody types, and how the keys move through it. Pure. */

export interface Suggestion {
  /** What is put in the field or asked. */
  text: string;
  /** "FAR 15.403-1". */
  label: string;
  /** Where choosing it leads; without it the text is asked. */
  href?: string;
}

/**
 * A question as printed: people ask the bank's questions as they come to mind ("what's the threshold for TINA"), so
 * the first letter is made a capital and a question mark put where there is no end.
 */
export function asQuestion(text: string): string {
  const words = text.trim();
  const end = /[.?!]$/.test(words) ? "" : "?";
  return words.charAt(0).toUpperCase() + words.slice(1) + end;
}

/** The option after a key: -1 is the field itself; both ends lead through it, as in any combobox. */
export function moveOption(key: string, current: number, count: number): number {
  if (count === 0) return -1;
  if (key === "ArrowDown") return current + 1 >= count ? -1 : current + 1;
  if (key === "ArrowUp") return current === -1 ? count - 1 : current - 1;
  return current;
}
