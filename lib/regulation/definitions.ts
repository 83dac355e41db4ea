/** Definitions: which paragraphs define a term, which term, and its anchor. */

/** What the paragraphs around say about how likely a definition is. */
export interface DefinitionContext {
  /** The section is a list of definitions, or a lead-in such as "As used in this clause-" stands above. */
  expected: boolean;
  /** The words of the next paragraph: "Bundling-" followed by "(1) Means ..." is a definition. */
  next?: string;
  /** Length of the italic words at the beginning, 0 where there are none. */
  italicLength?: number;
}

const VERB =
  /\b(?:means?|denotes?|(?:has|have) the (?:same )?meanings?|includes?|refers? to|is (?:a|an|the)|is defined)\b/g;
/** Verbs that make a definition even where none is expected. */
const STRONG = /^(?:means|has the|have the)/;
const QUOTED =
  /^(?:the (?:term|phrase|word)s?\s+)?\[?(?:[“"]|‘‘|'')\s?([^“”"]{1,150}?)\s?(?:[”"]|’’|'')/i;
/** "..., as used in this part," is no part of the term. */
const QUALIFIER =
  /[,;]?\s*\(?(?:,\s|\b(?:as (?:used|defined|referred)|as that term|when used|for (?:the )?purposes? of|pursuant to|consistent with|with respect to|for use|in accordance with|under \d)\b).*$/i;
/** "Agency head or “head of the agency”" keeps only what stands first. */
const ALSO = /\s+(?:or|and)\s+[“"].*$/;
const PARENTHESIS = /\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*$/;
/** Sentences, not terms. */
const SENTENCE =
  /^(?:the|this|that|these|those|an?|if|when|where|by|for|as|each|such|it|there|except|unless|to|on|of|with|nothing|see|note|any (?!person))\b/i;
/** Means of doing something: "by any means", "electronic means". */
const NOUN_MEANS =
  /\b(?:any|all|no|such|these|those|the|an?|by|of|or|and|as|and\/or|which)\s*$|\s(?:other|electronic|appropriate|authorized|same|practical|effective|best|alternate|similar)\s*$/i;
/** "(1) Means ...", and after a dash also "(1)" alone. */
const MEANS_BELOW = /^\(\w{1,4}\)\s*(?:\(\w{1,4}\)\s*)?(?:means?\b|includes?\b|has\b|does\b)/i;
const LIST_BELOW = /^\(\w{1,4}\)\s*(?:\(\w{1,4}\)\s*)?(?:$|for\b|in\b|an?\b|the\b)/i;
const LEAD_IN =
  /\b(?:as used (?:in|throughout)|definitions?\b|(?:following|these) (?:terms|words|definitions)|the terms? used)/i;

/** Whether a paragraph announces definitions: "(a) Definitions. As used in this clause-". */
export function announcesDefinitions(text: string): boolean {
  return text.length < 400 && LEAD_IN.test(text) && !/\bmeans\b(?!—)/.test(text);
}

/**
 * The term that a paragraph (without its designators) defines, as printed but without quotation marks, qualifiers
 * and a trailing abbreviation in parentheses; undefined where it defines none.
 */
export function definedTerm(text: string, context: DefinitionContext): string | undefined {
  const quoted = QUOTED.exec(text);
  if (quoted) return quotedTerm(text, quoted, context);
  VERB.lastIndex = 0;
  for (let verb = VERB.exec(text); verb && verb.index < 220; verb = VERB.exec(text)) {
    const head = text.slice(0, verb.index).trimEnd();
    if (head === "" || NOUN_MEANS.test(head)) continue;
    const asUsed = /,?\s(?:as (?:used|defined) in|when used)\b/i.test(head);
    const italic = (context.italicLength ?? 0) > 1 &&
      (context.italicLength ?? 0) <= head.length + 1;
    const strong = STRONG.test(verb[0]) || (/^mean|^denote/.test(verb[0]));
    if (!strong && !(context.expected && (italic || isShortTerm(head)))) return undefined;
    if (!context.expected && !italic && !asUsed && !isShortTerm(head)) return undefined;
    return bareTerm(head);
  }
  return openTerm(text, context);
}

function quotedTerm(text: string, quoted: RegExpExecArray, context: DefinitionContext) {
  const term = quoted[1].replace(/[,.]$/, "").trim();
  const rest = text.slice(quoted[0].length);
  const before = rest.slice(0, 260);
  VERB.lastIndex = 0;
  const verb = VERB.exec(before);
  const gap = verb ? before.slice(0, verb.index) : "";
  if (verb && !/[.;]\s/.test(gap) && !NOUN_MEANS.test(gap.replace(/^.*$/s, (words) => words))) {
    return cleanTerm(term);
  }
  if (/^\s*[,(]?[^.;]{0,120}[—–:-]\s*$/.test(rest)) return cleanTerm(term);
  if (context.expected && context.next !== undefined && /^[\s,.—–-]*$/.test(rest)) {
    return cleanTerm(term);
  }
  return undefined;
}

/** "Bundling-" or "Laborers or mechanics.-": the meaning stands in the paragraphs below. */
function openTerm(text: string, context: DefinitionContext): string | undefined {
  if (!context.expected || text.length > 140) return undefined;
  if (context.next === undefined || /[:;]$/.test(text)) return undefined;
  const dashed = /^(.*?)[.,]?\s?[—–-]$/.exec(text)?.[1];
  const bare = dashed ?? text;
  const hasMeaning = MEANS_BELOW.test(context.next) ||
    (dashed !== undefined && LIST_BELOW.test(context.next));
  if (!hasMeaning) return undefined;
  if (/\b(?:shall|must|is|are|following|provides|applies|may|will|does not|do not)\b/i.test(bare)) {
    return undefined;
  }
  return bareTerm(bare);
}

function isShortTerm(head: string): boolean {
  return head.split(" ").length <= 7 && /^[A-Z“"]/.test(head);
}

function bareTerm(head: string): string | undefined {
  let term = head;
  for (let before = ""; before !== term;) {
    before = term;
    term = term.replace(PARENTHESIS, "").replace(ALSO, "").replace(QUALIFIER, "")
      .replace(/\s*\([^)]*$/, "").trim();
  }
  term = term.replace(/[,—–:-]+$/, "").trim();
  const wordCount = term.split(" ").length;
  if (term === "" || wordCount > 16 || SENTENCE.test(term)) return undefined;
  if (/^[a-z]/.test(term) && wordCount > 1) return undefined;
  if (/[;:?!]|\.\s(?![a-z])(?<!\b(?:[A-Z]\.)+\s)/.test(term)) return undefined;
  if (/\b(?:shall|must|are|prescribes|applies|may|will|does not|do not)\b/.test(term)) {
    return undefined;
  }
  return cleanTerm(term);
}

function cleanTerm(term: string): string | undefined {
  const clean = term.replace(PARENTHESIS, "").replace(/[“”"]|‘‘|’’|''|^\[/g, "").replace(
    /[,;.—–-]+$/,
    (end) => end === "." && /\.\w\.$/.test(term) ? end : "",
  ).trim();
  return clean === "" ? undefined : clean;
}

/** "def-micro-purchase-threshold": the anchor of a definition. */
export function definitionAnchor(term: string): string {
  const slug = term.toLowerCase().replace(/[’']/g, "").replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `def-${slug.slice(0, 110).replace(/-$/, "") || "term"}`;
}

/**
 * Where further definitions begin inside a paragraph of a list in alphabetical order: real copies sometimes join
 * "... a calendar year. Day means ..." into one paragraph. `before` and `after` are the terms around it (`after` is
 * undefined at the end of the list), and only a term between them counts, so that a sentence with "means" in it is
 * never cut. `next` is the paragraph below.
 */
export function joinedDefinitions(
  text: string,
  before: string | undefined,
  after: string | undefined,
  next: string | undefined,
): number[] {
  const cuts: number[] = [];
  if (before === undefined) return cuts;
  let low = before;
  for (const match of text.matchAll(JOINED)) {
    const term = definedTerm(text.slice(match.index), { expected: true, next });
    if (term && inOrder(low, term) && (after === undefined || inOrder(term, after))) {
      cuts.push(match.index);
      low = term;
    }
  }
  return cuts;
}

/** After the end of a sentence: "Day means", "Day, as used in 2.101, means" or, at the very end, "Day-". */
const JOINED =
  /(?<=[.;”"] )(?:[A-Z“"][^.;:,]{1,100}(?:,[^;:]{0,80}?,)? means\b|[A-Z“"][^.;:]{1,90}\s?[—–-]$)/g;

function inOrder(first: string, second: string): boolean {
  const plain = (term: string) => term.toLowerCase().replace(/[^a-z0-9]+/g, " ");
  return plain(first) < plain(second);
}
