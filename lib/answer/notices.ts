/** What the reader should know of how the text was found. */
import type { Retrieval } from "../retrieve/types.ts";

/** The commonest words of English questions; a question of some length has one of them. */
const ENGLISH = new Set(
  ("a an and any are as at be by can do does for from have how i if in is it may must my need not of on or our shall " +
    "should than that the there this to under we what when where which who why will with you your about after before")
    .split(" "),
);

/** As common words of other languages; a text of theirs has one of them, or a letter that English has not. */
const FOREIGN =
  /[¿¡áàâãäéèêëíìîïóòôõöúùûüñçßœæłşžčřő]|(?<!\p{L})(?:el|la|los|las|que|como|cuando|para|por|una|le|les|des|du|est|quand|qui|pour|une|et|der|die|das|ist|wann|wer|wie|und|ein|eine|von|man|il|che|per|quando|quem|na|nie|jest)(?!\p{L})/iu;

/** Notices about a retrieval, for whichever answer is made of it. */
export function noticesOf(question: string, retrieval: Retrieval): string[] {
  const notices: string[] = [];
  if (!retrieval.usedVectors && !retrieval.abstain) {
    notices.push("The model that compares meanings is not available, so only words were searched.");
  }
  if (!looksEnglish(question)) {
    notices.push(
      "This question does not look like English. The regulation is searched in English, so ask in English where you can.",
    );
  }
  return notices;
}

/** False for a question in another script, and for five words or more with words of another language and none of English. */
export function looksEnglish(question: string): boolean {
  const letters = question.match(/\p{L}/gu) ?? [];
  const latin = question.match(/\p{Script=Latin}/gu) ?? [];
  if (letters.length >= 5 && latin.length < letters.length / 2) return false;
  const words = question.toLowerCase().match(/\p{L}+/gu) ?? [];
  return words.length < 5 || words.some((word) => ENGLISH.has(word)) || !FOREIGN.test(question);
}
