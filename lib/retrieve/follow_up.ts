/** Questions that only make sense after another one: "and for DoD?", "what about the written version?" */
import { parseCitations } from "../regulation/citations.ts";
import { cuesOf } from "./features.ts";
import { searchWords, stem, tokens } from "./words.ts";
import type { Turn } from "./types.ts";

/** Words that point back to what was said. */
const POINTS_BACK =
  /\b(?:it|its|they|them|their|theirs|that|this|those|these|same|former|latter|instead|otherwise)\b|\b(?:ones?|too|also|there)\b(?=[\s?.!]*$)/i;
/** Of those, the ones that stand for the very thing that was talked about. */
const STANDS_FOR =
  /\b(?:it|its|they|them|their|theirs|that|this|those|these|same|former|latter)\b/i;
const OPENS =
  /^\s*(?:(?:ok(?:ay)?|so|well|right|thanks|thank you|great|hmm|and|but|or|also|then|now)[,.;:!]?\s+)*(?:and\b|but\b|or\b|so\b|what about|how about|what if|why|same (?:for|with)|does (?:it|that|this)|is (?:it|that|this)|do (?:they|those)|are (?:they|those)|for |with |in |under |at )/i;
/** A question with this many words of its own that points nowhere stands by itself. */
const ENOUGH_WORDS = 9;
/** Not worth searching, but "before award" and "after award" are two questions. */
const CONTRASTS = /\b(?:before|after|without|other|not|above|below)\b/gi;

/** A text to search for, and how much what it finds weighs. */
export interface WeighedText {
  text: string;
  weight: number;
}

/** What a follow-up adds to the scores of sections, in log-odds, by what the last answer named. */
export interface Raises {
  /** The section it named first, and the others. */
  first: number;
  named: number;
  /** Those around the ones it named: their subpart's, of a clause its family's. */
  around: number;
  /** The DFARS sections that supplement the ones it named. */
  supplement: number;
}

/** How a question is searched. */
export interface Search {
  /** The question to search for; what the reader is told was searched. */
  query: string;
  /** Texts that count besides it. */
  besides: WeighedText[];
  /** Absent where the question stands by itself. */
  raises?: Raises;
}

/** "Does it flow down?": the words are about what was said. */
const SAME: Raises = { first: 3, named: 3, around: 0, supplement: 0 };
/** "How long may it last?": a new side of what was said, often in a section beside it. */
const OTHER_SIDE: Raises = { first: 2, named: 2, around: 1, supplement: 0 };
/** "And for postaward?": another subject beside the one before, whose section answered already. */
const OTHER_SUBJECT: Raises = { first: -2, named: 0, around: 4, supplement: 0 };
/** "And for DoD?" */
const DEFENSE: Raises = { first: 1, named: 1, around: 0, supplement: 4 };
/** A stand-alone question has its words; what was named only decides between equals. */
const STANDS_ALONE: Raises = { first: 1, named: 1, around: 1, supplement: 0 };

/** Own words count by themselves too, and what was asked before counts less (docs/retrieval.md, "Follow-ups"). */
const OWN = 0.25;
const BEFORE = -0.5;

/**
 * How a question is searched after what was said before. One that stands by itself is searched as it is. A follow-up
 * is searched with the last question's words, or as the stand-alone question that somebody made of it; `raises` says
 * what the sections of the last answer count.
 */
export function searchOf(
  question: string,
  history: readonly Turn[],
  standAlone?: string,
): Search {
  const last = history.at(-1);
  if (!last || !isFollowUp(question)) return { query: question, besides: [] };
  if (standAlone) return { query: standAlone, besides: [], raises: STANDS_ALONE };
  const query = `${last.question.trim()} ${question.trim()}`;
  const own = { text: question, weight: OWN };
  const adds = cuesOf(question).defense && !cuesOf(last.question).defense;
  if (!hasOwnWords(question, last.question)) {
    return { query, besides: [], raises: adds ? DEFENSE : SAME };
  }
  if (STANDS_FOR.test(question)) return { query, besides: [own], raises: OTHER_SIDE };
  const before = { text: last.question, weight: BEFORE };
  return {
    query,
    besides: [own, before],
    raises: adds ? { ...OTHER_SUBJECT, supplement: DEFENSE.supplement } : OTHER_SUBJECT,
  };
}

/** Whether a question has words worth searching that the one before has not; "DoD" says for whom, not what. */
function hasOwnWords(question: string, before: string): boolean {
  const said = new Set(tokens(before).map(stem));
  return [...searchWords(question), ...question.toLowerCase().match(CONTRASTS) ?? []]
    .some((word) => !said.has(stem(word)) && !cuesOf(word).defense);
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

/** Whether a question leans on what was said before it. */
export function isFollowUp(question: string): boolean {
  if (parseCitations(question).length > 0 && !OPENS.test(question)) return false;
  const own = searchWords(question).length;
  if (OPENS.test(question)) return own < 2 * ENOUGH_WORDS;
  if (own <= 3) return true;
  return POINTS_BACK.test(question) && own < ENOUGH_WORDS && tokens(question).length < 25;
}
