/** What the API says of answers and conversations. */
import { z } from "zod";
import { nextPage } from "./paging.ts";
import { Collection, Offset } from "./regulation.ts";
import { PassageView } from "./search.ts";

/** Times of the API. */
export const Time = z.int().meta({ description: "Milliseconds since 1970." });

export const AnswerMode = z.enum(["claude", "extractive"]).meta({
  id: "AnswerMode",
  description: "Who wrote the words: Claude, or FARchat by quoting.",
});

export const AnswerCitation = z.object({
  index: z.int().min(1).meta({ description: 'As printed in the text: "[1]".' }),
  regulation: Collection,
  section: z.string(),
  title: z.string(),
  paragraph: z.string().meta({ description: '"(c)(1)(i)", or "" for a whole section.' }),
  anchor: z.string().meta({ description: "Of that paragraph: /far/15.403-4#c-1." }),
  quote: z.string().meta({ description: "The cited words, exactly as stored." }),
  start: Offset,
  end: Offset,
  kind: z.enum(["regulation", "brief"]).meta({
    description: "Whether the quote is official text or FARchat's own summary.",
  }),
  at: z.int().min(0).meta({ description: "Offset in `answer` after which the mark stands." }),
}).meta({
  id: "Citation",
  description:
    "A pointer from the answer to the stored text, checked against it; start and end count in the section's text.",
});

export const AnswerUsage = z.object({
  model: z.string(),
  inputTokens: z.int().min(0),
  outputTokens: z.int().min(0),
  cacheReadTokens: z.int().min(0),
  costUsd: z.number().optional().meta({
    description: "US dollars; absent unless the administrator set the model's prices.",
  }),
}).meta({ id: "Usage", description: "What one answer took from the Messages API." });

const Failure = z.object({
  id: z.string().meta({ description: "The id in the server's log." }),
  message: z.string().meta({ description: "Safe to show." }),
});

export const Answer = z.object({
  message: z.int().min(1).meta({ description: "Its number, for stop, retry and events." }),
  conversation: z.string(),
  question: z.string(),
  collections: z.array(Collection).optional().meta({
    description: "What the question was limited to; absent when it was not.",
  }),
  answer: z.string().meta({ description: "The text that `at` of the citations counts in." }),
  marked: z.string().meta({ description: 'The text with its marks: "... is required. [1]".' }),
  status: z.enum(["streaming", "done", "stopped", "failed"]),
  mode: AnswerMode,
  usage: AnswerUsage.optional(),
  query: z.string().meta({ description: "The question as it was searched." }),
  passages: z.array(PassageView).meta({ description: "What was retrieved." }),
  citations: z.array(AnswerCitation),
  notices: z.array(z.string()).meta({ description: "What the reader should know." }),
  related: z.array(z.string()).meta({ description: "Questions to go on with." }),
  error: Failure.optional().meta({ description: 'Why it failed, with the status "failed".' }),
  created: Time,
  finished: Time.optional(),
}).meta({ id: "Answer", description: "One question and its answer." });

const stream = z.boolean("expected true or false").default(true).meta({
  description: "False: one document when the answer is complete.",
});

export const ChatBody = z.strictObject({
  question: z.string("expected text").meta({
    description: "1 to 4,000 characters.",
    example: "When do I need certified cost or pricing data?",
  }),
  conversation: z.string("expected a conversation's id").max(64).optional().meta({
    description: "The conversation to go on with; without it a new one begins.",
  }),
  collections: z.array(Collection).max(3).optional().meta({
    description: "Only these; all when absent.",
  }),
  stream,
}).meta({ id: "Question" });

export const RetryBody = z.strictObject({ stream }).meta({ id: "Retry" });

export const Stopped = z.object({
  stopped: z.boolean().meta({ description: "False when it had ended already." }),
}).meta({ id: "Stopped" });

const summary = {
  id: z.string(),
  title: z.string(),
  created: Time,
  updated: Time,
  messages: z.int().min(0).meta({ description: "How many questions it has." }),
};

export const ConversationSummary = z.object(summary).meta({ id: "ConversationSummary" });

export const Conversations = z.object({
  conversations: z.array(ConversationSummary).meta({ description: "The one used last first." }),
  next: nextPage,
}).meta({ id: "Conversations" });

export const Conversation = z.object({
  ...summary,
  turns: z.array(Answer).meta({ description: "Oldest first." }),
}).meta({ id: "Conversation" });

export const RenameBody = z.strictObject({
  title: z.string("expected text").trim().min(1).max(200).meta({ example: "Cost or pricing data" }),
}).meta({ id: "Rename" });

export const Renamed = z.object({
  id: z.string(),
  title: z.string().meta({ description: "As stored: one line, cut at 80 characters." }),
}).meta({ id: "Renamed" });
