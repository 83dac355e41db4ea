/** The API's schemas are those of the domain: a field that only one of the two has does not compile. */
import assert from "node:assert/strict";
import type { z } from "zod";
import type * as answer from "../../answer/types.ts";
import type * as regulation from "../../regulation/types.ts";
import type * as store from "../../store/types.ts";
import type * as answers from "./answers.ts";
import type * as documents from "./documents.ts";
import { AnswerEvent, EVENTS } from "./events.ts";
import type * as sections from "./regulation.ts";
import type { PassageView } from "./search.ts";

/** True where each is assignable to the other, and they have the same fields. */
type Same<Schema extends z.ZodType, Domain> = [z.output<Schema>, Domain] extends
  [Domain, z.output<Schema>]
  ? [keyof z.output<Schema>, keyof Domain] extends [keyof Domain, keyof z.output<Schema>] ? true
  : false
  : false;

type Event<Type extends answer.AnswerEvent["type"]> = Extract<answer.AnswerEvent, { type: Type }>;

Deno.test("schemas and domain types have the same fields", () => {
  // The compiler is the test; `deno check` and `deno test` run it.
  const same: [
    Same<typeof sections.Regulation, regulation.Regulation>,
    Same<typeof sections.Collection, regulation.Collection>,
    Same<typeof sections.Paragraph, regulation.Paragraph>,
    Same<typeof sections.ClauseFacts, regulation.ClauseFacts>,
    Same<typeof PassageView, answer.PassageView>,
    Same<typeof answers.AnswerCitation, answer.AnswerCitation>,
    Same<typeof answers.AnswerUsage, answer.AnswerUsage>,
    Same<typeof answers.ConversationSummary, store.ConversationSummary>,
    Same<
      typeof answers.Answer,
      Omit<store.StoredMessage, "id"> & { message: number; marked: string }
    >,
    Same<
      typeof documents.Document,
      Omit<store.StoredDocument, "sha256" | "mediaType" | "bytes">
    >,
    Same<typeof EVENTS.queue, Event<"queue">>,
    Same<typeof EVENTS.passages, Event<"passages">>,
    Same<typeof EVENTS.text, Event<"text">>,
    Same<typeof EVENTS.citation, Event<"citation">>,
    Same<typeof EVENTS.notice, Event<"notice">>,
    Same<typeof EVENTS.usage, Event<"usage">>,
    Same<typeof EVENTS.done, Event<"done">>,
    Same<typeof EVENTS.error, Event<"error">>,
    Same<typeof AnswerEvent, answer.AnswerEvent>,
  ] = [
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
  ];
  assert.equal(same.length, 19);
});

Deno.test("the union of events has each event that a stream names", () => {
  assert.deepEqual(AnswerEvent.options, Object.values(EVENTS));
});
