/** Prints an answer as it comes, with its marks, for a terminal or a pipe. */
import type { AnswerEvent } from "../lib/answer/types.ts";

/**
 * Turns events into printed text. A mark comes after the words it supports, often when the space behind them has
 * come already: so space and asterisks at the end are held back until it is known what follows.
 */
export class AskPrinter {
  readonly #print: (text: string) => void;
  /** Text of the answer that is not printed yet, and the offset in the answer where it begins. */
  #held = "";
  #from = 0;
  #afterMark = false;
  #begun = false;

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  take(event: AnswerEvent): void {
    switch (event.type) {
      case "passages":
        if (this.#begun) this.#print("\n\n(Begun again.)\n\n");
        this.#begun = false;
        this.#held = "";
        this.#from = 0;
        this.#afterMark = false;
        break;
      case "text":
        this.#held += event.delta;
        this.#release(this.#from + this.#held.trimEnd().replace(/\*+$/, "").length);
        break;
      case "citation":
        this.#release(event.citation.at);
        this.#print(`${this.#afterMark ? "" : " "}[${event.citation.index}]`);
        this.#afterMark = true;
        break;
    }
  }

  /** Ends the answer's last line. */
  end(): void {
    this.#release(this.#from + this.#held.trimEnd().length);
    this.#print("\n");
  }

  /** Prints up to this offset of the answer, the asterisks of strong words left out. */
  #release(to: number): void {
    const count = Math.max(0, Math.min(to - this.#from, this.#held.length));
    if (count === 0) return;
    this.#print(this.#held.slice(0, count).replaceAll("**", ""));
    this.#held = this.#held.slice(count);
    this.#from += count;
    this.#afterMark = false;
    this.#begun = true;
  }
}
