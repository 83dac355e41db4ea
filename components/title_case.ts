/** Headings that the official text prints in capitals, in the capitals of a title: easier to read, nothing else. */

/** Words a title does not capitalize, unless they begin it. */
const SMALL = new Set(
  "a an and as at by for from in into nor of on or per the to under with".split(" "),
);

/** Words that stay as the field writes them. */
const FIXED: Record<string, string> = {
  cas: "CAS",
  dfars: "DFARS",
  dod: "DoD",
  far: "FAR",
  nasa: "NASA",
  omb: "OMB",
  pgi: "PGI",
  "u.s": "U.S",
};

/** "CONTRACTING BY NEGOTIATION" as "Contracting by Negotiation"; a title that has small letters stays as it is. */
export function titleCase(title: string): string {
  if (/\p{Ll}/u.test(title) || !/\p{Lu}{2}/u.test(title)) return title;
  let first = true;
  return title.toLowerCase().replace(/[\p{L}\p{N}]+(?:[.’'][\p{L}\p{N}]+)*/gu, (word) => {
    const small = !first && SMALL.has(word);
    first = false;
    return FIXED[word] ?? (small ? word : word[0].toUpperCase() + word.slice(1));
  });
}
