/** Small eCFR documents for tests, and the parser run over them. */
import { EcfrParser, type EcfrSummary } from "./ecfr.ts";
import type { Section } from "./types.ts";

/** A chapter with one part and one section of it. */
export function sectionXml(body: string, number = "15.101", title = "Test."): string {
  return `<DIV8 N="${number}" TYPE="SECTION"><HEAD>${number}   ${title}\n</HEAD>\n${body}\n</DIV8>`;
}

export function chapterXml(sections: string, chapter = "1"): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<DIV3 N="${chapter}" TYPE="CHAPTER"><HEAD>CHAPTER ${chapter}—TEST CHAPTER\n</HEAD>\n` +
    `<DIV4 N="A" TYPE="SUBCHAP"><HEAD>SUBCHAPTER A—GENERAL\n</HEAD>` +
    `<DIV5 N="15" TYPE="PART"><HEAD>PART 15—NEGOTIATION\n</HEAD>` +
    `<DIV6 N="15.1" TYPE="SUBPART"><HEAD>Subpart 15.1—Sources\n</HEAD>${sections}</DIV6></DIV5></DIV4></DIV3>\n`;
}

/** Parses a document written in pieces that end at the given offsets. */
export function parse(
  xml: string,
  cuts: number[] = [],
): { sections: Section[]; summary: EcfrSummary } {
  const sections: Section[] = [];
  const parser = new EcfrParser((section) => sections.push(section));
  let from = 0;
  for (const cut of [...cuts, xml.length]) {
    parser.write(xml.slice(from, cut));
    from = cut;
  }
  return { sections, summary: parser.close() };
}

/** The only section of a chapter with this body. */
export function section(body: string, number?: string, title?: string): Section {
  return parse(chapterXml(sectionXml(body, number, title), number?.startsWith("2") ? "2" : "1"))
    .sections[0];
}

/** A paragraph's own words. */
export function words(of: Section, index: number): string {
  return of.text.slice(of.paragraphs[index].start, of.paragraphs[index].end);
}
