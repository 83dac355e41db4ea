/** The lists that are open at a place in a section: a chain from the innermost designator outwards. */
import type { LabelKind } from "./labels.ts";
import { COSTS } from "./nesting_costs.ts";

/** A designator whose list is open, or the definition or alternate that lists belong to. */
export interface Frame {
  kind: LabelKind | "definition" | "alternate";
  ordinal: number;
  label: string;
  parent?: Frame;
  /** Lists open at this frame since the definition, alternate or section began. */
  depth: number;
  /** True for the first item of its list. */
  first: boolean;
  key: string;
  item: number;
}

/** Opens a list (or goes on in one: then `first` is false) below `parent`. */
export function push(
  parent: Frame | undefined,
  kind: Frame["kind"],
  ordinal: number,
  label: string,
  item: number,
  first: boolean,
): Frame {
  const isList = kind !== "definition" && kind !== "alternate";
  const inScope = parent && parent.kind !== "definition" && parent.kind !== "alternate";
  return {
    kind,
    ordinal,
    label,
    parent,
    depth: isList ? (inScope ? parent.depth + 1 : 0) : -1,
    first,
    key: `${parent?.key ?? ""}${kind === "upperRoman" ? "R" : kind[0]}${ordinal}${
      first ? "!" : "."
    }`,
    item,
  };
}

/** What it costs to close the lists from `frame` up to, not including, `until`. */
export function closing(frame: Frame | undefined, until?: Frame): number {
  let cost = 0;
  for (let at = frame; at && at !== until; at = at.parent) {
    if (at.first && at.kind !== "definition" && at.kind !== "alternate") cost += COSTS.alone;
  }
  return cost;
}

/** Whether the lists belong to an alternate. */
export function inAlternate(frame: Frame): boolean {
  for (let at: Frame | undefined = frame; at; at = at.parent) {
    if (at.kind === "alternate") return true;
  }
  return false;
}

/** The labels from the outermost to this one, and the items of the definition and the alternate they belong to. */
export function scopeOf(frame: Frame | undefined): {
  labels: string[];
  definition?: number;
  alternate?: number;
} {
  const labels: string[] = [];
  let definition: number | undefined;
  for (let at = frame; at; at = at.parent) {
    if (at.kind === "alternate") return { labels, definition, alternate: at.item };
    if (at.kind === "definition") definition ??= at.item;
    else if (definition === undefined) labels.unshift(at.label);
  }
  return { labels, definition };
}
