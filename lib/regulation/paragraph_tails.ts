/** Reading "(c)(1)(i)" after a number, and lists of paragraphs: "(b)(1) through (4)", "(a), (c) and (d)". */

/** Designators one after another: ["c", "1", "i"] for "(c)(1)(i)". */
export type Designators = string[];

export interface Tail {
  designators: Designators;
  /** Offset of the first bracket. */
  start: number;
  end: number;
}

const GROUP = / {0,2}\( ?([a-z]{1,5}|[A-Z]{1,2}|[IVXL]{3,5}|\d{1,2}) ?\)/y;
const ROMAN = /^[ivxl]+$/;

/** Whether a bracket's content can name a paragraph: a letter, a doubled letter, a number, a Roman numeral. */
function isDesignator(content: string): boolean {
  if (content.length === 1 || /^\d+$/.test(content)) return content !== "0";
  return ROMAN.test(content.toLowerCase()) || (content.length === 2 && content[0] === content[1]);
}

/**
 * The designators that start at or just after an offset (at most six levels deep), or undefined.
 * `text` has plain hyphens and spaces (see `plainSigns`).
 */
export function readDesignators(text: string, at: number): Tail | undefined {
  const designators: Designators = [];
  let end = at;
  let start = at;
  while (designators.length < 6) {
    GROUP.lastIndex = end;
    const match = GROUP.exec(text);
    if (!match || !isDesignator(match[1])) break;
    if (designators.length === 0) start = text.indexOf("(", end);
    designators.push(match[1]);
    end = GROUP.lastIndex;
  }
  return designators.length === 0 ? undefined : { designators, start, end };
}

/** "(c)(1)(i)" for ["c", "1", "i"]. */
export function printDesignators(designators: Designators): string {
  return designators.map((designator) => `(${designator})`).join("");
}

/**
 * Designators as the regulation writes them where somebody typed them in capitals: (a)(1)(i)(A)(1)(i), or the same
 * from (1) on where the first is a number.
 */
export function inRegulationCase(designators: Designators): Designators {
  const offset = designators.length > 0 && /^\d/.test(designators[0]) ? 1 : 0;
  return designators.map((designator, i) => {
    const level = (i + offset) % 6;
    return level === 3 ? designator.toUpperCase() : designator.toLowerCase();
  });
}

type Style = "number" | "upper" | "roman" | "letter";

function styles(designators: Designators): Style[] {
  return designators.map((designator, i) => {
    if (/^\d/.test(designator)) return "number";
    if (/^[A-Z]/.test(designator)) return "upper";
    // (i) after a number is a Roman numeral, elsewhere the ninth letter.
    return i > 0 && /^\d/.test(designators[i - 1]) && ROMAN.test(designator) ? "roman" : "letter";
  });
}

const ROMAN_DIGITS: Record<string, number> = { i: 1, v: 5, x: 10, l: 50 };

function rank(designator: string, style: Style): number {
  if (style === "number") return Number(designator);
  if (style !== "roman") return designator.length * 100 + designator.charCodeAt(0);
  const digits = [...designator].map((digit) => ROMAN_DIGITS[digit]);
  return digits.reduce((sum, n, i) => sum + (n < (digits[i + 1] ?? 0) ? -n : n), 0);
}

/**
 * The full path of a designator that continues a list: (b)(1) followed by "(4)" is (b)(4), followed by "(c)" it is
 * (c). Undefined where it continues nothing.
 */
export function continued(base: Designators, next: Designators): Designators | undefined {
  return continuation(base, next)?.path;
}

function continuation(
  base: Designators,
  next: Designators,
): { path: Designators; forward: boolean } | undefined {
  const levels = styles(base);
  // "(v)(2)(i) and (v)(2)(ii)" repeats the path from a level on; its (v) is no Roman numeral after (i).
  for (let i = 0; i < base.length && next.length > 1; i++) {
    if (base[i] === next[0] && next.length === base.length - i) {
      return { path: [...base.slice(0, i), ...next], forward: true };
    }
  }
  for (let i = base.length - 1; i >= 0; i--) {
    const style = levels[i];
    const fits = style === "number"
      ? /^\d/.test(next[0])
      : style === "upper"
      ? /^[A-Z]/.test(next[0])
      : style === "roman"
      ? ROMAN.test(next[0])
      : /^[a-z]/.test(next[0]);
    if (!fits) continue;
    return {
      path: [...base.slice(0, i), ...next],
      forward: rank(next[0], style) > rank(base[i], style) ||
        (next.length > 1 && next[0] === base[i]),
    };
  }
  return undefined;
}

// Not over a line break: the next paragraph of the text is no member of the list.
const CONNECTOR =
  / {0,2}(,(?: ?and\/or| ?and| ?or)?|and\/or|and|or|&|through|thru|to|-|\/) {0,2}((?:sub)?para(?:graph)?s?\.? ?)?(?=\()/yi;

/**
 * The further paragraphs of a list that starts with `base` and goes on at `at`. In a range ("through (4)") that is its
 * end. A comma alone continues a list only forwards, so that "15.403(b), (1) ..." of an enumeration is left alone. With
 * `words` the word "paragraph" may be repeated in the list.
 */
export function readContinuations(
  text: string,
  at: number,
  base: Designators,
  words: boolean,
): Tail[] {
  const found: Tail[] = [];
  let previous = base;
  let end = at;
  while (found.length < 30) {
    CONNECTOR.lastIndex = end;
    const connector = CONNECTOR.exec(text);
    if (!connector || (connector[2] && !words)) break;
    const tail = readDesignators(text, CONNECTOR.lastIndex);
    if (!tail) break;
    const next = continuation(previous, tail.designators);
    if (!next) break;
    if (/^(?:,|to|-)/i.test(connector[1]) && !next.forward) break;
    previous = next.path;
    end = tail.end;
    found.push({ designators: next.path, start: tail.start, end });
  }
  return found;
}
