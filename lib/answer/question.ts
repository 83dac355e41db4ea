/** What may be asked: the text of a question, cleaned, or a `Problem` that says what is wrong with it. */
import { Problem } from "../problem.ts";
import type { Collection } from "../regulation/types.ts";

/** Characters a question may have, as readers count them (code points). */
export const MAX_QUESTION = 4000;

const COLLECTIONS: Collection[] = ["far", "dfars", "uploads"];

/** Control characters, except line breaks and tabs, and those that reorder or hide text. */
const UNSEEN = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029]/gu;

/**
 * The question without control characters and outer space; its words are not touched, whatever language or markup
 * they are. Throws a `Problem`: 400 when nothing is left, 413 above 4,000 characters.
 */
export function cleanQuestion(question: unknown): string {
  if (typeof question !== "string") {
    throw new Problem(
      `Expected a question as text, found ${question === undefined ? "none" : typeof question}.`,
      {
        next: "Send the question as a string.",
      },
    );
  }
  const clean = question.toWellFormed().replace(/\r\n?/g, "\n").replace(UNSEEN, "").trim();
  if (clean === "") {
    throw new Problem("Expected a question, found an empty one.", {
      next:
        "Type a question about the FAR or DFARS, for example: When are certified cost or pricing data required?",
    });
  }
  const length = [...clean].length;
  if (length > MAX_QUESTION) {
    const shown = (n: number) => n.toLocaleString("en-US");
    throw new Problem(
      `Expected a question of at most ${shown(MAX_QUESTION)} characters, found ${shown(length)}.`,
      { next: "Shorten it to the facts that matter and ask again.", status: 413 },
    );
  }
  return clean;
}

/** The collections asked for, none twice; undefined when the question is not limited. Throws a `Problem` (400). */
export function cleanCollections(collections: unknown): Collection[] | undefined {
  if (collections === undefined || collections === null) return undefined;
  const listed = Array.isArray(collections) ? collections : [collections];
  const unknown = listed.find((collection) => !COLLECTIONS.includes(collection));
  if (unknown !== undefined) {
    throw new Problem("Expected the collections far, dfars or uploads, found another name.", {
      next: "Leave collections out to ask all of them.",
    });
  }
  return listed.length === 0 ? undefined : [...new Set(listed as Collection[])];
}
