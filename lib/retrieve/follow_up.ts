/** Questions that only make sense after another one: "and for DoD?", "what about the written version?" */
import { parseCitations } from "../regulation/citations.ts";
import { searchWords, tokens } from "./words.ts";
import type { Turn } from "./types.ts";

/** Words that point back to what was said. */
const POINTS_BACK =
  /\b(?:it|its|they|them|their|theirs|that|this|those|these|same|former|latter|instead|otherwise)\b|\b(?:ones?|too|also|there)\b(?=[\s?.!]*$)/i;
const OPENS =
  /^\s*(?:(?:ok(?:ay)?|so|well|right|thanks|thank you|great|hmm|and|but|or|also|then|now)[,.;:!]?\s+)*(?:and\b|but\b|or\b|so\b|what about|how about|what if|why|same (?:for|with)|does (?:it|that|this)|is (?:it|that|this)|do (?:they|those)|are (?:they|those)|for |with |in |under |at )/i;
/** A question with this many words of its own that points nowhere stands by itself. */
const ENOUGH_WORDS = 9;

/**
 * The question as it should be searched: a follow-up gets the last question's words and the sections the last answer
 * named; one that stands by itself is returned as it is.
 */
export function withHistory(question: string, history: readonly Turn[]): string {
  const last = history.at(-1);
  if (!last || !isFollowUp(question)) return question;
  return `${last.question.trim()} ${question.trim()}`;
}

/** The sections an answer named, as written, for a follow-up to be about. */
export function sectionsNamed(history: readonly Turn[]): string[] {
  const last = history.at(-1);
  if (!last) return [];
  const named = parseCitations(`${last.answer}\n${last.question}`)
    .filter(({ kind }) => kind === "section")
    .map(({ number }) => number);
  return [...new Set(named)].slice(0, 8);
}

export function isFollowUp(question: string): boolean {
  if (parseCitations(question).length > 0 && !OPENS.test(question)) return false;
  const own = searchWords(question).length;
  if (OPENS.test(question)) return own < 2 * ENOUGH_WORDS;
  if (own <= 3) return true;
  return POINTS_BACK.test(question) && own < ENOUGH_WORDS && tokens(question).length < 25;
}
