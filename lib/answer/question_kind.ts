/** What a question asks for, and whether a sentence has it: "who approves" wants an official, "how long" a period. */

/** A kind of answer. A question may ask for several. */
export type Asked =
  | "official"
  | "period"
  | "amount"
  | "condition"
  | "permission"
  | "definition"
  | "clause"
  | "exception"
  | "list";

const QUESTIONS: [Asked, RegExp][] = [
  [
    "official",
    /\b(?:who|whom|whose|approv\w*|sign(?:s|ed|ature)?|which (?:official|office)|what (?:level|official)|authority)\b/i,
  ],
  [
    "period",
    /\b(?:how (?:long|soon|many (?:calendar |business |working )?(?:days?|hours?|weeks?|months?|years?)|late|early|often)|deadline|time ?(?:limit|frame|line|period)|by when|when (?:is|are|does|do|must|should) .*\b(?:due|expire)|days?|within)\b/i,
  ],
  [
    "amount",
    /\b(?:how (?:much|large|big|high)|thresholds?|dollars?|amounts?|limits?|caps?|ceilings?|maximum|minimum|percent\w*|rates?|fees?|values?|above what|over what|worth)\b|[$%]/i,
  ],
  [
    "exception",
    /\b(?:except\w*|exempt\w*|unless|waive[rd]?|when (?:is|are|does|do|can) .*\bnot\b|don[’']?t (?:i|we) (?:need|have))\b/i,
  ],
  [
    "permission",
    /\b(?:can|may|could|allowed?|permitted|prohibit\w*|forbid\w*|am i|are we|is it ok\w*|authori[sz]ed)\b/i,
  ],
  [
    "condition",
    /\b(?:when|must|have to|need to|required?|do (?:i|we)|does|should|mandatory|obligat\w*|apply|applies)\b/i,
  ],
  [
    "definition",
    /^\s*(?:what(?:'s|’s| is| are| does)?\b(?!.*\b(?:required|needed|included?)\b)|define|definition|meaning of)|\b(?:defined|definition|meaning|stands? for)\b/i,
  ],
  ["clause", /\b(?:clauses?|provisions?|flow(?:s|ed)?[ -]?down|insert|52\.2\d\d|252\.2\d\d)\b/i],
  [
    "list",
    /\b(?:what (?:factors?|elements?|information|documents?|items?|steps?|types?|kinds?|things?|must|should|has to|needs? to|goes)|which (?:factors?|elements?|items?|types?)|list|contents?|includ\w*|criteria|circumstances|requirements|examples?)\b/i,
  ],
];

const NUMBER =
  "(?:\\d[\\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty|sixty|ninety)";
const SENTENCES: Record<Asked, RegExp> = {
  official:
    /\b(?:contracting officers?|contracting activity|procurement executives?|agency heads?|head of the|competition advocate|secretary|administrator|director|officials?|authorit(?:y|ies)|approving|chief|commander|counsel|council|general officer|flag officer|SES|level (?:above|higher)|boards?|auditors?|DCMA|DCAA|SBA)\b/i,
  period: new RegExp(
    `\\b${NUMBER}\\)? ?(?:\\(\\d+\\) ?)?(?:-|–| )?(?:calendar |business |working |work |consecutive )?(?:days?|hours?|weeks?|months?|years?)\\b|\\b(?:immediately|promptly|annually|monthly|quarterly)\\b`,
    "i",
  ),
  amount: /\$\s?\d|\d\s?%|\bpercent\b|\bmillion\b|\bthreshold (?:is|of|means)\b/i,
  condition:
    /\b(?:required?|shall|must)\b.*\b(?:if|when|unless|before|exceed\w*|above|over|threshold|except)\b|\b(?:if|when|unless|only|before|exceed\w*)\b.*\b(?:required?|shall|must|apply|applies)\b/i,
  permission:
    /\b(?:may|shall not|must not|cannot|prohibited|authorized|permitted|allowed|not allowable|unallowable|allowable)\b/i,
  definition: /\bmeans\b|\bis (?:a|an|the|defined)\b|\brefers? to\b/i,
  clause: /\b(?:clauses?|provisions?|insert|subcontracts?|flow)\b/i,
  exception:
    /\b(?:except\w*|unless|does not apply|do not apply|exempt\w*|need not|not required|waive\w*)\b/i,
  list: /[:—–-]\s*$|;/,
};

/** What the question asks for, the most telling first; empty when nothing can be told. */
export function askedFor(question: string): Asked[] {
  return QUESTIONS.filter(([, pattern]) => pattern.test(question)).map(([asked]) => asked);
}

/** Share of what was asked for that the sentence has, the more telling kinds counting more; 0 to 1. */
export function suits(sentence: string, asked: readonly Asked[]): number {
  let all = 0;
  let met = 0;
  for (const kind of asked) {
    const weight = kind === "official" || kind === "period" || kind === "amount" ? 2 : 1;
    all += weight;
    if (SENTENCES[kind].test(sentence)) met += weight;
  }
  return all === 0 ? 0 : met / all;
}
