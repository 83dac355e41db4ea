/**
 * What a step from one designator to the next costs. The path through a section that costs least is taken, so only
 * the proportions matter: a list that goes on is free, a gap costs more than an unusual nesting, and reading a
 * parenthesis as plain words costs more than a small gap.
 */
import type { LabelKind } from "./labels.ts";

export const COSTS = {
  /** A list that jumps: (a), (d). Each further missing item adds `gapStep`, up to six. */
  gap: 4,
  gapStep: 0.25,
  /** The same inside an alternate, which prints only the paragraphs it replaces. */
  gapInAlternate: 1.2,
  /** A list that repeats its last designator, or goes backwards. */
  repeat: 6,
  backwards: 9,
  /** A list that begins late: its first item is (c). */
  late: 3.5,
  lateAtRoot: 1.5,
  lateInAlternate: 0.3,
  /** A list of one item. */
  alone: 0.8,
  /** A label at the beginning of a paragraph that is only words in parentheses. */
  unused: 6.5,
  unusedBeforeLowerCase: 1.5,
  /** A paragraph that is nothing but a label: more often a cell of a table that lost its lines. */
  unusedAlone: 3,
  /** "(a)(1)" where only "(a)" is taken as the designator. */
  partlyUsed: 3,
  /** A label in the middle of a paragraph taken as a designator, after a heading and elsewhere. */
  runIn: 1,
  runInElsewhere: 2.2,
  /** The list of a form or a second clause that starts over. */
  restart: 7,
  restartAfterPlain: 3,
  restartAfterBreak: 0.4,
  /** The next paragraph that an alternate replaces, "(l)" after "(i)(10)". */
  restartInAlternate: 1.5,
  /** The DFARS' own (S-70) at a deeper level than the outermost, for each level. */
  supplementDepth: 1.2,
  /** The words before said that a list follows ("shall-"), or that the list goes on ("; and"). */
  leadInIgnored: 1.2,
  continuationIgnored: 1.5,
  /** "(c)(2)" after "(c)(1)": the outer designator is said again. */
  restated: 1.2,
  /** Italic numerals stand at levels five and six, upright ones do not (where a text has italic ones at all). */
  wrongItalic: 4,
  /** A kind of designator used twice on the way down, other than at levels five and six. */
  sameKindAgain: 4,
} as const;

type Parent = LabelKind | "none" | "definition";

/** The regulation's order is (a)(1)(i)(A)(1)(i); sections of the DFARS begin with (1) and go on (i)(A)(1). */
const NESTING: Record<Parent, Partial<Record<LabelKind, number>>> = {
  none: { lower: 0, number: 0.3, roman: 1.8, upper: 1.5, supplement: 0.5 },
  definition: { number: 0, lower: 0.5, roman: 0.8, upper: 1.2 },
  lower: { number: 0, roman: 1.6, upper: 2.2, lower: 5 },
  number: { roman: 0, upper: 1.4, lower: 1.2, number: 5 },
  roman: { upper: 0, number: 1.6, lower: 2.2, roman: 5 },
  upper: { number: 0, roman: 1.4, lower: 1.8, upper: 5 },
  upperRoman: { upper: 0.5, number: 0.5, lower: 1 },
  supplement: { number: 0, roman: 0.8, upper: 2 },
};

/** What it costs that a list of `child` stands under a designator of kind `parent`. */
export function nestingCost(parent: Parent, child: LabelKind): number {
  return NESTING[parent][child] ?? 4;
}
