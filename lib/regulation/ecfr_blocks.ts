/** The blocks of a section as they come out of eCFR XML: paragraphs, headings, notes and tables, with clean text. */
import type { Paragraph, Span } from "./types.ts";

/** A paragraph before it has a designator and a place in the section's text. */
export interface Block {
  kind: Exclude<Paragraph["kind"], "definition">;
  text: string;
  spans: Span[];
  table?: NonNullable<Paragraph["table"]>;
}

/** Characters that print as nothing: zero-width spaces and joiners, byte-order mark, soft hyphen. */
const INVISIBLE = /[\u200B-\u200D\u2060\uFEFF\u00AD]/g;
const HAS_INVISIBLE = /[\u200B-\u200D\u2060\uFEFF\u00AD]/;
/** Anything but single plain spaces. */
const UNTIDY = /\s{2,}|[^\S ]/;

/** Collects text with white space folded to single spaces, and the spans of inline markup in it. */
export class TextCollector {
  #text = "";
  #spans: Span[] = [];
  #open: { style: Span["style"]; start: number }[] = [];

  /** Adds text as it stands in the source. */
  add(raw: string): void {
    let text = HAS_INVISIBLE.test(raw) ? raw.replace(INVISIBLE, "") : raw;
    if (UNTIDY.test(text)) text = text.replace(/\s+/g, " ");
    if (text.startsWith(" ") && (this.#text === "" || this.#text.endsWith(" "))) {
      text = text.slice(1);
    }
    this.#text += text;
  }

  openSpan(style: Span["style"]): void {
    this.#open.push({ style, start: this.#text.length });
  }

  closeSpan(): void {
    const span = this.#open.pop();
    if (!span) return;
    let { start } = span;
    const end = this.#text.trimEnd().length;
    while (this.#text[start] === " ") start++;
    if (end > start) this.#spans.push({ start, end, style: span.style });
  }

  /** The text and its spans, in order; the collector is empty afterwards. */
  take(): { text: string; spans: Span[] } {
    while (this.#open.length > 0) this.closeSpan();
    const text = this.#text.trimEnd();
    const spans = this.#spans.sort((a, b) => a.start - b.start);
    this.#text = "";
    this.#spans = [];
    return { text, spans };
  }
}

/** Collects the rows of a table, whatever its elements are called. */
export class TableCollector {
  #rows: string[][] = [];
  #headerRows = 0;
  #row: string[] | undefined;
  #rowIsHeader = false;
  #cell = new TextCollector();
  #inCell = false;
  #headLevels: number[] = [];

  startRow(isHeader: boolean): void {
    this.endRow();
    this.#row = [];
    this.#rowIsHeader = isHeader;
  }

  endRow(): void {
    this.endCell();
    if (this.#row && this.#row.some((cell) => cell !== "")) {
      this.#rows.push(this.#row);
      if (this.#rowIsHeader && this.#headerRows === this.#rows.length - 1) this.#headerRows++;
    }
    this.#row = undefined;
  }

  startCell(isHeader: boolean): void {
    this.endCell();
    if (!this.#row) {
      this.#row = [];
      this.#rowIsHeader = isHeader;
    }
    if (isHeader && this.#row.length === 0) this.#rowIsHeader = true;
    if (!isHeader) this.#rowIsHeader = false;
    this.#inCell = true;
  }

  endCell(): void {
    if (!this.#inCell) return;
    this.#row?.push(this.#cell.take().text);
    this.#inCell = false;
  }

  /** The head of a GPOTABLE: its cells say by their level (1, 2, ...) which of them stand below which. */
  startHeadCell(level: number): void {
    this.endCell();
    this.#headLevels.push(Math.max(1, level));
    this.#row ??= [];
    this.#inCell = true;
  }

  /** Lays the head's cells out in rows, one a level; a cell stands over the first of the columns it covers. */
  endHead(): void {
    this.endCell();
    const cells = this.#row ?? [];
    const levels = this.#headLevels;
    this.#row = undefined;
    this.#headLevels = [];
    const depth = Math.max(0, ...levels);
    const rows: string[][] = Array.from({ length: depth }, () => []);
    let column = 0;
    cells.forEach((cell, index) => {
      rows[levels[index] - 1][column] = cell;
      const isLeaf = (levels[index + 1] ?? 0) <= levels[index];
      if (isLeaf) column++;
    });
    for (const row of rows) {
      this.#rows.push(Array.from({ length: column }, (_, index) => row[index] ?? ""));
      this.#headerRows = this.#rows.length;
    }
  }

  /** Whether a row is complete: what stands outside of cells from here on is a note below the table. */
  get hasRows(): boolean {
    return this.#rows.length > 0;
  }

  /** Text in a cell; false where no cell is open and the text belongs to the paragraph around. */
  add(raw: string): boolean {
    if (this.#inCell) this.#cell.add(raw);
    return this.#inCell;
  }

  /** The table as a block, cells parted by tabs and rows by line breaks in its text; undefined when empty. */
  finish(): Block | undefined {
    this.endRow();
    if (this.#rows.length === 0) return undefined;
    return {
      kind: "table",
      text: this.#rows.map((row) => row.join("\t")).join("\n"),
      spans: [],
      table: { headerRows: this.#headerRows, rows: this.#rows },
    };
  }
}
