/** What a question that names a section or paragraph gets first: that text itself. */
import { citationLabel } from "../regulation/links.ts";
import type { Paragraph } from "../regulation/types.ts";
import type { Retrieval } from "../retrieve/types.ts";
import type { StoredSection } from "../store/types.ts";
import type { Composer } from "./composer.ts";
import type { AnswerSources } from "./sources.ts";
import type { TextSpan } from "./verify.ts";

/** More than this is not quoted whole; the reader is told that there is more and opens the section. */
const WHOLE = 2400;

/** The text that was asked for by its number. */
export interface AskedText {
  /** Whether it is the whole answer: nothing was asked but the text itself. */
  complete: boolean;
  write(composer: Composer): void;
  covers(section: StoredSection, span: TextSpan): boolean;
}

/** The first section that the question named and the store has; undefined when there is none. */
export function askedParagraph(
  retrieval: Retrieval,
  sources: AnswerSources,
): AskedText | undefined {
  for (const { citation, found } of retrieval.citations) {
    if (!found || citation.kind !== "section" || citation.regulation === "pgi") continue;
    const section = sources.sections.get(citation.regulation, citation.number).find((s) =>
      s.text.trim()
    );
    if (!section) continue;
    const { paragraphs, missing } = named(section, citation.paragraph, citation.alternate);
    const shown = fitting(paragraphs);
    if (shown.length === 0) continue;
    const label = citationLabel(
      citation.regulation,
      citation.number,
      missing ? "" : citation.paragraph,
    );
    return {
      complete: isBare(retrieval.query),
      write: (composer) => {
        if (missing) {
          composer.say(
            `${
              citationLabel(citation.regulation, citation.number)
            } has no paragraph ${citation.paragraph}. `,
          );
        }
        composer.say(`**${label}**, ${section.title}, ${missing ? "begins" : "says"}:\n`);
        for (const paragraph of shown) {
          composer.say("- ").verbatim(section, trimmedSpan(section.text, paragraph));
          if (paragraph !== shown.at(-1)) composer.say("\n");
        }
        composer.cite(
          section,
          trimmedSpan(section.text, { start: shown[0].start, end: shown[shown.length - 1].end }),
        );
        const left = paragraphs.length - shown.length;
        if (left > 0) {
          composer.say(
            `\n- … and ${left} more ${left === 1 ? "paragraph" : "paragraphs"} in the section`,
          );
        }
        composer.say("\n\n");
      },
      covers: (other, span) =>
        other.id === section.id && shown.some((p) => p.start < span.end && p.end > span.start),
    };
  }
  return undefined;
}

/** The named paragraph with those under it; the whole section when none is named or the name is not there. */
function named(
  section: StoredSection,
  designator: string,
  alternate?: string,
): { paragraphs: Paragraph[]; missing: boolean } {
  const printed = section.paragraphs.filter((p) =>
    p.kind !== "source" && section.text.slice(p.start, p.end).trim()
  );
  const start = alternate
    ? section.clause?.alternates.find(({ name }) => name.toLowerCase() === alternate.toLowerCase())
      ?.anchor
    : undefined;
  const from = start ? printed.slice(printed.findIndex((p) => p.anchor === start)) : printed;
  if (!designator) return { paragraphs: from, missing: false };
  const first = from.findIndex((p) => p.designator === designator);
  if (first < 0) return { paragraphs: from, missing: true };
  const rest = from.slice(first);
  const end = rest.findIndex((p, index) => index > 0 && !p.designator.startsWith(designator));
  return { paragraphs: end < 0 ? rest : rest.slice(0, end), missing: false };
}

/** As many of them as may be quoted; the first in any case. */
function fitting(paragraphs: Paragraph[]): Paragraph[] {
  let characters = 0;
  return paragraphs.filter((p, index) => (characters += p.end - p.start) <= WHOLE || index === 0);
}

/** Whether the words ask for nothing but the text: "FAR 15.403-4(a)", "what does DFARS 252.204-7012(c) say?" */
export function isBare(question: string): boolean {
  const rest = question.replace(
    /(?:d?far(?:s)?|section|paragraph|clause|subpart|part|48 cfr|§)/gi,
    " ",
  )
    .replace(/[\d().\-–:?!,;"']+[a-z]?[\d().\-]*/gi, " ")
    .replace(
      /\b(?:what|does|do|is|in|the|say|says|read|reads|show|me|text|of|please|about|under|give|open|tell|requires?|means?|covers?|states?|provides?|explain|summarize|according|to|and|or|[a-z]|[ivx]+)\b/gi,
      " ",
    );
  return rest.trim() === "";
}

function trimmedSpan(text: string, { start, end }: TextSpan): TextSpan {
  while (start < end && /\s/.test(text[start])) start++;
  while (end > start && /\s/.test(text[end - 1])) end--;
  return { start, end };
}
