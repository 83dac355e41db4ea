/** From the blocks of a section to the section: kinds, designators, anchors, offsets, what a clause says of itself. */
import {
  alternateAnchor,
  alternateHeading,
  clauseKind,
  isClauseNumber,
  isClauseTitle,
  prescribedAt,
  titleDate,
} from "./clause_facts.ts";
import {
  announcesDefinitions,
  definedTerm,
  definitionAnchor,
  joinedDefinitions,
} from "./definitions.ts";
import { type Item, placeDesignators } from "./designators.ts";
import type { Block } from "./ecfr_blocks.ts";
import { scanLabels } from "./label_scan.ts";
import type { ClauseFacts, Paragraph, Section, Span } from "./types.ts";

/** What is known of a section before its paragraphs are read. */
export type SectionHead = Omit<Section, "text" | "paragraphs" | "clause">;

/** A block with what was found out about it. */
interface Piece extends Block {
  role: Item["role"];
  term?: string;
  /** Stands in a list of definitions, where "X means ..." defines X. */
  inDefinitions?: boolean;
  alternate?: { name: string; date?: string };
}

/**
 * Builds the section. Its text is the blocks' texts joined by line breaks, except that a paragraph into which
 * designated paragraphs were run, "(b) Policy. (1) The ...", is parted where they begin, so that each is
 * addressable; no word is added, lost or moved.
 */
export function buildSection(head: SectionHead, blocks: Block[]): Section {
  const isClause = isClauseNumber(head.number);
  const pieces = findDefinitions(
    isClause ? partAlternates(blocks) : blocks.map(asPiece),
    head,
    isClause,
  );
  const placements = placeDesignators(pieces.map(({ text, role, spans }) => ({
    text,
    role,
    ...(spans.some((span) => span.style === "italic") ? { italic: italicAt(spans) } : {}),
  })));
  const anchors = new Anchors();
  const positions: Paragraph[] = [];
  const scopes = new Map<number, string>();
  const alternates: ClauseFacts["alternates"] = [];
  const paragraphs: Paragraph[] = [];
  const texts: string[] = [];
  let offset = 0;
  placements.forEach((place, index) => {
    const piece = pieces[place.item];
    const following = placements[index + 1];
    const stop = following?.item === place.item ? following.start : piece.text.length;
    const text = piece.text.slice(place.start, stop).trimEnd();
    const alternateScope = place.alternate === undefined ? "" : scopes.get(place.alternate) ?? "";
    const definitionScope = place.definition === undefined || place.definition === place.item
      ? undefined
      : scopes.get(place.definition);
    const { kind, term } = kindOf(piece, text, place.labels, place.start > 0);
    let wanted: string | undefined;
    if (piece.alternate && place.start === 0) {
      wanted = alternateAnchor(piece.alternate.name);
    } else if (place.labels.length > 0) {
      wanted = [definitionScope ?? alternateScope, ...place.labels].filter(Boolean).join("-")
        .replaceAll("–", "-");
    } else if (kind === "definition" && term) {
      wanted = [alternateScope, definitionAnchor(term)].filter(Boolean).join("-");
    }
    const anchor = wanted ? anchors.claim(wanted) : `p-${paragraphs.length + 1}`;
    if (piece.role === "definition" || piece.role === "alternate") scopes.set(place.item, anchor);
    if (piece.alternate && place.start === 0) alternates.push({ ...piece.alternate, anchor });
    const spans = cutSpans(piece.spans, place.start, place.start + text.length);
    paragraphs.push({
      designator: place.labels.map((label) => `(${label})`).join(""),
      anchor,
      level: Math.max(
        0,
        place.labels.length - 1 + (definitionScope && place.labels.length ? 1 : 0),
      ),
      kind,
      start: offset,
      end: offset + text.length,
      ...(term ? { term } : {}),
      ...(spans.length > 0 ? { spans } : {}),
      ...(piece.table ? { table: piece.table } : {}),
    });
    if (!wanted) positions.push(paragraphs.at(-1)!);
    texts.push(text);
    offset += text.length + 1;
  });
  // Paragraphs known by their position come last: "p-3" is paragraph (p)(3) where there is one.
  for (const paragraph of positions) paragraph.anchor = anchors.claim(paragraph.anchor);
  const section: Section = { ...head, text: texts.join("\n"), paragraphs };
  if (isClause && blocks.length > 0) section.clause = clauseFacts(pieces, alternates);
  return section;
}

