/** Answers as server-sent events. */
import type { AnswerEvent } from "../answer/types.ts";

/** So often a comment keeps proxies from closing a quiet connection, in milliseconds. */
export const HEARTBEAT_MS = 15_000;

/** How long a browser waits before it connects again, in milliseconds. */
const RETRY_MS = 2000;

/**
 * A response that streams the events of one message, each as
 *
 *     id: <message>.<seq>
 *     event: <type>
 *     data: <the event as JSON>
 *
 * `queue` events have no number of their own and so no id. `open` gets a signal that aborts when the reader goes
 * away; what is being written goes on without it.
 */
export function eventStream(
  message: number,
  open: (signal: AbortSignal) => AsyncIterable<{ seq: number; event: AnswerEvent }>,
  heartbeat = HEARTBEAT_MS,
): Response {
  const encoder = new TextEncoder();
  const gone = new AbortController();
  let events: AsyncIterator<{ seq: number; event: AnswerEvent }> | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\n\n`));
    },
    // Called once somebody reads: a HEAD request starts nothing that would have to be ended.
    async pull(controller) {
      events ??= open(gone.signal)[Symbol.asyncIterator]();
      timer ??= setInterval(() => {
        // A reader who does not read would only pile them up.
        if (controller.desiredSize! > 0) controller.enqueue(encoder.encode(": still here\n\n"));
      }, heartbeat);
      try {
        const { done, value } = await events.next();
        if (gone.signal.aborted) return;
        if (!done) return controller.enqueue(encoder.encode(frame(message, value)));
        clearInterval(timer);
        controller.close();
      } catch (error) {
        clearInterval(timer);
        if (!gone.signal.aborted) controller.error(error);
      }
    },
    async cancel() {
      clearInterval(timer);
      gone.abort();
      await events?.return?.();
    },
  });
  return new Response(body, {
    headers: {
      "Content-Type": "text/event-stream; charset=utf-8",
      // Compression and buffering on the way would hold events back.
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
    },
  });
}

function frame(message: number, { seq, event }: { seq: number; event: AnswerEvent }): string {
  const id = event.type === "queue" ? "" : `id: ${message}.${seq}\n`;
  // JSON has no raw line breaks, so one data line holds it.
  return `${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/**
 * The number after which a reader wants the events: of "12.7" (Last-Event-ID, or ?after=7), 7. 0 for none, and
 * for an id of another message.
 */
export function resumeAfter(message: number, lastEventId: string | null, after?: string): number {
  const last = /^(\d+)\.(\d+)$/.exec(lastEventId ?? "");
  if (last && Number(last[1]) === message) return Number(last[2]);
  return /^\d{1,9}$/.test(after ?? "") ? Number(after) : 0;
}
