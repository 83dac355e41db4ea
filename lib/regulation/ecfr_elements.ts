/** What the elements of eCFR XML mean for a section's text. Names are in capitals; what is not listed keeps its text. */
import type { Block } from "./ecfr_blocks.ts";
import type { Span } from "./types.ts";

/** Elements that are a paragraph of their own. */
export const BLOCK_KINDS: Record<string, Block["kind"]> = {
  P: "text",
  PSPACE: "text",
  LI: "text",
  FP: "flush",
  "FP-1": "flush",
  "FP-2": "flush",
  "FP1": "flush",
  "FP1-2": "flush",
  "FP2": "flush",
  "FP2-2": "flush",
  "FP2-3": "flush",
  "FP-DASH": "flush",
  HEAD: "heading",
  HD: "heading",
  HD1: "heading",
  HD2: "heading",
  HD3: "heading",
  HD4: "heading",
  HED: "heading",
  HED1: "heading",
  H1: "heading",
  H2: "heading",
  H3: "heading",
  H4: "heading",
  CAPTION: "heading",
  TTITLE: "heading",
  TDESC: "note",
  TNOTE: "note",
  CITA: "source",
  AUTH: "source",
  SOURCE: "source",
  SECAUTH: "source",
  APPRO: "source",
  XREF: "note",
  CROSSREF: "note",
};

/** Inline elements with a style. */
export const INLINE_STYLES: Record<string, Span["style"]> = {
  I: "italic",
  EM: "italic",
  B: "bold",
  STRONG: "bold",
  SU: "sup",
  SUP: "sup",
  SUB: "sub",
};

/** The emphasis codes of the Government Publishing Office: `<E T="03">` is italic. */
const EMPHASIS: Record<string, Span["style"]> = {
  "01": "bold",
  "02": "bold",
  "03": "italic",
  "04": "bold",
  "05": "bold",
  "51": "sup",
  "52": "sub",
  "53": "italic",
  "54": "sub",
};

/** The style of an inline element; an E with an unknown code counts as italic, which is what most are. */
export function spanStyle(name: string, attributes: Record<string, string>): Span["style"] {
  return INLINE_STYLES[name] ?? EMPHASIS[attributes.T ?? ""] ?? "italic";
}

const INLINE = new Set(["A", "AC", "FR", "SPAN", "U", "FTREF", "MATH", "STARS", "S", "Q", "SMALL"]);

/** Elements that stand in running text and never begin a paragraph. */
export function isInline(name: string): boolean {
  return INLINE.has(name);
}

/** Elements that print as a break inside a paragraph. */
export const LINE_BREAKS = new Set(["BR", "LI", "L", "PRTPAGE", "SPACE"]);

/** Cells of both kinds of table, but for the head of a GPOTABLE. */
export const CELLS = new Set(["ENT", "TD", "TH"]);

/** Elements without words of the regulation. */
export const IGNORED = new Set(["IMG", "GPH", "GID", "MID", "SCRIPT", "STYLE", "CFRTOC"]);

/** Entities of HTML that turn up in copies of the text; XML knows five by itself. */
export const HTML_ENTITIES: Record<string, string> = {
  nbsp: "\u00A0",
  sect: "§",
  para: "¶",
  mdash: "—",
  ndash: "–",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  hellip: "…",
  bull: "•",
  deg: "°",
  frac12: "½",
  frac14: "¼",
  frac34: "¾",
  times: "×",
  copy: "©",
  reg: "®",
  trade: "™",
  eacute: "é",
  ntilde: "ñ",
  thinsp: "\u2009",
  ensp: "\u2002",
  emsp: "\u2003",
  zwnj: "\u200C",
  shy: "\u00AD",
};
