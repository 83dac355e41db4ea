/** The order of section numbers, for SQL. */

/**
 * A text that sorts as `compareNumbers` of lib/regulation does, which SQL can't call: the numbers in it by value,
 * so that "1.102" < "1.201" < "1.1001" (subparts 1.1, 1.2 and 1.10), and a section before its subsections.
 * Uploads' numbers ("3", "3.2") sort by value too.
 */
export function sortKey(number: string): string {
  return number.toLowerCase().replace(/[0-9]+/g, (digits) => digits.padStart(8, "0"))
    // The space is below every letter and digit, so a number comes before the ones it starts.
    .replace(/[^0-9a-z]+/g, " ");
}
