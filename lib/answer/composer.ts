/** Puts an answer's text and citations together: our words, quotes of the stored text, briefs. */
import type { Regulation } from "../regulation/types.ts";
import type { AnswerCitation, AnswerEvent } from "./types.ts";
import { type CitedSection, citeRange, type TextSpan } from "./verify.ts";

/**
 * Numbers citations as they come (the same words keep their number) and keeps `at` right: a mark stands just after
 * the closing quotation mark. `events` gives what was added since it was last called.
 */
export class Composer {
  #length = 0;
  #waiting: AnswerEvent[] = [];
  readonly #numbers = new Map<string, number>();

  /** Our own words. */
  say(words: string): this {
    if (!words) return this;
    this.#waiting.push({ type: "text", delta: words });
    this.#length += words.length;
    return this;
  }

  /** Words of the regulation between quotation marks, with their citation. Nothing when the range is not there. */
  quote(section: CitedSection, span: TextSpan): this {
    return this.verbatim(section, span).cite(section, span);
  }

  /** Words of the regulation between quotation marks, on one line; `cite` must follow. */
  verbatim(section: CitedSection, span: TextSpan): this {
    const words = section.text.slice(span.start, span.end).replace(/\s*\n\s*/g, " ");
    return this.say(words.trim() ? `“${words}”` : "");
  }

  /** A citation of the range for the words before it. */
  cite(section: CitedSection, span: TextSpan): this {
    const index = this.#number(`${section.collection} ${section.number} ${span.start}-${span.end}`);
    const citation = citeRange(section, span, { index, at: this.#length });
    return citation ? this.#cite(citation) : this;
  }

  /** FARchat's own summary of a section, cited as what it is. */
  brief(source: { collection: Regulation; number: string; title: string; text: string }): this {
    this.say(source.text);
    return this.#cite({
      index: this.#number(`brief ${source.collection} ${source.number}`),
      regulation: source.collection,
      section: source.number,
      title: source.title,
      paragraph: "",
      anchor: "",
      quote: source.text,
      start: 0,
      end: source.text.length,
      kind: "brief",
      at: this.#length,
    });
  }

  /** What was added since the last call, in order. */
  events(): AnswerEvent[] {
    const events = this.#waiting;
    this.#waiting = [];
    return events;
  }

  #cite(citation: AnswerCitation): this {
    this.#waiting.push({ type: "citation", citation });
    return this;
  }

  #number(key: string): number {
    const known = this.#numbers.get(key) ?? this.#numbers.size + 1;
    this.#numbers.set(key, known);
    return known;
  }
}
