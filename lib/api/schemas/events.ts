/** The events of an answer that is being written, as `data` of the event stream. */
import { z } from "zod";
import { AnswerCitation, AnswerMode, AnswerUsage } from "./answers.ts";
import { PassageView } from "./search.ts";

/** Each event by its name; `data.type` says the name again. In the order in which they come. */
export const EVENTS = {
  queue: z.object({
    type: z.literal("queue"),
    ahead: z.int().min(0).meta({ description: "How many answers are written first." }),
  }).meta({
    id: "QueueEvent",
    description:
      "The place of a question that waits for its turn. Has no id: it is not told again.",
  }),
  passages: z.object({
    type: z.literal("passages"),
    mode: AnswerMode,
    passages: z.array(PassageView),
    query: z.string().meta({ description: "The question as it was searched." }),
    notices: z.array(z.string()),
  }).meta({
    id: "PassagesEvent",
    description:
      "Begins the answer. When another one comes, drop the text, citations and notices that came before it.",
  }),
  text: z.object({ type: z.literal("text"), delta: z.string() }).meta({
    id: "TextEvent",
    description: "The next piece of the answer's text; it has no citation marks in it.",
  }),
  citation: z.object({ type: z.literal("citation"), citation: AnswerCitation }).meta({
    id: "CitationEvent",
    description: "A checked citation of what was written so far.",
  }),
  notice: z.object({ type: z.literal("notice"), message: z.string() }).meta({
    id: "NoticeEvent",
    description: "Something the reader should know that was not known at the start.",
  }),
  usage: z.object({ type: z.literal("usage"), ...AnswerUsage.shape }).meta({
    id: "UsageEvent",
    description: "What the answer took from the Messages API.",
  }),
  done: z.object({
    type: z.literal("done"),
    conversation: z.string(),
    message: z.int().min(1),
    mode: AnswerMode,
    stopped: z.boolean(),
    related: z.array(z.string()).meta({ description: "Questions to go on with." }),
  }).meta({ id: "DoneEvent", description: "The last event of an answer that was written." }),
  error: z.object({
    type: z.literal("error"),
    id: z.string().meta({ description: "The id in the server's log." }),
    message: z.string().meta({ description: "Safe to show." }),
  }).meta({ id: "ErrorEvent", description: "The last event of an answer that failed." }),
} as const;

export const AnswerEvent = z.discriminatedUnion("type", [
  EVENTS.queue,
  EVENTS.passages,
  EVENTS.text,
  EVENTS.citation,
  EVENTS.notice,
  EVENTS.usage,
  EVENTS.done,
  EVENTS.error,
]).meta({ id: "AnswerEvent" });
