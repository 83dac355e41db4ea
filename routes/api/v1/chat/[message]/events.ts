import { ownMessage } from "../../../../../lib/web/answer_json.ts";
import { eventStream, resumeAfter } from "../../../../../lib/web/event_stream.ts";
import { queryOf } from "../../../../../lib/web/input.ts";
import { define } from "../../../../../utils.ts";

/**
 * GET /api/v1/chat/:message/events takes an answer up again: the events after the one named by Last-Event-ID or
 * `?after=<seq>`, then those to come. One that ended long ago is told anew, beginning with `passages`.
 */
export const handler = define.handlers({
  GET: (ctx) => {
    const { farchat, browser } = ctx.state;
    const message = ownMessage(farchat, browser, ctx.params.message);
    const after = resumeAfter(
      message,
      ctx.req.headers.get("Last-Event-ID"),
      queryOf(ctx.url).after,
    );
    return eventStream(
      message,
      (signal) => farchat.answers.events(message, browser, after, signal),
    );
  },
});
