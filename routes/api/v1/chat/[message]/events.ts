import { answering } from "../../../../../lib/api/answering.ts";
import { OPERATIONS } from "../../../../../lib/api/operations.ts";
import { ownMessage } from "../../../../../lib/web/answer_json.ts";
import { eventStream, resumeAfter } from "../../../../../lib/web/event_stream.ts";
import { define } from "../../../../../utils.ts";

export const handler = define.handlers({
  GET: answering(OPERATIONS.events, ({ params, query, headers }, ctx) => {
    const { farchat, browser } = ctx.state;
    const message = ownMessage(farchat, browser, params.message);
    const after = resumeAfter(message, headers["Last-Event-ID"] ?? null, query.after);
    return eventStream(
      message,
      (signal) => farchat.answers.events(message, browser, after, signal),
    );
  }),
});
