/** Defined terms, made comparable. */

/**
 * The form of a term that look-ups compare: lower case, plain quotes and spaces, no "(SBA)" after it, and its last
 * word in the singular. Both sides go through it, so the singular need not be good English, only the same.
 */
export function termKey(term: string): string {
  const plain = term.normalize("NFKC").toLowerCase()
    .replace(/[‘’ʼ]/g, "'").replace(/[“”"]/g, "")
    .replace(/\s*\([^()]*\)\s*/g, " ")
    .replace(/\s+/g, " ").trim().replace(/[.,;:]+$/, "");
  return plain.replace(/[a-z]{4,}$/, singular);
}

function singular(word: string): string {
  if (/(ss|us|is)$/.test(word) || !word.endsWith("s")) return word;
  if (/[^aeiou]ies$/.test(word)) return word.slice(0, -3) + "y";
  if (/(x|z|ch|sh|ss)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}
