/** A section cut into the chunks that are embedded and searched. */
import { createHash } from "node:crypto";
import type { Paragraph, Section } from "../regulation/types.ts";
import type { NewChunk } from "../store/types.ts";
import { contextTexts, headingOf, LEAD_IN_TOKENS, leadInOf } from "./chunk_context.ts";
import { type TextUnit, textUnits } from "./text_units.ts";
import { modelText, SPECIAL_TOKENS, type TokenCounter } from "./token_counter.ts";

/** Changes with the rules of chunking or of the text put in front: what is stored is then made anew. */
export const CHUNKING_VERSION = 1;

/** The model's window, special tokens included. */
export const MAX_CHUNK_TOKENS = 256;

/**
 * A chunk with so many tokens may end before a paragraph that does not fit with all its sub-paragraphs; with fewer, it
 * takes what fits.
 */
const WORTHWHILE_TOKENS = 80;

/** A paragraph as short as this with sub-paragraphs is their title: "(c) Exceptions." */
const TITLE_TOKENS = 16;

/**
 * The chunks of one section, in order: paragraphs packed to the model's window behind the headings and the lead-in they
 * continue. Together they cover all of the text but white space, and none of it twice. Each definition of a section of
 * definitions is a chunk by itself (or more, when it is long); a heading stays with what follows it. A section
 * without text gets one chunk of its heading, so that it can be found. Source lines ("[48 FR 42187, Sept. 19,
 * 1983]") belong to a chunk but are not embedded: they say nothing of the section's matter.
 */
export async function chunkSection(section: Section, counter: TokenCounter): Promise<NewChunk[]> {
  await counter.learn(contextTexts(section));
  const heading = headingOf(section, counter);
  const room = MAX_CHUNK_TOKENS - SPECIAL_TOKENS - counter.of(heading);
  const units = textUnits(section, room - LEAD_IN_TOKENS, counter, isSource);
  const chunks = pack(section, units, room, counter).map(({ first, end, leadIn, tokens }) => ({
    start: units[first].start,
    end: units[end - 1].end,
    anchor: section.paragraphs[units[first].paragraph].anchor,
    context: leadIn === "" ? heading : `${heading}\n${leadIn}`,
    tokens: MAX_CHUNK_TOKENS - room + tokens,
  }));
  if (chunks.length === 0) {
    const tokens = MAX_CHUNK_TOKENS - room;
    const anchor = section.paragraphs[0]?.anchor ?? "";
    chunks.push({ start: 0, end: 0, anchor, context: heading, tokens });
  }
  coverSources(section, chunks);
  return chunks.map((chunk) => {
    const hash = createHash("sha256").update(embeddedText(section, chunk)).digest("hex");
    return { ...chunk, hash };
  });
}

/** What is embedded for a chunk: its context and its text, without source lines and with blanks shortened. */
export function embeddedText(
  section: Section,
  chunk: Pick<NewChunk, "start" | "end" | "context">,
): string {
  let body = "";
  let from = chunk.start;
  for (const source of section.paragraphs.filter(isSource)) {
    if (source.end <= from || source.start >= chunk.end) continue;
    body += section.text.slice(from, Math.max(from, source.start));
    from = source.end;
  }
  body += section.text.slice(from, Math.max(from, chunk.end));
  return modelText(`${chunk.context}\n${body.trim()}`.trim());
}

interface Packed {
  /** Index of the first unit and of the one after the last. */
  first: number;
  end: number;
  leadIn: string;
  /** Tokens of lead-in and units. */
  tokens: number;
}

function pack(
  section: Section,
  units: readonly TextUnit[],
  room: number,
  counter: TokenCounter,
): Packed[] {
  const { paragraphs } = section;
  const starts = definitionStarts(section);
  const packed: Packed[] = [];
  let open: Packed | undefined;
  for (let i = 0; i < units.length; i++) {
    const unit = units[i];
    if (open && breaksBefore(i, open)) open = undefined;
    if (!open) {
      const leadIn = leadInOf(section, unit.paragraph, unit.inside, counter);
      open = { first: i, end: i, leadIn, tokens: counter.of(leadIn) };
      packed.push(open);
    }
    open.end = i + 1;
    open.tokens += unit.tokens;
  }
  return packed;

  function breaksBefore(i: number, chunk: Packed): boolean {
    const unit = units[i];
    if (!unit.inside && starts.has(unit.paragraph)) return true;
    const left = room - chunk.tokens;
    if (unit.tokens > left) return true;
    // What must not part: a heading from its text, "shall—" from the first thing that shall be done.
    const bound = tokensOf(i, boundEnd(i));
    if (bound > left) return !bindsTo(i - 1) || chunk.tokens >= WORTHWHILE_TOKENS;
    if (bindsTo(i - 1) || chunk.tokens < WORTHWHILE_TOKENS) return false;
    const family = tokensOf(i, familyEnd(i));
    return family > left && family <= room - LEAD_IN_TOKENS;
  }

  function tokensOf(from: number, to: number): number {
    let sum = 0;
    for (let i = from; i < to; i++) sum += units[i].tokens;
    return sum;
  }

  /** One past the last unit that is bound to unit `i`. */
  function boundEnd(i: number): number {
    let end = i + 1;
    while (end < units.length && bindsTo(end - 1)) end++;
    return end;
  }

  /** Whether unit `i` must be followed by the next one in its chunk. */
  function bindsTo(i: number): boolean {
    const next = units[i + 1];
    if (!next || starts.has(next.paragraph) && !next.inside) return false;
    const here = paragraphs[units[i].paragraph];
    if (here.kind === "heading") return true;
    const deeper = paragraphs[next.paragraph].level > here.level;
    const { start, end, tokens } = units[i];
    return deeper && (tokens <= TITLE_TOKENS || /[—:-]$/.test(section.text.slice(start, end)));
  }

  /** One past the last unit of the paragraph of unit `i` and of its sub-paragraphs. */
  function familyEnd(i: number): number {
    const { level } = paragraphs[units[i].paragraph];
    let end = boundEnd(i);
    while (end < units.length) {
      const next = units[end];
      const paragraph = paragraphs[next.paragraph];
      if (!next.inside && (paragraph.level <= level || paragraph.kind === "heading")) break;
      end++;
    }
    return end;
  }
}

/**
 * The paragraphs that start a chunk because they are one of the entries of a section of definitions: each definition,
 * and what stands on the same level after one.
 */
function definitionStarts({ title, paragraphs }: Section): Set<number> {
  const starts = new Set<number>();
  if (!/\bdefinitions?\b/i.test(title)) return starts;
  let defining = false;
  paragraphs.forEach(({ kind, level }, index) => {
    if (kind === "definition") defining = true;
    if (defining && level === 0 && kind !== "flush" && kind !== "source") starts.add(index);
  });
  return starts;
}

function isSource(paragraph: Paragraph): boolean {
  return paragraph.kind === "source";
}

/** Lets the chunk before each source line (the first one, where there is none before) reach over it. */
function coverSources(section: Section, chunks: { start: number; end: number }[]): void {
  for (const { start, end } of section.paragraphs.filter(isSource)) {
    if (!section.text.slice(start, end).trim()) continue;
    const before = chunks.findLast((chunk) => chunk.start <= start) ?? chunks[0];
    if (before.start === before.end) before.start = before.end = start;
    before.start = Math.min(before.start, start);
    before.end = Math.max(before.end, end);
  }
}
