/**
 * Which designators a section's paragraphs have: the cheapest path through all readings of all labels (a beam
 * search over stacks of open lists). Looking at the whole section is what decides whether "(i)" follows "(h)" or
 * begins a roman list, and whether "(2)" closes one list or two.
 */
import { type LabelGroup, scanLabels } from "./label_scan.ts";
import { readings } from "./labels.ts";
import { COSTS } from "./nesting_costs.ts";
import { closing, type Frame, push, scopeOf } from "./designator_frames.ts";
import { child, type Context, moves, sibling } from "./designator_moves.ts";

/** A paragraph as the search sees it. */
export interface Item {
  text: string;
  /**
   * `plain` may have designators; `definition` is undesignated and defines a term, the list under it is its own;
   * `alternate` starts the text of an alternate; `break` (a heading, "(End of clause)") lets lists start over.
   */
  role: "plain" | "definition" | "alternate" | "break";
  /** Offsets of labels printed in italics. */
  italic?: (offset: number) => boolean;
}

/** A stretch of an item with the designator it was given. */
export interface Placement {
  item: number;
  /** Offset in the item's text where it begins; 0 or the place of a run-in designator. */
  start: number;
  /** Labels from the outermost to its own, within its definition or alternate; empty where it has none. */
  labels: string[];
  /** Index of the item that is the definition it belongs to, and of the alternate. */
  definition?: number;
  alternate?: number;
}

interface State {
  frame?: Frame;
  cost: number;
  previous?: State;
  /** What this step placed: the frame whose path designates the group, if any. */
  placed?: Frame;
}

interface Step {
  item: number;
  group?: LabelGroup;
}

const BEAM_WIDTH = 28;
const BEAM_DEPTH = 13;

/** The placements of all items, at least one for each, in reading order. */
export function placeDesignators(items: Item[]): Placement[] {
  const steps: Step[] = [];
  items.forEach((item, index) => {
    const groups = item.role === "plain" ? scanLabels(item.text) : [];
    if (!groups[0]?.leading) steps.push({ item: index });
    for (const group of groups) steps.push({ item: index, group });
  });
  const best = search(items, steps);
  return collect(items, steps, best);
}

function search(items: Item[], steps: Step[]): State {
  const hasItalics = steps.some(({ item, group }) =>
    group?.offsets.some((offset) => items[item].italic?.(offset + 1))
  );
  let states: State[] = [{ cost: 0 }];
  let before = "";
  let sinceBreak: "break" | "plain" | "" = "break";
  for (const { item, group } of steps) {
    const { text, role, italic } = items[item];
    const next = new Map<string, State>();
    const keep = (state: State) => {
      const key = state.frame?.key ?? "";
      const other = next.get(key);
      if (!other || state.cost < other.cost) next.set(key, state);
    };
    if (!group) {
      for (const state of states) keep(withoutLabel(state, role, item));
      if (role === "plain") {
        sinceBreak = sinceBreak === "break" || OUTLINE.test(text) ? "break" : "plain";
      } else if (role !== "definition") sinceBreak = "break";
      before = text;
    } else {
      if (group.start > 0) before = text.slice(0, group.start);
      const context: Context = {
        text,
        item,
        group,
        hint: hintOf(before),
        restart: sinceBreak === "break"
          ? COSTS.restartAfterBreak
          : sinceBreak === "plain"
          ? COSTS.restartAfterPlain
          : COSTS.restart,
        italics: hasItalics
          ? group.offsets.map((offset) => italic?.(offset + 1) ?? false)
          : undefined,
      };
      for (const state of states) place(state, context, keep);
      sinceBreak = "";
      before = text.slice(group.end);
    }
    states = prune([...next.values()]);
  }
  return states.reduce((one, other) =>
    other.cost + closing(other.frame) < one.cost + closing(one.frame) ? other : one
  );
}

/** "A. Materials" and "1. All costs": lists without parentheses, below which lettered ones start over. */
const OUTLINE = /^(?:[A-Z]|[IVX]{1,4}|\d{1,2})\. /;

function prune(states: State[]): State[] {
  if (states.length === 1) return states;
  states.sort((a, b) => a.cost - b.cost);
  const limit = states[0].cost + BEAM_DEPTH;
  let end = 1;
  while (end < states.length && end < BEAM_WIDTH && states[end].cost <= limit) end++;
  return states.slice(0, end);
}

