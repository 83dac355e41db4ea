/** The answer as text with its citation marks, on the page, in a terminal and on the clipboard. */
import { citationLabel, officialLinks } from "../regulation/links.ts";
import type { AnswerCitation } from "./types.ts";

/** The answer with " [1]" after the words each citation supports. */
export function withMarks(
  answer: string,
  citations: readonly Pick<AnswerCitation, "index" | "at">[],
): string {
  let marked = "";
  let from = 0;
  for (const { at, indexes } of marksOf(answer, citations)) {
    marked += answer.slice(from, at) + " " + indexes.map((index) => `[${index}]`).join("");
    from = at;
  }
  return marked + answer.slice(from);
}

/** Where marks stand: offsets in rising order, each with the numbers printed there, none twice. */
export function marksOf(
  answer: string,
  citations: readonly Pick<AnswerCitation, "index" | "at">[],
): { at: number; indexes: number[] }[] {
  const marks = new Map<number, Set<number>>();
  for (const { index, at } of citations) {
    const place = Math.max(0, Math.min(at, answer.length));
    marks.set(place, (marks.get(place) ?? new Set()).add(index));
  }
  return [...marks].sort(([a], [b]) => a - b)
    .map(([at, indexes]) => ({ at, indexes: [...indexes].sort((a, b) => a - b) }));
}

/** "FAR 15.403-4(a)(1)", "the document's name, section 3" for uploads; a brief says that it is one. */
export function sourceLabel(citation: AnswerCitation): string {
  if (citation.regulation === "uploads") {
    return `${citation.title} (uploaded document, ${citation.section})`;
  }
  const label = citationLabel(citation.regulation, citation.section, citation.paragraph);
  return citation.kind === "brief" ? `${label} (FARchat’s summary, not the regulation)` : label;
}

/** The address of the official text, or "" for an uploaded document. */
export function sourceUrl(citation: AnswerCitation): string {
  if (citation.regulation === "uploads") return "";
  return officialLinks(citation.regulation, citation.section, citation.paragraph).ecfr;
}

/** The list under an answer, one line a number: "[1] FAR 15.403-4(a)(1), https://www.ecfr.gov/...". */
export function sourceLines(citations: readonly AnswerCitation[]): string[] {
  const first = new Map<number, AnswerCitation>();
  for (const citation of citations) {
    if (!first.has(citation.index)) first.set(citation.index, citation);
  }
  return [...first.values()].sort((a, b) => a.index - b.index).map((citation) => {
    const url = sourceUrl(citation);
    return `[${citation.index}] ${sourceLabel(citation)}${url ? `, ${url}` : ""}`;
  });
}

/** The answer to paste elsewhere: plain text with marks, an empty line, and the sources. */
export function copyText(answer: string, citations: readonly AnswerCitation[]): string {
  const text = withMarks(answer, citations).replace(/\*\*(.+?)\*\*/g, "$1").trim();
  const sources = sourceLines(citations);
  return sources.length ? `${text}\n\n${sources.join("\n")}` : text;
}
