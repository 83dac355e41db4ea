/** What /api/v1 does: each operation once, with the schemas that check its requests and type its answers. */
import type { RouteConfig } from "@hono/zod-openapi";
import { z } from "zod";
import { PROBLEM_KINDS, type ProblemKind } from "./problem_kinds.ts";
import * as answers from "./schemas/answers.ts";
import * as documents from "./schemas/documents.ts";
import { AnswerEvent, EVENTS } from "./schemas/events.ts";
import { paging } from "./schemas/paging.ts";
import { ProblemJson } from "./schemas/problem.ts";
import { Regulation, Section } from "./schemas/regulation.ts";
import * as search from "./schemas/search.ts";

/** Groups of operations, in the order in which they are described. */
export const TAGS = [
  { name: "Answers", description: "Ask a question; read its answer as it is written." },
  { name: "Conversations", description: "What this browser asked." },
  { name: "Regulations", description: "Find and read the sections." },
  { name: "Description", description: "This description." },
];

/** What may be wrong with something that was sent to be stored. */
const SENT = [
  "invalid-request",
  "other-site",
  "not-found",
  "too-large",
  "not-json",
  "disk-full",
] as const;

const OF_THIS_BROWSER = [{ browser: [] }];

const EVENT_STREAM = {
  schema: z.string().meta({
    description:
      "Server-sent events. Each has the fields `id` (`<message>.<number>`, numbers from 1), `event` (the name) and `data` (JSON as in `x-events`).",
  }),
  "x-events": Object.fromEntries(
    Object.values(EVENTS).map((schema) => [
      schema.shape.type.value,
      { $ref: `#/components/schemas/${schema.meta()!.id}` },
    ]),
  ),
};

const STREAM_OR_DOCUMENT = {
  200: {
    description: "The answer: events, or with `stream` false one document when it is complete.",
    content: {
      "text/event-stream": EVENT_STREAM,
      "application/json": { schema: answers.Answer },
    },
  },
};

const message = {
  params: z.object({
    message: z.string().regex(/^\d{1,15}$/).meta({ description: "`message` of the answer." }),
  }),
};

const conversation = {
  params: z.object({
    id: z.string().max(64).meta({ description: "`conversation` of an answer." }),
  }),
};

