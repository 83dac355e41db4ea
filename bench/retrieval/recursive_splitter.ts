/**
 * The splitter of the seed's recipe: pieces of at most `size` characters that overlap by up to `overlap`, cut at the
 * first separator that makes them small enough, as LangChain's RecursiveCharacterTextSplitter documents it.
 */
const SEPARATORS = ["\n\n", "\n", " ", ""];

export function splitRecursively(
  text: string,
  size: number,
  overlap: number,
  separators: readonly string[] = SEPARATORS,
): string[] {
  const at = separators.findIndex((separator) => separator === "" || text.includes(separator));
  const separator = separators[at];
  const rest = separators.slice(at + 1);
  const pieces: string[] = [];
  let small: string[] = [];
  for (const part of separator === "" ? [...text] : text.split(separator)) {
    if (part.length <= size) {
      small.push(part);
      continue;
    }
    pieces.push(...merge(small, separator, size, overlap));
    small = [];
    pieces.push(...(rest.length > 0 ? splitRecursively(part, size, overlap, rest) : [part]));
  }
  return [...pieces, ...merge(small, separator, size, overlap)];
}

/** Joins parts to pieces of at most `size`; a piece starts with the parts of the last one that fit into `overlap`. */
function merge(parts: string[], separator: string, size: number, overlap: number): string[] {
  const pieces: string[] = [];
  const current: string[] = [];
  let length = 0;
  const grown = (part: string) => part.length + (current.length > 0 ? separator.length : 0);
  for (const part of parts) {
    if (current.length > 0 && length + grown(part) > size) {
      pieces.push(current.join(separator));
      while (length > overlap || (length > 0 && length + grown(part) > size)) {
        length -= current[0].length + (current.length > 1 ? separator.length : 0);
        current.shift();
      }
    }
    length += grown(part);
    current.push(part);
  }
  if (current.length > 0) pieces.push(current.join(separator));
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== "");
}
