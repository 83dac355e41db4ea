/** What the API says of searches and suggestions. */
import { z } from "zod";
import { Collection, NearestSection, Offset, Regulation } from "./regulation.ts";

const why = z.array(z.string()).meta({
  description: 'Why it was found: "cited", "words", "meaning", "question" and others.',
});

const passage = {
  kind: z.enum(["regulation", "brief"]).meta({
    description: '"regulation" is official text, "brief" is FARchat\'s own summary.',
  }),
  regulation: Collection,
  section: z.string(),
  title: z.string(),
  path: z.string().meta({ description: "The headings above it, for people." }),
  anchor: z.string().meta({ description: 'Of its first paragraph; "" for a brief.' }),
  text: z.string(),
  start: Offset,
  end: Offset,
  why,
};

/** A passage as an answer shows it. */
export const PassageView = z.object(passage).meta({
  id: "Passage",
  description: "A piece of a section as found; offsets count in the section's stored text.",
});

const score = z.number().meta({ description: "Higher is better; comparable within one search." });

export const SearchQuery = z.object({
  q: z.string("expected what to search for, ?q=").trim().min(1).max(1000).meta({
    description: 'Words, a question, or a citation such as "FAR 15.403-1(c)".',
    example: "certified cost or pricing data",
  }),
  k: z.coerce.number("expected a number").int().min(1).max(50).default(10).meta({
    description: "How many sections.",
  }),
  collection: Collection.optional(),
});

export const SearchResult = z.object({
  query: z.string().meta({ description: "The question as it was searched." }),
  sections: z.array(z.object({
    regulation: Collection,
    number: z.string(),
    label: z.string().meta({ description: '"FAR 15.403-1".' }),
    title: z.string(),
    href: z.string().meta({ description: "Its page here." }),
    score,
    why,
  })).meta({ description: "At most k, best first." }),
  passages: z.array(z.object({ ...passage, score })),
  unknown: z.array(z.object({
    number: z.string(),
    nearest: z.array(NearestSection),
  })).meta({ description: "Citations in the query that do not exist, with the nearest that do." }),
  abstain: z.string().optional().meta({
    description: "Why nothing in the regulations answers this, when that is so.",
  }),
  usedVectors: z.boolean().meta({ description: "False when only words were searched." }),
  timings: z.object({ total: z.number(), embed: z.number(), search: z.number() }).meta({
    description: "Milliseconds.",
  }),
}).meta({ id: "SearchResult" });

export const SuggestQuery = z.object({
  q: z.string().max(200).default("").meta({ description: "What was typed so far." }),
});

export const Suggestions = z.object({
  suggestions: z.array(z.object({
    question: z.string(),
    collection: Regulation,
    section: z.string().meta({ description: "The section that answers it." }),
  })),
}).meta({ id: "Suggestions" });
