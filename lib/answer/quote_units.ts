/** Units as list items of an answer: sentences, lists, and items under the lead-ins they need. */
import type { StoredSection } from "../store/types.ts";
import type { Composer } from "./composer.ts";
import { sentencesOf } from "./sentences.ts";
import type { Piece, Unit } from "./units.ts";
import type { TextSpan } from "./verify.ts";

/** A list longer than this is shown by its first items, and says how many more there are. */
const ITEMS = 10;
/** Of an item longer than this, only the first sentence is quoted. */
const LONG_ITEM = 280;
/** Sentences that follow one another are quoted as one up to this length. */
const TOGETHER = 700;

/** A lead-in and its only quoted item are one citation up to this length, what stands between them included. */
const ONE_CITATION = 700;

/**
 * Quotes units of one section, the best of which comes first in `units`: its group of sentences under the same
 * lead-ins is quoted first, the others in the order in which the section prints them.
 */
export function quoteUnits(composer: Composer, section: StoredSection, units: Unit[]): void {
  const groups: Unit[][] = [];
  for (const unit of joined(section.text, units)) {
    const last = groups.at(-1);
    if (last && unit.leads.length > 0 && keyOf(last[0]) === keyOf(unit)) last.push(unit);
    else groups.push([unit]);
  }
  const best = groups.findIndex((group) => group.some((unit) => holds(unit, units[0])));
  if (best > 0) groups.unshift(...groups.splice(best, 1));
  for (const group of groups) {
    const { leads } = group[0];
    if (leads.length === 0) {
      composer.say("- ");
      quoteUnit(composer, section, group[0]);
      continue;
    }
    composer.say("- ");
    leads.forEach((lead, position) =>
      composer.say(position > 0 ? " … " : "").verbatim(section, lead)
    );
    const last = leads[leads.length - 1];
    if (
      group.length === 1 && group[0].end - last.start <= ONE_CITATION && group[0].items.length === 0
    ) {
      composer.say(` … ${labelOf(group[0])}`);
      composer.verbatim(section, group[0]).cite(section, { start: last.start, end: group[0].end })
        .say("\n");
      continue;
    }
    composer.cite(section, last).say("\n");
    for (const unit of group) {
      composer.say(`- ${labelOf(unit)}`);
      quoteUnit(composer, section, unit);
    }
  }
}

function holds(unit: Unit, other: Unit): boolean {
  return unit.start <= other.start && unit.end >= other.end;
}

function keyOf({ leads }: Unit): string {
  return leads.map(({ start }) => start).join();
}

/** The unit and, for a lead-in, its items as further list items, all under one citation. */
function quoteUnit(composer: Composer, section: StoredSection, unit: Unit): void {
  composer.verbatim(section, unit);
  const shown = unit.items.slice(0, ITEMS);
  for (const [position, item] of shown.entries()) {
    const span = shortened(section.text, item);
    const leadsIn = /[:—–-]$/.test(section.text.slice(span.start, span.end));
    const inside = isUnder(shown[position + 1]?.designator ?? "", item.designator);
    const more = span.end < item.end || (leadsIn && !inside); // its own items follow, or are left out
    composer.say(`\n- ${labelOf(item, unit.designator)}`).verbatim(section, span).say(
      more ? " …" : "",
    );
  }
  composer.cite(section, { start: unit.start, end: shown.at(-1)?.end ?? unit.end }).say("\n");
  const left = unit.items.length - shown.length;
  if (left > 0) composer.say(`- … and ${left} more in the section\n`);
}

/** "(2) ", or "(2)(i) " for an item of an item: what the designator has beyond that of its list. */
function labelOf({ designator }: Piece, list?: string): string {
  const label = list !== undefined && (list === "" || isUnder(designator, list))
    ? designator.slice(list.length)
    : designator.match(/\([^)]*\)$/)?.[0] ?? "";
  return label === "" ? "" : `${label} `;
}

function isUnder(designator: string, holder: string): boolean {
  return holder !== "" && designator !== holder && designator.startsWith(holder);
}

/** The item, or its heading and first sentence where it is long. */
function shortened(text: string, item: Piece): TextSpan {
  if (item.end - item.start <= LONG_ITEM) return item;
  const first = sentencesOf(text, item.start, item.end).find(({ heading }) => !heading);
  return { start: item.start, end: first?.end ?? item.end };
}

/** The units in order, neighbouring sentences of a paragraph made one. */
function joined(text: string, units: Unit[]): Unit[] {
  const out: Unit[] = [];
  for (const unit of units.toSorted((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (
      last && last.paragraph === unit.paragraph && last.items.length === 0 &&
      unit.end - last.start <= TOGETHER && text.slice(last.end, unit.start).trim() === ""
    ) {
      out[out.length - 1] = { ...unit, start: last.start };
    } else {
      out.push(unit);
    }
  }
  return out;
}
