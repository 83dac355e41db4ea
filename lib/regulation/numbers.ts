/**
 * The numbers of title 48, chapters 1 and 2: how they are built, what they belong to and how they are ordered.
 *
 * FAR 1.105-2 explains the scheme: part, point, one or two digits for the subpart, two digits for the section, then
 * subsections after hyphens. So "15.403-4" is part 15, subpart 15.4, section 03, subsection 4, and "22.1006" is
 * subpart 22.10, section 06: the digits after the point are not a decimal fraction.
 */
import type { Regulation } from "./types.ts";

/** What a number names, by its shape alone. */
export type NumberKind = "section" | "subpart" | "part";

const SHAPE = /^(\d{1,3})(?:\.(?:(\d{1,2})|(\d{1,2})(\d{2})((?:-\d{1,4}){0,3})))?$/;

interface Pieces {
  kind: NumberKind;
  part: number;
  /** The subpart's digits as a number; 0 for "1.000", which stands before the first subpart. */
  subpart?: number;
  section?: number;
  suffixes: number[];
}

function pieces(number: string): Pieces | undefined {
  const match = SHAPE.exec(number);
  if (!match) return undefined;
  const part = Number(match[1]);
  if (match[2] !== undefined) {
    return { kind: "subpart", part, subpart: Number(match[2]), suffixes: [] };
  }
  if (match[3] === undefined) return { kind: "part", part, suffixes: [] };
  return {
    kind: "section",
    part,
    subpart: Number(match[3]),
    section: Number(match[4]),
    suffixes: match[5] ? match[5].slice(1).split("-").map(Number) : [],
  };
}

/** "15.403-4" is a section, "15.4" a subpart, "15" a part; undefined where the text is none of them. */
export function kindOfNumber(number: string): NumberKind | undefined {
  return pieces(number)?.kind;
}

/** Which regulation a number belongs to: parts 1-99 are the FAR, parts 201-299 the DFARS; undefined otherwise. */
export function regulationOfNumber(number: string): Regulation | undefined {
  const part = pieces(number)?.part;
  if (part === undefined) return undefined;
  if (part >= 1 && part <= 99) return "far";
  if (part >= 201 && part <= 299) return "dfars";
  return undefined;
}

/** The part's number: "15" for "15.403-4" and for "15.4". The text itself where it has no point. */
export function partOf(number: string): string {
  const dot = number.indexOf(".");
  return dot < 0 ? number : number.slice(0, dot);
}

/**
 * The subpart's number: "15.4" for "15.403-4", "22.10" for "22.1006", "252.2" for "252.204-7012", and the number itself
 * for a subpart. Undefined for a part, for sections before the first subpart ("1.000") and for anything else.
 */
export function subpartOf(number: string): string | undefined {
  const found = pieces(number);
  // 0xx sections ("2.000", "10.001", "9.003") stand in front of their part's subparts.
  if (!found || found.subpart === undefined || found.subpart === 0) return undefined;
  const digits = number.slice(number.indexOf(".") + 1).split("-")[0];
  return `${partOf(number)}.${found.kind === "subpart" ? digits : digits.slice(0, -2)}`;
}

function sortKey(found: Pieces): number[] {
  return [found.part, found.subpart ?? -1, found.section ?? -1, ...found.suffixes];
}

/**
 * Compares numbers in the order the regulation prints them: 1.2 before 1.10, 15.4 before 15.400 before 15.401 before
 * 15.401-1, 52.219-9 before 52.219-10, FAR before DFARS. Negative, 0 or positive, for Array.prototype.sort; texts that
 * are not numbers come last, in alphabetical order.
 */
