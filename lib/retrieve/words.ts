import { type Term, VOCABULARY } from "./vocabulary.ts";

/** Words that say nothing about the subject; kept out of word search so that they cost no time. */
const STOP_WORDS = new Set(
  `a about after again all also am an and any anyone anything are as at away back be because been before
  being both but by can cant could d did didn do does doesn doing don done down each else even ever every
  few for from further get gets getting give given go goes going gonna gone got had has hasn have haven
  having he help her here hers him his how i if in into is isn it its itself just keep know let like ll
  look lot m make makes many may maybe me might more most much must my need needs no nor not now of off
  ok okay on once one only or other our ours out over own per please put really re s said same say says
  see she should shouldn so some somebody someone something still such sure t take tell than that thats
  the their theirs them then there these they thing things think this those through to too under until
  up us use using ve very want wants was wasn way we well were what whats when where whether which while
  who whom whose why will with won would wouldn yes yet you your yours`.split(/\s+/),
);

/** Abbreviations that are also plain words (or place names) and count only in capitals. */
const CAPITALS_ONLY = new Set(
  `co cos car cars com cor cors did dids ear fat it ip ics ia sap pop po pos pp sub subs pia sat qa ve ssa
  mas mac macs cr fp lh loa loe ldr ld lds spot ot ots pla tin cab cas cage fob ada dba pca sca cba baa
  coc cocs jv eft sam ig kr gpr taa fta pba mod da ic ear odc dod soo sow pro wd wds ki it`.split(
    /\s+/,
  ),
);
/** Of those, the ones that people do type in lower case and that are no other word in this field. */
const EITHER_CASE = new Set(
  `sub subs mod sow soo jv sca dba dod baa sat qa loe ld lds cas taa sam eft odc coc po`.split(
    /\s+/,
  ),
);

/** A vocabulary line found in a text. */
export interface FoundTerm {
  term: Term;
  /** Half-open offsets of the words in the text. */
  start: number;
  end: number;
}

const SAID = new Map<string, Term>();
let longestSaid = 1;
for (const term of VOCABULARY) {
  for (const said of term.said) {
    if (!SAID.has(said)) SAID.set(said, term);
    longestSaid = Math.max(longestSaid, said.split(" ").length);
  }
}

/** The places where a text uses a word of the vocabulary, left to right, the longest match first. */
export function findTerms(text: string): FoundTerm[] {
  const found: FoundTerm[] = [];
  const tokens = [...text.matchAll(/\d?[A-Za-z0-9]*(?:[&/.\-][A-Za-z0-9]+)*(?:\([a-zA-Z]\))?/g)]
    .filter((match) => match[0] !== "")
    .map((match) => ({ text: match[0], start: match.index, end: match.index + match[0].length }));
  for (let i = 0; i < tokens.length; i++) {
    for (let n = Math.min(longestSaid, tokens.length - i); n > 0; n--) {
      const last = tokens[i + n - 1];
      const words = text.slice(tokens[i].start, last.end);
      const key = words.toLowerCase().replace(/\s+/g, " ");
      const term = SAID.get(key) ?? SAID.get(key.replace(/['’]?s$/, ""));
      if (!term) continue;
      const plain = CAPITALS_ONLY.has(key) && !EITHER_CASE.has(key);
      if (plain && words !== words.toUpperCase()) continue;
      found.push({ term, start: tokens[i].start, end: last.end });
      i += n - 1;
      break;
    }
  }
  return found;
}

/**
 * The text with the field's abbreviations written out, for the embedding model, which takes "KO" for a boxing
 * term. Both the bank's questions and the user's go through this, so that they meet.
 */
export function writtenOut(text: string): string {
  let out = "";
  let from = 0;
  for (const { term, start, end } of findTerms(text)) {
    const words = text.slice(start, end);
    // Only what the model can't know: capitals, "&", digits; ordinary phrases stay as the user said them.
    if (!/[A-Z&0-9]|^(?:ktr|sub|subs|mod|mods)$/.test(words) && words.length > 4) continue;
    if (/^[a-z]+(?:[ -][a-z]+)+$/.test(words)) continue;
    out += text.slice(from, start) + term.means[0];
    from = end;
  }
  return out + text.slice(from);
}

/** Lower-case words of a text, split as the index splits them (letters and digits). */
export function tokens(text: string): string[] {
  return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "")
    .match(/[\p{L}\p{N}]+/gu) ?? [];
}

const STEMS = new Map<string, string>();

/**
 * A word without its ending, so that "debarred" meets "debarment": cruder than Porter's (1980), and enough to
 * compare short texts.
 */
export function stem(word: string): string {
  let stemmed = STEMS.get(word);
  if (stemmed === undefined) {
    stemmed = word.length < 4
      ? word
      : word.replace(/(?:ational|ations?|ments?|ings?|edly|ed|ies|es|s|ly|ers?)$/, "");
    if (stemmed.length < 3) stemmed = word;
    // Questions bring ever new words; the memory of stems must not grow with them.
    if (STEMS.size < 50_000) STEMS.set(word, stemmed);
  }
  return stemmed;
}

/** Words of a question worth searching: no stop words, each once, at most 40. */
export function searchWords(text: string): string[] {
  const unique = new Set<string>();
  for (const word of tokens(text)) {
    if (STOP_WORDS.has(word) || word.length === 1 || word.length > 40) continue;
    unique.add(word);
    if (unique.size === 40) break;
  }
  return [...unique];
}

/** The words of what the field's vocabulary puts in the place of what was said: written out, or abbreviated. */
export function otherWords(question: string): string[] {
  const words = findTerms(question).flatMap(({ term }) => searchWords(term.means[0]));
  const lower = ` ${tokens(question).join(" ")} `;
  for (const [phrase, said] of SHORT_OF) {
    if (lower.includes(` ${phrase} `)) words.push(...tokens(said));
  }
  return words;
}

/** A phrase as FTS5 takes it; quoting makes every character harmless. */
function quoted(phrase: string): string {
  return `"${phrase.replaceAll('"', " ")}"`;
}

/** Words that are searched, the rarest: "contract" stands in every other text and costs the most time (ten: 5 ms more, nothing found). */
const MOST_WORDS = 6;

/**
 * The FTS5 MATCH expression for a question over regulation text, which writes terms out. A vocabulary term is added as
 * one phrase, so that it counts as one word and never outweighs the user's own. Undefined when there is nothing to
 * search for.
 */
export function matchExpression(
  question: string,
  rarity: (word: string) => number = () => 0,
): string | undefined {
  const words = searchWords(question).sort((a, b) => rarity(b) - rarity(a)).slice(0, MOST_WORDS);
  const phrases = new Set(words.map(quoted));
  for (const { term, start, end } of findTerms(question)) {
    const said = tokens(question.slice(start, end));
    if (said.length > 1) phrases.add(quoted(said.join(" ")));
    for (const means of term.means.slice(0, 2)) phrases.add(quoted(tokens(means).join(" ")));
  }
  return phrases.size === 0 ? undefined : [...phrases].join(" OR ");
}

/** Written-out phrase to the abbreviation most used for it, for the bank's questions. */
const SHORT_OF = VOCABULARY.flatMap((term) => {
  const said = tokens(term.said[0]).join(" ");
  if (term.said[0].length > 7) return [];
  return term.means
    .map((means) => tokens(means).join(" "))
    .filter((phrase) => phrase.includes(" "))
    .map((phrase): [string, string] => [phrase, said]);
});