export const OPERATIONS = {
  ask: {
    method: "post",
    path: "/api/v1/chat",
    tags: ["Answers"],
    summary: "Ask a question",
    description:
      "The answer is written to its end even when the client goes away; take it up again with its events. Without a conversation a new one begins.",
    security: OF_THIS_BROWSER,
    request: { body: body(answers.ChatBody) },
    responses: {
      ...STREAM_OR_DOCUMENT,
      ...problems(...SENT),
    },
  },
  events: {
    method: "get",
    path: "/api/v1/chat/{message}/events",
    tags: ["Answers"],
    summary: "Take an answer up again",
    description:
      "The events after the one named by Last-Event-ID or `after`, then those to come. An answer that ended long ago is told anew, beginning with `passages`.",
    security: OF_THIS_BROWSER,
    request: {
      ...message,
      query: z.object({
        after: z.string().optional().meta({
          pattern: "^[0-9]{1,9}$",
          description: "The number of the last event that came: 7 of the id 12.7.",
        }),
      }),
      headers: z.object({
        "Last-Event-ID": z.string().optional().meta({
          description: "The id of the last event that came, as browsers send it. Before `after`.",
        }),
      }),
    },
    responses: {
      200: {
        description: "The events.",
        content: { "text/event-stream": EVENT_STREAM },
      },
      ...problems("not-found"),
    },
  },
  stop: {
    method: "post",
    path: "/api/v1/chat/{message}/stop",
    tags: ["Answers"],
    summary: "Stop an answer where it is",
    security: OF_THIS_BROWSER,
    request: message,
    responses: {
      ...json("Whether it was stopped.", answers.Stopped),
      ...problems("other-site", "not-found"),
    },
  },
  retry: {
    method: "post",
    path: "/api/v1/chat/{message}/retry",
    tags: ["Answers"],
    summary: "Answer a question again",
    description: "The old answer is removed; the new one has a new number.",
    security: OF_THIS_BROWSER,
    request: { ...message, body: body(answers.RetryBody, { required: false }) },
    responses: {
      ...STREAM_OR_DOCUMENT,
      ...problems(...SENT),
    },
  },
  listConversations: {
    method: "get",
    path: "/api/v1/conversations",
    tags: ["Conversations"],
    summary: "List the conversations of this browser",
    security: OF_THIS_BROWSER,
    request: { query: z.object(paging) },
    responses: {
      ...json("A page of them.", answers.Conversations),
      ...problems("invalid-request"),
    },
  },
  readConversation: {
    method: "get",
    path: "/api/v1/conversations/{id}",
    tags: ["Conversations"],
    summary: "Read a conversation",
    security: OF_THIS_BROWSER,
    request: conversation,
    responses: { ...json("It, with its answers.", answers.Conversation), ...problems("not-found") },
  },
  renameConversation: {
    method: "patch",
    path: "/api/v1/conversations/{id}",
    tags: ["Conversations"],
    summary: "Give a conversation another title",
    security: OF_THIS_BROWSER,
    request: { ...conversation, body: body(answers.RenameBody) },
    responses: {
      ...json("The title as stored.", answers.Renamed),
      ...problems(...SENT),
    },
  },
  deleteConversation: {
    method: "delete",
    path: "/api/v1/conversations/{id}",
    tags: ["Conversations"],
    summary: "Delete a conversation",
    description: "What is being written in it ends.",
    security: OF_THIS_BROWSER,
    request: conversation,
    responses: {
      204: { description: "It is gone." },
      ...problems("other-site", "not-found", "disk-full"),
    },
  },
  search: {
    method: "get",
    path: "/api/v1/search",
    tags: ["Regulations"],
    summary: "Search for sections",
    request: { query: search.SearchQuery },
    responses: { ...json("What was found.", search.SearchResult), ...problems("invalid-request") },
  },
  suggest: {
    method: "get",
    path: "/api/v1/suggest",
    tags: ["Regulations"],
    summary: "Suggest questions",
    description: "Questions that fit what was typed so far, at most 8.",
    request: { query: search.SuggestQuery },
    responses: { ...json("The questions.", search.Suggestions), ...problems("invalid-request") },
  },
  readSection: {
    method: "get",
    path: "/api/v1/sections/{regulation}/{number}",
    tags: ["Regulations"],
    summary: "Read a section",
    request: {
      params: z.object({
        regulation: Regulation,
        number: z.string().meta({ description: "Of the section.", example: "15.403-4" }),
      }),
    },
    responses: { ...json("The section.", Section), ...problems("not-found", "unknown-section") },
  },
  listDocuments: {
    method: "get",
    path: "/api/v1/documents",
    tags: ["Regulations"],
    summary: "List what was ingested",
    request: { query: documents.DocumentsQuery },
    responses: {
      ...json("A page of the documents.", documents.Documents),
      ...problems("invalid-request"),
    },
  },
  description: {
    method: "get",
    path: "/api/v1/openapi.json",
    tags: ["Description"],
    summary: "Get this description",
    responses: json("An OpenAPI 3.1 document.", z.looseObject({ openapi: z.literal("3.1.0") })),
  },
  reference: {
    method: "get",
    path: "/api/v1/docs",
    tags: ["Description"],
    summary: "Read this description as a page",
    responses: {
      200: { description: "The page.", content: { "text/html": { schema: z.string() } } },
    },
  },
} satisfies Record<string, RouteConfig>;

export type Operations = typeof OPERATIONS;

/** Schemas of the document that no request or answer names directly. */
export const MORE_SCHEMAS = [AnswerEvent];

/** The problems that an operation tells, whatever it does. */
export const ALWAYS_TOLD = problems("too-many-requests", "unexpected", "unavailable");

function json<S extends z.ZodType>(description: string, schema: S) {
  return { 200: { description, content: { "application/json": { schema } } } };
}

function body<S extends z.ZodType>(schema: S, { required = true } = {}) {
  return { required, content: { "application/json": { schema } } };
}

/** The answers that tell these kinds of problems; kinds of the same status come as one answer. */
function problems(...kinds: ProblemKind[]) {
  const told = kinds.map((kind) => PROBLEM_KINDS[kind]);
  return Object.fromEntries(told.map(({ status }) => {
    const says = told.filter((kind) => kind.status === status).map((kind) => kind.says);
    const content = { "application/problem+json": { schema: ProblemJson } };
    return [status, { description: says.join(" Or: "), content }];
  }));
}
