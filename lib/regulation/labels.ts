/**
 * Labels of paragraph designators: what "(i)" may be. A label can have several readings (the letter i or the roman
 * one); which of them is meant is decided in designators.ts from what stands before and after it.
 */

/**
 * `supplement` is the DFARS numbering of paragraphs without a FAR counterpart: (S-70), (S-71), ...
 */
export type LabelKind = "lower" | "number" | "roman" | "upper" | "upperRoman" | "supplement";

/** One reading of a label: which sequence it belongs to and its place in it, from 1. */
export interface Reading {
  kind: LabelKind;
  ordinal: number;
}

const ROMAN_VALUES: Record<string, number> = { i: 1, v: 5, x: 10, l: 50 };
/** Well-formed roman numerals below 90; nothing in the regulation counts further in roman. */
const ROMAN = /^(?=.)(l?x{0,3}|xl)(ix|iv|v?i{0,3})$/;
const A = "a".charCodeAt(0);
const cache = new Map<string, Reading[]>();

/** The number a lower-case roman numeral stands for, or undefined. */
export function romanValue(numeral: string): number | undefined {
  if (!ROMAN.test(numeral)) return undefined;
  let total = 0;
  for (let at = 0; at < numeral.length; at++) {
    const value = ROMAN_VALUES[numeral[at]];
    total += value < (ROMAN_VALUES[numeral[at + 1]] ?? 0) ? -value : value;
  }
  return total;
}

/** 1 for "a", 26 for "z", 27 for "aa": the sequence goes on with doubled letters. */
function letterValue(letters: string): number | undefined {
  const place = letters.charCodeAt(0) - A + 1;
  if (letters.length === 1) return place;
  return letters.length === 2 && letters[0] === letters[1] ? 26 + place : undefined;
}

/**
 * Every reading of what stands between the parentheses, none where it can't be a designator ("see 15.404", "2024").
 */
export function readings(label: string): Reading[] {
  let found = cache.get(label);
  if (!found) {
    found = read(label);
    // Labels are few; the limit only matters for hostile input.
    if (cache.size < 2000) cache.set(label, found);
  }
  return found;
}

function read(label: string): Reading[] {
  if (/^\d{1,2}$/.test(label)) {
    const ordinal = Number(label);
    return ordinal > 0 && !label.startsWith("0") ? [{ kind: "number", ordinal }] : [];
  }
  const supplement = /^S[-–]([789]\d)$/.exec(label);
  if (supplement) return [{ kind: "supplement", ordinal: Number(supplement[1]) - 69 }];
  const isLower = /^[a-z]{1,7}$/.test(label);
  if (!isLower && !/^[A-Z]{1,7}$/.test(label)) return [];
  const found: Reading[] = [];
  const letter = letterValue(label.toLowerCase());
  const roman = romanValue(label.toLowerCase());
  if (letter) found.push({ kind: isLower ? "lower" : "upper", ordinal: letter });
  if (roman) found.push({ kind: isLower ? "roman" : "upperRoman", ordinal: roman });
  return found;
}
