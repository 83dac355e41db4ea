/**
 * The rules of the question bank and the briefs, checked against the section's text. What they guard: a brief that
 * states a figure the regulation doesn't, and words that are the regulation's and not ours.
 */

/** A section as the rules need it. */
export interface RuledSection {
  title: string;
  text: string;
}

/** Words in a row that our text may not share with the section's. */
const SHARED_RUN = 8;
const QUESTION_WORDS = [4, 40] as const;
const BRIEF_WORDS = [8, 110] as const;

/** What is wrong with a question, in words; empty when nothing is. */
export function questionFaults(question: string, section: RuledSection): string[] {
  return [...lengthFaults(question, QUESTION_WORDS), ...sharedRunFaults(question, section)];
}

/** What is wrong with a brief, in words; empty when nothing is. */
export function briefFaults(brief: string, section: RuledSection): string[] {
  return [
    ...lengthFaults(brief, BRIEF_WORDS),
    ...sharedRunFaults(brief, section),
    ...figureFaults(brief, section),
  ];
}

/** A question as compared with others: no case, no punctuation, no articles. */
export function normalizedQuestion(question: string): string {
  return wordsOf(question).map((word) => word.key).filter((word) =>
    !["a", "an", "the"].includes(word)
  )
    .join(" ");
}

function lengthFaults(text: string, [least, most]: readonly [number, number]): string[] {
  const count = text.split(/\s+/).filter(Boolean).length;
  return count < least || count > most
    ? [`expected ${least} to ${most} words, found ${count}`]
    : [];
}

/** A word; "U.S.C." is one, and so is a section number with its paragraph, "1.301(a)(2)". */
const WORD = /(?:\p{L}\.){2,}|[\p{L}\p{N}]+(?:[.,-]\p{N}+)*(?:\([a-z0-9]{1,5}\))*/giu;

interface Word {
  key: string;
  printed: string;
}

function wordsOf(text: string): Word[] {
  return [...text.normalize("NFKC").replace(/[’']/g, "").matchAll(WORD)].map((
    [word],
  ) => ({
    key: word.toLowerCase(),
    printed: word,
  }));
}

/**
 * A run of words that stands in the section too. Names are excepted (of clauses, forms, laws, officials): a run
 * counts as a name when most of its long words are capitalized in the regulation, or when the title holds it.
 */
function sharedRunFaults(ours: string, section: RuledSection): string[] {
  const own = wordsOf(ours);
  if (own.length < SHARED_RUN) return [];
  const theirs = wordsOf(section.text);
  const starts = new Map<string, number>();
  for (let i = 0; i + SHARED_RUN <= theirs.length; i++) {
    starts.set(runKey(theirs, i), i);
  }
  const title = ` ${wordsOf(section.title).map((word) => word.key).join(" ")} `;
  for (let i = 0; i + SHARED_RUN <= own.length; i++) {
    const key = runKey(own, i);
    const at = starts.get(key);
    if (at === undefined || title.includes(` ${key} `)) continue;
    if (isName(theirs.slice(at, at + SHARED_RUN))) continue;
    return [`shares ${SHARED_RUN} words in a row with the section: “${key}”`];
  }
  return [];
}

function runKey(words: Word[], at: number): string {
  return words.slice(at, at + SHARED_RUN).map((word) => word.key).join(" ");
}

function isName(run: Word[]): boolean {
  const long = run.filter((word) => word.key.length > 3);
  const capitalized = long.filter((word) => /^[\p{Lu}\p{N}]/u.test(word.printed));
  return capitalized.length >= Math.ceil(long.length * 0.6);
}

const NUMBER_WORDS =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
    .split(" ");
const MORE_NUMBER_WORDS: Record<string, string> = {
  thirty: "30",
  forty: "40",
  fifty: "50",
  sixty: "60",
  ninety: "90",
  hundred: "100",
  half: "0.5",
  first: "1",
  second: "2",
  third: "3",
};

/** Figures of a text as plain numbers: "$2,500,000" and "$2.5 million" are both 2500000. */
export function figuresOf(text: string): Set<string> {
  const figures = new Set<string>();
  const plain = text.normalize("NFKC").replace(/⁄/g, "/");
  for (
    const match of plain.matchAll(
      /(?<![\d.-])\$?(\d+(?:,\d{3})*(?!\d)(?:\.\d+)?|\d+)(?:[\s-]*(thousand|million|billion|K|M|B)\b)?/g,
    )
  ) {
    const number = Number(match[1].replaceAll(",", ""));
    const scale = { thousand: 1e3, k: 1e3, million: 1e6, m: 1e6, billion: 1e9, b: 1e9 }[
      match[2]?.toLowerCase() as "k"
    ] ?? 1;
    figures.add(String(Number((number * scale).toPrecision(12))));
    figures.add(String(number));
  }
  for (const { key } of wordsOf(plain)) {
    const small = NUMBER_WORDS.indexOf(key);
    if (small >= 0) figures.add(String(small));
    if (MORE_NUMBER_WORDS[key]) figures.add(MORE_NUMBER_WORDS[key]);
  }
  return figures;
}

/** Section, clause and law numbers, form numbers and the like name something; they are not figures. */
const NAMES =
  /\b(?:\d{1,4}\.\d{1,4}(?:-\d+)*(?:\([a-z0-9]+\))*|(?:[Pp]arts?|[Ss]ubparts?|[Tt]itle|[Cc]hapter|[Ss]ections?|[Ff]orms?|SF|DD|CFR|U\.S\.C\.|NAICS|ISO|SP|CAS|OF|Law|L\.|Letter|Act of|Circular|Directive|Instruction|Alternates?|Table|Appendix)\s*[\w.()/-]*\d[\w.()/-]*(?:,? (?:and |or )?\d[\dA-Z]*)*|\d+\s+(?:U\.S\.C\.|CFR)\s*[\w.()-]*|[A-Z]+-?\d[\w-]*|[48]\(a\)|-?7\d{3}\b|\(\d+\))/g;

function figureFaults(brief: string, section: RuledSection): string[] {
  const stated = brief.replace(NAMES, " ");
  const known = figuresOf(section.text + " " + section.title);
  const unknown: string[] = [];
  for (
    const match of stated.matchAll(
      /(?<![\d.-])\$?(\d+(?:,\d{3})*(?!\d)(?:\.\d+)?|\d+)(?:[\s-]*(thousand|million|billion|K|M|B)\b)?/g,
    )
  ) {
    const candidates = [...figuresOf(match[0])];
    if (!candidates.some((figure) => known.has(figure))) unknown.push(match[0].trim());
  }
  return unknown.length > 0
    ? [`states what the section's text does not: ${unknown.join(", ")}`]
    : [];
}