function asPiece(block: Block): Piece {
  const ends = /^\(End of /i.test(block.text);
  const role = ends || block.kind === "heading" || block.kind === "source" ? "break" : "plain";
  return {
    ...block,
    kind: ends && block.kind === "text" ? "flush" : block.kind,
    role: block.kind === "note" || block.kind === "table" ? "break" : role,
  };
}

/** The pieces of a clause. A heading printed twice in a row ("Alternate I." alone) begins its alternate once. */
function partAlternates(blocks: Block[]): Piece[] {
  const pieces = blocks.flatMap((block) => partAlternate(block));
  let name: string | undefined;
  for (const piece of pieces) {
    if (!piece.alternate) continue;
    if (piece.alternate.name === name) {
      delete piece.alternate;
      piece.role = "break";
    } else name = piece.alternate.name;
  }
  return pieces;
}

/** An alternate's heading becomes a paragraph of its own, before the words that say when to use it. */
function partAlternate(block: Block): Piece[] {
  const heading = block.kind === "text" || block.kind === "flush" || block.kind === "heading"
    ? alternateHeading(block.text)
    : undefined;
  if (!heading) {
    const piece = asPiece(block);
    if (block.kind === "text" && isClauseTitle(block.text)) {
      piece.kind = "heading";
      piece.role = "break";
    }
    return [piece];
  }
  const { name, date } = heading;
  const whole = block.kind === "heading";
  const length = whole ? block.text.length : heading.length;
  const first: Piece = {
    kind: "heading",
    role: "alternate",
    text: block.text.slice(0, length).trimEnd(),
    spans: cutSpans(block.spans, 0, length),
    alternate: {
      name,
      ...(date ?? (whole && titleDate(block.text)) ? { date: date ?? titleDate(block.text) } : {}),
    },
  };
  const rest = block.text.slice(length);
  const skipped = rest.length - rest.trimStart().length;
  const text = rest.trimStart();
  if (text === "") return [first];
  const from = length + skipped;
  return [first, {
    kind: block.kind,
    role: "plain",
    text,
    spans: cutSpans(block.spans, from, block.text.length),
  }];
}

function findDefinitions(pieces: Piece[], head: SectionHead, isClause: boolean): Piece[] {
  const isList = !isClause && /^(?:definitions?|general definitions)\b/i.test(head.title);
  let expected = isList;
  let announcedBy: string | undefined;
  pieces.forEach((piece, index) => {
    if (piece.kind === "heading" && !isList) expected = false;
    if (piece.kind !== "text" || piece.role !== "plain") return;
    const lead = piece.text.startsWith("(") ? scanLabels(piece.text)[0] : undefined;
    const labels = lead?.leading ? lead.end : 0;
    const words = piece.text.slice(labels);
    if (announcesDefinitions(words)) {
      expected = true;
      announcedBy = labels > 0 ? lead!.labels.at(-1) : undefined;
    } else if (
      labels > 0 && !isList && announcedBy && followsLetter(announcedBy, lead!.labels[0])
    ) {
      expected = false;
    }
    piece.inDefinitions = expected;
    if (labels > 0) return;
    const italic = piece.spans[0]?.style === "italic" && piece.spans[0].start <= 1
      ? piece.spans[0].end
      : 0;
    const next = pieces[index + 1]?.kind === "text" ? pieces[index + 1].text : undefined;
    const term = definedTerm(words, { expected, next, italicLength: italic });
    if (term !== undefined) {
      piece.term = term;
      piece.role = "definition";
    }
  });
  return isList ? partJoined(pieces) : pieces;
}

/** Whether "(b)" ends the list of definitions that "(a)" announced. */
function followsLetter(label: string, next: string): boolean {
  return /^[a-z]$/.test(label) && next.length === 1 &&
    next.charCodeAt(0) === label.charCodeAt(0) + 1;
}

/** Definitions that a copy has run together into one paragraph are parted. */
function partJoined(pieces: Piece[]): Piece[] {
  const found: Piece[] = [];
  let before: string | undefined;
  const after: (string | undefined)[] = [];
  for (let index = pieces.length - 1, term: string | undefined; index >= 0; index--) {
    after[index] = term;
    term = pieces[index].term ?? term;
  }
  pieces.forEach((piece, index) => {
    before = piece.term ?? before;
    const cuts = piece.kind === "text"
      ? joinedDefinitions(piece.text, before, after[index], pieces[index + 1]?.text)
      : [];
    let from = 0;
    for (const cut of [...cuts, piece.text.length]) {
      const text = piece.text.slice(from, cut).trimEnd();
      const spans = cutSpans(piece.spans, from, from + text.length);
      if (from === 0) found.push({ ...piece, text, spans });
      else {
        const term = definedTerm(text, { expected: true, next: pieces[index + 1]?.text });
        found.push({ kind: "text", role: "definition", text, spans, term });
        before = term;
      }
      from = cut;
    }
  });
  return found;
}

function kindOf(
  piece: Piece,
  text: string,
  labels: string[],
  isRunIn: boolean,
): { kind: Paragraph["kind"]; term?: string } {
  if (piece.role === "definition" && !isRunIn) return { kind: "definition", term: piece.term };
  if (piece.kind !== "text" || labels.length === 0) return { kind: piece.kind };
  let words = text;
  for (let at = 0; at < labels.length && words.startsWith("("); at++) {
    words = words.slice(words.indexOf(")") + 1).trimStart();
  }
  words = words.replace(/^Definitions?\.\s*/, "").replace(/^As used in this [a-z]+[,—:-]\s*/, "");
  const defines = piece.inDefinitions
    ? /^[^.;:]{1,90}\b(?:means|has the meaning)\b|^(?:the (?:term|phrase)s? )?[“"]/i
    : /^(?:the (?:term|phrase)s? )?[“"]|^[^.]{1,60},? as used in/i;
  const term = defines.test(words)
    ? definedTerm(words, { expected: piece.inDefinitions ?? false })
    : undefined;
  return term ? { kind: "definition", term } : { kind: "text" };
}

function clauseFacts(pieces: Piece[], alternates: ClauseFacts["alternates"]): ClauseFacts {
  const firstAlternate = pieces.findIndex((piece) => piece.alternate !== undefined);
  const own = firstAlternate < 0 ? pieces : pieces.slice(0, firstAlternate);
  const ownDate = own.filter((piece) => piece.kind === "heading")
    .map((piece) => titleDate(piece.text)).find((found) => found !== undefined);
  // The date of an alternate that is printed in full stands in the title after its heading.
  for (const alternate of alternates) {
    if (alternate.date) continue;
    const at = pieces.findIndex((piece) => piece.alternate?.name === alternate.name);
    const upTo = pieces.findIndex((piece, index) => index > at && piece.alternate !== undefined);
    const dated = pieces.slice(at, upTo < 0 ? undefined : upTo)
      .find((piece) => piece.kind === "heading" && titleDate(piece.text));
    if (dated) alternate.date = titleDate(dated.text);
  }
  // A few sections print nothing but an alternate; its date is theirs.
  const date = ownDate ?? (alternates.length === 1 ? alternates[0].date : undefined);
  const texts = pieces.map((piece) => piece.text);
  const prescription = texts.slice(0, 3).find((text) => /prescribed/.test(text)) ?? "";
  return {
    kind: clauseKind(texts),
    ...(date ? { date } : {}),
    prescribedAt: prescribedAt(prescription),
    alternates,
  };
}

function italicAt(spans: Span[]): (offset: number) => boolean {
  return (offset) =>
    spans.some((span) => span.style === "italic" && span.start <= offset && offset < span.end);
}

/** The spans between two offsets, relative to the first. */
function cutSpans(spans: Span[], start: number, end: number): Span[] {
  return spans
    .map((span) => ({
      ...span,
      start: Math.max(span.start, start) - start,
      end: Math.min(span.end, end) - start,
    }))
    .filter((span) => span.end > span.start);
}

/** Gives out anchors once each. A repeated one gets "_2": with a hyphen it would look like paragraph (2) below it. */
class Anchors {
  #taken = new Set<string>();

  claim(wanted: string): string {
    let anchor = wanted;
    for (let count = 2; this.#taken.has(anchor); count++) anchor = `${wanted}_${count}`;
    this.#taken.add(anchor);
    return anchor;
  }
}
