/** Counts what a file held while its sections pass, and says what was odd about it. */
import type { Section } from "./types.ts";

/** Sections, words and oddities of one file. */
export class SectionTally {
  sections = 0;
  /** Words in the sections' texts, parted by white space. */
  words = 0;
  /** Pieces of text that stood in no section. */
  outside = 0;
  #times = new Map<string, number>();
  #empty: string[] = [];

  add(section: Section): void {
    this.sections++;
    this.words += countWords(section.text);
    this.#times.set(section.number, (this.#times.get(section.number) ?? 0) + 1);
    if (section.text === "" && !section.reserved) this.#empty.push(section.number);
  }

  /** What was odd and kept, a sentence each. */
  notices(): string[] {
    const notices: string[] = [];
    for (const [number, times] of this.#times) {
      if (times === 2) notices.push(`${number} occurs twice; both are kept.`);
      else if (times > 2) notices.push(`${number} occurs ${times} times; all are kept.`);
    }
    if (this.#empty.length === 1) notices.push(`${this.#empty[0]} has a heading and no text.`);
    else if (this.#empty.length > 1) {
      notices.push(`${this.#empty.length} sections have a heading and no text.`);
    }
    if (this.outside > 0) {
      notices.push(
        `${plural(this.outside, "piece")} of text outside of any section ${
          this.outside === 1 ? "was" : "were"
        } left out.`,
      );
    }
    return notices;
  }
}

/** "1 section", "3,496 sections". */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

function countWords(text: string): number {
  return text === "" ? 0 : text.split(/\s+/).length;
}
