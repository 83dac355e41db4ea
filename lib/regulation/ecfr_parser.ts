/**
 * Reads the XML of the Electronic Code of Federal Regulations (ecfr.gov, `/api/versioner/v1/full/{date}/title-48.xml`
 * and the bulk data of govinfo.gov) as a stream, a section at a time.
 */
import { SaxesParser } from "saxes";
import { Problem } from "../problem.ts";
import { type Block, TableCollector, TextCollector } from "./ecfr_blocks.ts";
import {
  BLOCK_KINDS,
  CELLS,
  HTML_ENTITIES,
  IGNORED,
  INLINE_STYLES,
  isInline,
  LINE_BREAKS,
  spanStyle,
} from "./ecfr_elements.ts";
import {
  collectionOfChapter,
  collectionOfSection,
  DivisionStack,
  isoDate,
  readSectionHead,
} from "./ecfr_structure.ts";
import { buildSection } from "./section_builder.ts";
import { plural, SectionTally } from "./section_tally.ts";
import type { Regulation, Section } from "./types.ts";

/** What a file held, known at its end. */
export interface EcfrSummary {
  collection: Regulation;
  /** Heading of the outermost division: "Federal Acquisition Regulation". */
  title: string;
  sections: number;
  /** Words in the sections' texts, parted by white space. */
  words: number;
  /** "2026-10-01" where the data says so. */
  versionDate?: string;
  /** What was odd and kept: duplicate numbers, headings without text, text outside of sections. */
  notices: string[];
}

interface OpenSection {
  number: string;
  heading: string;
  order: number;
  path: Section["path"];
  blocks: Block[];
}

/**
 * Hands every section to `onSection` as soon as it is complete; nothing else is kept. Write the file in pieces of
 * any size, then close.
 * @throws Problem from write or close: not XML, an HTML page, cut off, no sections, or neither FAR nor DFARS.
 */
export class EcfrParser {
  #onSection: (section: Section) => void;
  #sax = new SaxesParser({ position: true });
  #failure?: Problem;
  #started = false;
  #opening = "";
  #divisions = new DivisionStack();
  #elements: string[] = [];
  #ignoring = 0;
  #section?: OpenSection;
  #heading?: TextCollector;
  #text = new TextCollector();
  #kind: Block["kind"] | undefined;
  #containers: Block["kind"][] = [];
  #table?: TableCollector;
  /** Notes printed below the table that is being read. */
  #tableNotes: Block[] = [];
  #dateElement?: string;
  #collection?: Regulation;
  #versionDate?: string;
  #tally = new SectionTally();

  constructor(onSection: (section: Section) => void) {
    this.#onSection = onSection;
    Object.assign(this.#sax.ENTITIES, HTML_ENTITIES);
    this.#sax.on(
      "opentag",
      ({ name, attributes }) => this.#openTag(name, attributes as Record<string, string>),
    );
    this.#sax.on("closetag", (tag) => this.#closeTag(tag.name.toUpperCase()));
    this.#sax.on("text", (text) => this.#addText(text));
    this.#sax.on("cdata", (text) => this.#addText(text));
    this.#sax.on("error", (error) => this.#fail(error));
  }

  /** Reads the next piece of the file. */
  write(xml: string): void {
    if (this.#failure) throw this.#failure;
    if (!this.#started) {
      this.#opening += xml;
      const start = this.#opening.trimStart().replace(/^\uFEFF/, "").trimStart();
      if (start.length < 200 && this.#opening.length < 4000) return;
      this.#begin();
      return;
    }
    this.#feed(xml);
  }

  /** Ends the file and says what it held. */
  close(): EcfrSummary {
    if (this.#failure) throw this.#failure;
    if (!this.#started) this.#begin();
    if (this.#elements.length > 0) throw this.#cutOff();
    try {
      this.#sax.close();
    } catch (error) {
      throw this.#failure ?? error;
    }
    if (this.#failure) throw this.#failure;
    if (this.#tally.sections === 0) {
      throw new Problem(
        "Expected sections (DIV8 elements) of the eCFR, and found XML without any.",
        {
          next:
            "Give the XML that ecfr.gov offers for title 48, chapter 1 or 2, or a part of them.",
          status: 422,
        },
      );
    }
    return {
      collection: this.#collection!,
      title: this.#divisions.title ?? "",
      sections: this.#tally.sections,
      words: this.#tally.words,
      ...(this.#versionDate ? { versionDate: this.#versionDate } : {}),
      notices: this.#tally.notices(),
    };
  }

  #begin(): void {
    this.#started = true;
    const start = this.#opening.replace(/^\uFEFF/, "").trimStart();
    this.#opening = "";
    if (/^<(?:!doctype\s+html|html|head|body)\b/i.test(start)) {
      throw this.#stop(
        "Expected eCFR XML, and found an HTML page.",
        "Download the XML (not the page) of the chapter from ecfr.gov, or upload the page as a document.",
      );
    }
    if (!start.startsWith("<")) {
      throw this.#stop(
        start === ""
          ? "Expected eCFR XML, and found an empty file."
          : "Expected eCFR XML, and found something that is not XML.",
        "Give an .xml or .xml.gz file of title 48 from ecfr.gov.",
      );
    }
    this.#feed(start);
  }

  #feed(xml: string): void {
    try {
      this.#sax.write(xml);
    } catch (error) {
      throw this.#failure ?? error;
    }
    if (this.#failure) throw this.#failure;
  }

  #stop(message: string, next: string): Problem {
    this.#failure = new Problem(message, { next, status: 422 });
    return this.#failure;
  }

  #fail(error: Error): void {
    if (this.#failure) throw this.#failure;
    const where = /^(?:[^:]*:)?(\d+):\d+:\s*/.exec(error.message);
    const reason = error.message.replace(/^(?:[^:]*:)?\d+:\d+:\s*/, "").replace(/\.$/, "");
    throw this.#stop(
      `Expected well-formed XML, and found at line ${where?.[1] ?? this.#sax.line}: ${reason}. ` +
        `${plural(this.#tally.sections, "complete section")} came before it; nothing was stored.`,
      "Download the file again; if it stays so, the source is damaged.",
    );
  }

  #cutOff(): Problem {
    const place = this.#section
      ? `in the middle of section ${this.#section.number}`
      : "before its last element is closed";
    return this.#stop(
      `The XML is cut off: it ends ${place}. ${
        plural(this.#tally.sections, "complete section")
      } came before the cut; nothing was stored.`,
      "Download the file again and ingest it once it is complete.",
    );
  }

