/** What the API says of the regulations: names, sections, paragraphs. Checked against lib/regulation by the compiler. */
import { z } from "zod";

export const Regulation = z.enum(["far", "dfars"]).meta({
  id: "Regulation",
  description: "One of the two regulations.",
});

export const Collection = z.enum(["far", "dfars", "uploads"]).meta({
  id: "Collection",
  description: "Where a text belongs: a regulation, or a document somebody added.",
});

/** Offsets everywhere count as JavaScript's strings do. */
export const Offset = z.int().min(0).meta({
  description: "Offset in UTF-16 code units; ranges are half-open.",
});

export const Heading = z.object({
  type: z.enum(["subchapter", "part", "subpart"]),
  number: z.string(),
  title: z.string(),
}).meta({ id: "Heading" });

/** A section that an answer points to where a number does not exist. */
export const NearestSection = z.object({
  regulation: Collection,
  number: z.string(),
  title: z.string(),
}).meta({ id: "NearestSection" });

export const Paragraph = z.object({
  designator: z.string().meta({ description: '"(c)(1)(i)", or "" where the paragraph has none.' }),
  anchor: z.string().meta({
    description: "Unique in its section: the fragment of its address, /far/15.403-1#c-1.",
  }),
  level: z.int().min(0).meta({ description: "Indentation, from 0." }),
  kind: z.enum(["text", "definition", "heading", "flush", "note", "table", "source"]),
  start: Offset,
  end: Offset,
  term: z.string().optional().meta({ description: "The defined term of a definition." }),
  spans: z.array(z.object({
    start: Offset,
    end: Offset,
    style: z.enum(["italic", "bold", "sup", "sub"]),
  })).optional().meta({ description: "Inline markup; offsets count in the paragraph." }),
  table: z.object({
    headerRows: z.int().min(0),
    rows: z.array(z.array(z.string())),
  }).optional().meta({
    description: "The cells of a table; the first headerRows rows are its head.",
  }),
}).meta({ id: "Paragraph", description: "A paragraph; its offsets count in the section's text." });

export const ClauseFacts = z.object({
  kind: z.enum(["clause", "provision"]),
  date: z.string().optional().meta({ description: '"Nov 2023", as printed after the title.' }),
  prescribedAt: z.array(z.string()).meta({
    description: 'The prescribing sections that its first line names: "12.301(b)(3)".',
  }),
  alternates: z.array(z.object({
    name: z.string(),
    date: z.string().optional(),
    anchor: z.string(),
  })),
}).meta({ id: "ClauseFacts", description: "What a clause or provision says of itself." });

const Neighbour = z.object({ number: z.string(), title: z.string() });

export const Section = z.object({
  regulation: Regulation,
  number: z.string(),
  label: z.string().meta({ description: '"FAR 15.403-1".' }),
  title: z.string(),
  path: z.array(Heading).meta({ description: "Headings above it, outermost first." }),
  reserved: z.boolean(),
  href: z.string().meta({ description: "Its page here." }),
  official: z.object({ ecfr: z.url(), acquisition: z.url() }).meta({
    description: "Its pages at ecfr.gov and acquisition.gov.",
  }),
  texts: z.array(z.object({
    title: z.string(),
    text: z.string().meta({ description: "The paragraphs joined by line breaks." }),
    paragraphs: z.array(Paragraph),
    clause: ClauseFacts.optional(),
    versionDate: z.string().optional().meta({
      description: '"2026-11-02", where the source says.',
    }),
  })).meta({
    description:
      "The official texts under this number, mostly one; empty while the regulation is not loaded.",
  }),
  brief: z.object({
    text: z.string(),
    stale: z.boolean().meta({ description: "It was written from another text." }),
  }).optional().meta({ description: "FARchat's own summary, not the regulation." }),
  previous: Neighbour.optional(),
  next: Neighbour.optional(),
}).meta({ id: "Section" });