export function compareNumbers(a: string, b: string): number {
  const left = pieces(a);
  const right = pieces(b);
  if (!left || !right) {
    if (left) return -1;
    if (right) return 1;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const x = sortKey(left);
  const y = sortKey(right);
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? -1) - (y[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

const ROWS = [new Uint8Array(64), new Uint8Array(64), new Uint8Array(64)];
const LONGEST = 40;

/**
 * Edits (a character more, less, another, or two neighbours swapped) from a to b: the optimal string alignment
 * distance, with three rows of its table reused because it is taken to thousands of numbers at a time.
 */
function edits(a: string, b: string): number {
  let [older, previous, row] = ROWS;
  for (let j = 0; j <= b.length; j++) previous[j] = j;
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, older[j - 2] + 1);
      }
      row[j] = cost;
    }
    [older, previous, row] = [previous, row, older];
  }
  return previous[b.length];
}

/** Steps between two numbers, the coarsest first: parts, subparts, sections, then suffixes; a missing one is 0. */
function stepsApart(a: Pieces, b: Pieces): number[] {
  const steps = [
    Math.abs(a.part - b.part),
    Math.abs((a.subpart ?? 0) - (b.subpart ?? 0)),
    Math.abs((a.section ?? 0) - (b.section ?? 0)),
  ];
  for (let i = 0; i < Math.max(a.suffixes.length, b.suffixes.length); i++) {
    steps.push(Math.abs((a.suffixes[i] ?? 0) - (b.suffixes[i] ?? 0)));
  }
  return steps;
}

function compareSteps(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** How a number that was typed may have come from another, the likelier the lower. */
const SLIPS = {
  /** The same number of the other regulation. */
  regulation: 0,
  /** Two neighbouring keys swapped. */
  swapped: 1,
  /** One key changed, missing or too many, or a subsection that its section does not have. */
  oneKey: 2,
  none: 3,
} as const;

function slipOf(typed: string, wanted: Pieces, other: string, found: Pieces): number {
  const rest = typed.slice(typed.indexOf("."));
  if (Math.abs(found.part - wanted.part) === 200 && other.slice(other.indexOf(".")) === rest) {
    return SLIPS.regulation;
  }
  if (wanted.kind !== "section") return SLIPS.none;
  if (typed.startsWith(`${other}-`)) return SLIPS.oneKey;
  if (Math.abs(typed.length - other.length) > 1 || edits(typed, other) > 1) return SLIPS.none;
  const keys = (number: string) => [...number].sort().join("");
  return keys(typed) === keys(other) ? SLIPS.swapped : SLIPS.oneKey;
}

/**
 * The existing numbers somebody most likely meant by one that does not exist, best first: the same number of the
 * other regulation ("52.204-7012" for "252.204-7012"), slips of one key ("15.430-4" or "15.4003-4" for "15.403-4"),
 * then the numbers printed nearest to the best of those, or to where this one would stand: of its family, its subpart,
 * its part. For what is no number, those that take the fewest edits. Equals stay in the order of `all`.
 */
export function nearestNumbers(number: string, all: readonly string[], limit: number): string[] {
  const typed = number.slice(0, LONGEST);
  const others = all.filter((other) => other !== number);
  const most = Math.max(0, limit);
  const wanted = pieces(typed);
  if (!wanted) {
    return nearestFirst(others, (other) => [edits(typed, other.slice(0, LONGEST))]).slice(0, most);
  }
  const parsed = others.flatMap((other) => {
    const found = pieces(other);
    return found ? [{ other, found, slip: slipOf(typed, wanted, other, found) }] : [];
  });
  const slips = nearestFirst(
    parsed.filter(({ slip }) => slip !== SLIPS.none),
    ({ found, slip }) => [slip, ...stepsApart(wanted, found)],
  );
  const around = slips[0]?.found ?? wanted;
  const rest = slips.length >= most ? [] : nearestFirst(
    parsed.filter(({ slip }) => slip === SLIPS.none),
    ({ found }) => stepsApart(around, found),
  );
  return [...slips, ...rest].slice(0, most).map(({ other }) => other);
}

function nearestFirst<Item>(items: Item[], apart: (item: Item) => number[]): Item[] {
  return items.map((item) => ({ item, steps: apart(item) }))
    .sort((a, b) => compareSteps(a.steps, b.steps))
    .map(({ item }) => item);
}