  #openTag(qualified: string, attributes: Record<string, string>): void {
    const name = qualified.toUpperCase();
    this.#elements.push(name);
    if (this.#ignoring > 0 || IGNORED.has(name)) {
      this.#ignoring++;
      return;
    }
    if (/^DIV[1-9]$/.test(name)) return this.#openDivision(name, attributes);
    if (name === "HEAD" && this.#atDivisionHead()) {
      this.#heading = new TextCollector();
    } else if (name === "AMDDATE") this.#dateElement = "";
    else if (this.#heading || this.#dateElement !== undefined) return;
    else if (this.#section) this.#openInSection(name, attributes);
  }

  /** A HEAD directly below a division is its heading; elsewhere it is a heading in the text. */
  #atDivisionHead(): boolean {
    const parent = this.#elements.at(-2) ?? "";
    return /^DIV[1-9]$/.test(parent) && (!this.#section || this.#section.heading === "");
  }

  #openDivision(name: string, attributes: Record<string, string>): void {
    this.#endBlock();
    const type = (attributes.TYPE ?? "").toUpperCase();
    const number = (attributes.N ?? "").trim();
    const dated = /\/on\/(\d{4}-\d{2}-\d{2})\//.exec(attributes.hierarchy_metadata ?? "");
    if (dated) this.#versionDate ??= dated[1];
    const title = /\/title-(\d+)\b/.exec(attributes.hierarchy_metadata ?? "");
    if (title && title[1] !== "48") this.#wrongTitle(title[1]);
    this.#divisions.open(name, type, number);
    if (name === "DIV3" || type === "CHAPTER") this.#enterChapter(number);
    if (name !== "DIV8" && name !== "DIV9") return;
    this.#endSection();
    this.#section = {
      number,
      heading: "",
      order: this.#tally.sections,
      path: this.#divisions.path(),
      blocks: [],
    };
  }

  #wrongTitle(found: string): never {
    throw this.#stop(
      `Expected title 48 of the CFR (the FAR and its supplements), and found title ${found}.`,
      "Give title 48, chapter 1 (FAR) or chapter 2 (DFARS).",
    );
  }

  #enterChapter(number: string): void {
    const collection = collectionOfChapter(number);
    if (!collection) {
      throw this.#stop(
        `Expected chapter 1 (FAR) or 2 (DFARS) of title 48, and found chapter ${number || "?"}.`,
        "Download one of the two chapters by itself; other agencies' supplements can be uploaded as documents.",
      );
    }
    if (this.#collection && this.#collection !== collection) {
      throw this.#stop(
        "Expected one chapter in a file, and found both the FAR and the DFARS.",
        "Give chapter 1 and chapter 2 as two files.",
      );
    }
    this.#collection = collection;
  }

  #openInSection(name: string, attributes: Record<string, string>): void {
    if (this.#table) return this.#openInTable(name, attributes);
    if (name === "GPOTABLE" || name === "TABLE") {
      this.#endBlock();
      this.#table = new TableCollector();
    } else if (BLOCK_KINDS[name] && !isLinkInText(name, this.#elements.at(-2))) {
      this.#endBlock();
      const container = this.#containers.at(-1);
      this.#kind = container ?? BLOCK_KINDS[name];
    } else if (name === "NOTE" || /^(?:ED|EFFD)NOTE?$/.test(name)) {
      this.#endBlock();
      this.#containers.push("note");
    } else if (INLINE_STYLES[name] || name === "E") {
      const style = spanStyle(name, attributes);
      if (style) this.#text.openSpan(style);
    } else if (LINE_BREAKS.has(name)) this.#text.add(" ");
    else if (!isInline(name) && !this.#kind) this.#endBlock();
  }

  #openInTable(name: string, attributes: Record<string, string>): void {
    const table = this.#table!;
    if (name === "ROW" || name === "TR") {
      this.#endBlock();
      table.startRow(this.#elements.includes("THEAD"));
    } else if (name === "CHED") table.startHeadCell(Number(attributes.H) || 1);
    else if (CELLS.has(name)) {
      table.startCell(name === "TH" || this.#elements.includes("THEAD"));
    } else if (LINE_BREAKS.has(name)) table.add(" ");
    else if (BLOCK_KINDS[name] && !table.add(" ")) {
      this.#endBlock();
      this.#kind = BLOCK_KINDS[name];
    }
  }

  #closeTag(name: string): void {
    this.#elements.pop();
    if (this.#ignoring > 0) {
      this.#ignoring--;
      return;
    }
    if (/^DIV[1-9]$/.test(name)) {
      if (name === "DIV8" || name === "DIV9") this.#endSection();
      this.#divisions.close();
    } else if (name === "HEAD" && this.#heading) {
      const { text } = this.#heading.take();
      this.#heading = undefined;
      if (this.#section) this.#section.heading = text || " ";
      else this.#divisions.setHeading(text);
    } else if (name === "AMDDATE") {
      const date = isoDate(this.#dateElement ?? "");
      if (date && (!this.#versionDate || date > this.#versionDate)) this.#versionDate = date;
      this.#dateElement = undefined;
    } else if (!this.#heading && this.#section) this.#closeInSection(name);
  }

  #closeInSection(name: string): void {
    if (this.#table) {
      if (name === "GPOTABLE" || name === "TABLE") {
        this.#endBlock();
        const block = this.#table.finish();
        this.#table = undefined;
        if (block) this.#section!.blocks.push(block);
        this.#section!.blocks.push(...this.#tableNotes.splice(0));
      } else if (name === "BOXHD") this.#table.endHead();
      else if (name === "ROW" || name === "TR") this.#table.endRow();
      else if (CELLS.has(name) || name === "CHED") this.#table.endCell();
      else if (BLOCK_KINDS[name] && !this.#table.add(" ")) this.#endBlock();
    } else if (BLOCK_KINDS[name] && !isLinkInText(name, this.#elements.at(-1))) {
      this.#endBlock();
    } else if (name === "NOTE" || /^(?:ED|EFFD)NOTE?$/.test(name)) {
      this.#endBlock();
      this.#containers.pop();
    } else if (INLINE_STYLES[name] || name === "E") this.#text.closeSpan();
    else if (!isInline(name) && !this.#kind) this.#endBlock();
  }

  #addText(text: string): void {
    if (this.#ignoring > 0) return;
    if (this.#dateElement !== undefined) this.#dateElement += text;
    else if (this.#heading) this.#heading.add(text);
    else if (this.#table) {
      if (!this.#table.add(text)) this.#text.add(text);
    } else if (this.#section) this.#text.add(text);
    else if (this.#divisions.depth > 0 && !this.#elements.some((name) => AUTHORITY.has(name))) {
      if (text.trim() !== "") this.#tally.outside++;
    }
  }

  #endBlock(): void {
    const kind = this.#kind ?? this.#containers.at(-1) ?? "text";
    this.#kind = undefined;
    const { text, spans } = this.#text.take();
    if (text === "" || !this.#section) return;
    const blocks = this.#table?.hasRows ? this.#tableNotes : this.#section.blocks;
    blocks.push({ kind, text, spans });
  }

  #endSection(): void {
    const open = this.#section;
    if (!open) return;
    this.#endBlock();
    this.#section = undefined;
    this.#containers = [];
    const { number, title, reserved } = readSectionHead(open.number, open.heading);
    const collection = this.#collection ?? collectionOfSection(number);
    if (!collection) {
      throw this.#stop(
        `Expected sections of the FAR (parts 1-99) or the DFARS (parts 201-299), and found section ${number}.`,
        "Give title 48, chapter 1 (FAR) or chapter 2 (DFARS).",
      );
    }
    this.#collection = collection;
    const section = buildSection(
      { collection, number, title, order: open.order, path: open.path, reserved },
      open.blocks,
    );
    this.#tally.add(section);
    this.#onSection(section);
  }
}

/** An XREF stands in a sentence, or on a line of its own. */
function isLinkInText(name: string, parent: string | undefined): boolean {
  return name === "XREF" && BLOCK_KINDS[parent ?? ""] !== undefined;
}

/** Parts print the statutes they rest on and where they were published; neither is the regulation's text. */
const AUTHORITY = new Set(["AUTH", "SOURCE", "HEADER", "CITA", "EDNOTE", "TOC"]);