/** What an undesignated item does to the open lists. */
function withoutLabel(state: State, role: Item["role"], item: number): State {
  if (role === "definition") {
    let host = state.frame;
    let cost = state.cost;
    for (let frame = host; frame && frame.kind !== "alternate"; frame = frame.parent) {
      if (frame.kind === "definition") {
        cost += closing(host, frame);
        host = frame.parent;
        break;
      }
    }
    const frame = push(host, "definition", item, "", item, true);
    return { frame, cost, previous: state, placed: frame };
  }
  if (role === "alternate") {
    const frame = push(undefined, "alternate", item, "", item, true);
    return { frame, cost: state.cost + closing(state.frame), previous: state, placed: frame };
  }
  return { frame: state.frame, cost: state.cost, previous: state };
}

function hintOf(before: string): Context["hint"] {
  const end = before.trimEnd();
  if (/[—–:-]$/.test(end)) return "lead-in";
  return /(?:;|,|; and|; or|, and|, or|;and|;or)$/.test(end) ? "goes-on" : "";
}

function place(state: State, context: Context, keep: (state: State) => void): void {
  const { group, text } = context;
  const labels = group.labels;
  // Not a designator at all.
  if (group.leading) {
    keep({
      frame: state.frame,
      cost: state.cost + unusedCost(text.slice(group.end, group.end + 20)),
      previous: state,
    });
  } else keep({ frame: state.frame, cost: state.cost, previous: state });
  const runIn = group.leading ? 0 : group.afterHeading ? COSTS.runIn : COSTS.runInElsewhere;
  restated(state, context, runIn, keep);
  for (const reading of readings(labels[0])) {
    for (const [frame, cost] of moves(state.frame, reading, 0, context)) {
      let reached: [Frame, number][] = [[frame, state.cost + cost + runIn]];
      for (let used = 1; used <= labels.length; used++) {
        const unused = used < labels.length ? COSTS.partlyUsed : 0;
        for (const [at, total] of reached) {
          keep({ frame: at, cost: total + unused, previous: state, placed: at });
        }
        if (used === labels.length) break;
        const further: [Frame, number][] = [];
        for (const [at, total] of reached) {
          for (const deeper of readings(labels[used])) {
            const found = child(at, deeper, used, context);
            further.push([found[0], total + found[1]]);
          }
        }
        reached = further;
      }
    }
  }
}

/** How little the words after a label look like a paragraph that it designates. */
function unusedCost(words: string): number {
  if (words === "") return COSTS.unusedAlone;
  if (/^[,;)]/.test(words)) return 0;
  return /^[a-z]/.test(words) && !/^[a-z]{1,3}[.)]/.test(words)
    ? COSTS.unusedBeforeLowerCase
    : COSTS.unused;
}

/** "(c)(2)" while (c)(1) is open: the outer labels only repeat where we are. */
function restated(state: State, context: Context, extra: number, keep: (s: State) => void): void {
  const labels = context.group.labels;
  if (labels.length < 2) return;
  const path: Frame[] = [];
  let bottom = state.frame;
  for (; bottom && bottom.kind !== "definition" && bottom.kind !== "alternate";) {
    path.unshift(bottom);
    bottom = bottom.parent;
  }
  const last = labels.length - 1;
  for (let from = 0; from + last < path.length; from++) {
    if (!labels.slice(0, last).every((label, at) => path[from + at].label === label)) continue;
    const current = path[from + last];
    const reading = readings(labels[last]).find((one) => one.kind === current.kind);
    if (!reading || reading.ordinal <= current.ordinal) continue;
    const [frame, cost] = sibling(state.frame, current, reading, last, context);
    keep({
      frame,
      cost: state.cost + cost + extra + COSTS.restated,
      previous: state,
      placed: frame,
    });
  }
}

function collect(items: Item[], steps: Step[], best: State): Placement[] {
  const states: State[] = [];
  for (let state: State | undefined = best; state?.previous; state = state.previous) {
    states.unshift(state);
  }
  const placements: Placement[] = [];
  steps.forEach((step, index) => {
    const { frame, placed } = states[index];
    const { group } = step;
    if (group && !group.leading && !placed) return;
    const scope = scopeOf(frame);
    const isList = placed && placed.kind !== "definition" && placed.kind !== "alternate";
    placements.push({
      item: step.item,
      start: group?.start ?? 0,
      labels: isList ? scope.labels : [],
      definition: isList || items[step.item].role === "definition" ? scope.definition : undefined,
      alternate: scope.alternate,
    });
  });
  return placements;
}
