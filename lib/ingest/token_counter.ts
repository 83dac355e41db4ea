/** Token counts of many overlapping pieces of text, with few questions to the model's tokenizer. */

/** The tokens that every text has besides its words: [CLS] and [SEP]. */
export const SPECIAL_TOKENS = 2;

/**
 * What parts words for a BERT tokenizer. Words are tokenized one by one, so the count of a text is the sum over its
 * words: a word that has been counted once need not be counted again.
 */
const WHITE_SPACE = /[\s\p{Zs}]+/u;

/** Runs of one sign, such as the line of a form to fill in: three say the same to the model as thirty. */
const RUN_OF_SIGNS = /([_.\-–—*=•·~])\1{3,}/gu;

/** A text as the model gets it: blanks of forms shortened, since each sign of them would count as a token. */
export function modelText(text: string): string {
  return text.replace(RUN_OF_SIGNS, "$1$1$1");
}

/** Asks how many tokens each text has, special tokens included. */
export type CountTokens = (texts: string[]) => Promise<number[]>;

/** Counts the tokens of texts whose words it has learned. */
export class TokenCounter {
  readonly #countTokens: CountTokens;
  readonly #words = new Map<string, number>();

  constructor(countTokens: CountTokens) {
    this.#countTokens = countTokens;
  }

  /** Makes sure that `of` knows every word of `texts`. */
  async learn(texts: Iterable<string>): Promise<void> {
    const unknown = new Set<string>();
    for (const text of texts) {
      for (const word of modelText(text).split(WHITE_SPACE)) {
        if (word !== "" && !this.#words.has(word)) unknown.add(word);
      }
    }
    const words = [...unknown];
    const counts = await this.#countTokens(words);
    words.forEach((word, i) => this.#words.set(word, counts[i] - SPECIAL_TOKENS));
  }

  /** Tokens of `text` without the special ones. Throws when it has a word that was not learned. */
  of(text: string): number {
    let sum = 0;
    for (const word of modelText(text).split(WHITE_SPACE)) {
      if (word === "") continue;
      const count = this.#words.get(word);
      if (count === undefined) throw new Error("a word was not learned before it was counted");
      sum += count;
    }
    return sum;
  }
}

/**
 * Token counts without a tokenizer, for when the model is unavailable: rather too many than too few, so that chunks
 * made with it are no longer than the others.
 */
// deno-lint-ignore require-await -- has the form of a tokenizer that has to be waited for
export async function estimateTokens(texts: string[]): Promise<number[]> {
  return texts.map((text) => {
    let tokens = SPECIAL_TOKENS;
    for (const [piece] of text.matchAll(/\p{L}+|\p{N}+|[^\s\p{L}\p{N}]/gu)) {
      tokens += /\p{L}/u.test(piece) ? Math.ceil(piece.length / 5) : Math.ceil(piece.length / 2);
    }
    return tokens;
  });
}
