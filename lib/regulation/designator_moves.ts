/** The places a label can take among the open lists, and what each costs. */
import { closing, type Frame, inAlternate, push } from "./designator_frames.ts";
import type { LabelGroup } from "./label_scan.ts";
import { type LabelKind, type Reading, readings } from "./labels.ts";
import { COSTS, nestingCost } from "./nesting_costs.ts";

/** What is known of the place where a group of labels stands. */
export interface Context {
  text: string;
  item: number;
  group: LabelGroup;
  /** What the words before lead to expect: a list begins, or goes on. */
  hint: "lead-in" | "goes-on" | "";
  /** What it costs here that lists start over. */
  restart: number;
  /** Which labels are italic, where the section has italic ones at all. */
  italics?: boolean[];
}

/** Every place the first label of a group can take: next to an open designator, below the last, or in a new list. */
export function moves(
  frame: Frame | undefined,
  reading: Reading,
  index: number,
  context: Context,
): [Frame, number][] {
  const found: [Frame, number][] = [];
  let at = frame;
  for (; at && at.kind !== "alternate"; at = at.parent) {
    if (at.kind === reading.kind) found.push(sibling(frame, at, reading, index, context));
    else if (reading.kind === "supplement" && at.kind !== "definition") {
      // (S-70) ends a list of the FAR's numbering, mostly the outermost one.
      const cost = closing(frame, at) + COSTS.supplementDepth * at.depth;
      found.push([open(at.parent, reading, index, context, false), cost]);
    }
  }
  const below = child(frame, reading, index, context);
  if (context.hint === "goes-on") below[1] += COSTS.continuationIgnored;
  found.push(below);
  if (frame && frame.kind !== "alternate") {
    const restart = child(at, reading, index, context);
    const again = at ? Math.min(context.restart, COSTS.restartInAlternate) : context.restart;
    found.push([restart[0], restart[1] + again + closing(frame)]);
  }
  return found;
}

/** Going on in the list of `of`. */
export function sibling(
  from: Frame | undefined,
  of: Frame,
  reading: Reading,
  index: number,
  context: Context,
): [Frame, number] {
  const step = reading.ordinal - of.ordinal;
  let cost = closing(from, of) + italicCost(of.depth, reading.kind, index, context);
  if (step === 0) cost += COSTS.repeat;
  else if (step < 0) cost += COSTS.backwards;
  else if (step > 1) {
    cost += inAlternate(of)
      ? COSTS.gapInAlternate
      : COSTS.gap + COSTS.gapStep * Math.min(step - 1, 6);
  }
  if (context.hint === "lead-in") cost += COSTS.leadInIgnored;
  return [open(of.parent, reading, index, context, false), cost];
}

/** Beginning a list below `parent`. */
export function child(
  parent: Frame | undefined,
  reading: Reading,
  index: number,
  context: Context,
): [Frame, number] {
  const inScope = parent && parent.kind !== "alternate" && parent.kind !== "definition";
  let cost = nestingCost(
    !parent || parent.kind === "alternate" ? "none" : parent.kind,
    reading.kind,
  );
  const depth = inScope ? parent.depth + 1 : 0;
  cost += italicCost(depth, reading.kind, index, context);
  for (let up = inScope ? parent.parent : undefined; up; up = up.parent) {
    if (up.kind === "definition" || up.kind === "alternate") break;
    if (up.kind === reading.kind && !(depth >= 3 && isDeepKind(reading.kind))) {
      cost += COSTS.sameKindAgain;
      break;
    }
  }
  if (reading.ordinal > 1) {
    cost += parent?.kind === "alternate"
      ? COSTS.lateInAlternate
      : !parent
      ? COSTS.lateAtRoot + 0.1 * Math.min(reading.ordinal, 10)
      : index > 0
      ? 2
      : COSTS.late + 0.2 * Math.min(reading.ordinal, 10);
  }
  return [open(parent, reading, index, context, reading.ordinal === 1), cost];
}

/** Levels five and six reuse the numbers and the roman numerals. */
function isDeepKind(kind: LabelKind): boolean {
  return kind === "number" || kind === "roman";
}

function italicCost(depth: number, kind: LabelKind, index: number, context: Context): number {
  if (!context.italics || !isDeepKind(kind)) return 0;
  return context.italics[index] === (depth >= 3) ? 0 : COSTS.wrongItalic;
}

function open(
  parent: Frame | undefined,
  reading: Reading,
  index: number,
  context: Context,
  first: boolean,
): Frame {
  const { group } = context;
  const isLast = index === group.labels.length - 1;
  const end = isLast && group.rangeEnd
    ? readings(group.rangeEnd).find((one) => one.kind === reading.kind)
    : undefined;
  const ordinal = end && end.ordinal > reading.ordinal ? end.ordinal : reading.ordinal;
  return push(parent, reading.kind, ordinal, group.labels[index], context.item, first);
}
