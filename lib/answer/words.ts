/** Comparing a question with sentences by their words. */

const STOP = new Set(
  ("a an and are as at be been being but by can could did do does for from had has have how i if in into is it its " +
    "may me must my no nor not of on or our shall should so such than that the their them then there these they this " +
    "those to under up was we were what when where which who whom whose why will with would you your about any " +
    "am get need want tell please far dfars regulation section says say mean means").split(" "),
);

/** The words that count, stemmed, in their order; repeated words repeat. */
export function terms(text: string): string[] {
  const found: string[] = [];
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}$][\p{L}\p{N}&.,’'-]*/gu)) {
    const bare = word.replace(/[.,’'-]+$/, "").replace(/[’']s$/, "");
    for (
      const part of bare.includes("-") && !/\d/.test(bare) ? [bare, ...bare.split("-")] : [bare]
    ) {
      if (part.length > 1 && !STOP.has(part)) found.push(stem(part));
    }
  }
  return found;
}

/** A light stem: plural, -ing, -ed, -ion and -ment endings off, so that "awarding" meets "awards". */
export function stem(word: string): string {
  if (word.length <= 4 || /\d/.test(word)) return word;
  const cut = word
    .replace(/(?:ies|ied)$/, "y")
    .replace(/(?:sses)$/, "ss")
    .replace(/([^s])s$/, "$1")
    .replace(/(?:ization|isation)$/, "ize")
    .replace(/(?:ations?|ating|ated|ates?)$/, "at")
    .replace(/(?:ingly|edly|ing|ed|ment|ion|ly|er|or)$/, "")
    .replace(/e$/, "");
  return cut.length >= 3 ? cut : word;
}

/** How much rarer words weigh, from the sentences compared: log(1 + N / n). */
export function rarity(documents: string[][]): (term: string) => number {
  const counts = new Map<string, number>();
  for (const document of documents) {
    for (const term of new Set(document)) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return (term) => Math.log(1 + documents.length / (counts.get(term) ?? 0.5));
}

/** Share of the question's weight that the sentence covers, 0 to 1. */
export function coverage(
  question: string[],
  sentence: string[],
  weight: (term: string) => number,
): number {
  const has = new Set(sentence);
  let all = 0;
  let met = 0;
  for (const term of new Set(question)) {
    const w = weight(term);
    all += w;
    if (has.has(term)) met += w;
  }
  return all === 0 ? 0 : met / all;
}
