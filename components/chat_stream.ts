/** Reads an answer as it is written: server-sent events, with the connection taken up again where it broke. */
import type { AnswerEvent } from "../lib/answer/types.ts";

/** One server-sent event. */
export interface ServerEvent {
  id: string;
  event: string;
  data: string;
}

/** The server says something every 15 seconds; after this long the connection is dead without having said so. */
const SILENCE_MS = 45_000;

/**
 * The events of a stream, comments and empty events passed over. Ends where the stream ends, and throws when
 * nothing came for `silence` milliseconds.
 */
export async function* readServerEvents(
  body: ReadableStream<Uint8Array>,
  silence = SILENCE_MS,
): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let current: ServerEvent = { id: "", event: "message", data: "" };
  try {
    while (true) {
      const { done, value } = await within(silence, reader.read());
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop()!;
      for (const raw of lines) {
        const line = raw.replace(/\r$/, "");
        if (line === "") {
          if (current.data !== "") yield current;
          current = { id: current.id, event: "message", data: "" };
          continue;
        }
        const [field, value] = fieldOf(line);
        if (field === "data") current.data += (current.data ? "\n" : "") + value;
        else if (field === "event") current.event = value;
        else if (field === "id") current.id = value;
      }
    }
  } finally {
    // Leaving early (the reader went elsewhere) must close the connection.
    reader.cancel().catch(() => {});
  }
}

/** The promise's value, or a rejection when it takes longer. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The connection fell silent.")), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(":");
  if (colon < 0) return [line, ""];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
}

/** What somebody who follows an answer is told. */
export interface Follower {
  /** The message's number as soon as it is known. */
  onMessage(message: number): void;
  onEvent(event: AnswerEvent): void;
  /** The connection broke; it is tried again by itself. */
  onReconnecting(attempt: number): void;
}

/** The server refused: its words are for the reader. */
export class Refused extends Error {
  constructor(message: string, readonly next: string, readonly status: number) {
    super(message);
  }
}

const RETRIES = 6;

/** Waits between attempts, in milliseconds: 0.5 s doubling to 8 s. */
export function backoff(attempt: number): number {
  return Math.min(8000, 500 * 2 ** (attempt - 1));
}

export interface FollowOptions extends Follower {
  /** The first request; without it the answer `message` is taken up from `after`. */
  start?: () => Promise<Response>;
  message?: number;
  after?: number;
  signal: AbortSignal;
  /** For tests. */
  fetch?: typeof fetch;
  wait?: (ms: number) => Promise<void>;
}

/**
 * Follows an answer to its end. Resolves after `done` or `error`; rejects with `Refused` when the server says no,
 * with the last failure when the connection does not come back after six attempts.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const get = options.fetch ?? fetch;
  const wait = options.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  let message = options.message ?? 0;
  let after = options.after ?? 0;
  let open = options.start;
  for (let attempt = 0;;) {
    try {
      const response = await (open ? open() : get(
        `/api/v1/chat/${message}/events?after=${after}`,
        { headers: { accept: "text/event-stream" }, signal: options.signal },
      ));
      if (!response.ok || !response.body) throw await refusalOf(response);
      for await (const item of readServerEvents(response.body)) {
        const id = /^(\d+)\.(\d+)$/.exec(item.id);
        if (id && Number(id[1]) !== message) options.onMessage(message = Number(id[1]));
        if (id) after = Math.max(after, Number(id[2]));
        open = undefined;
        attempt = 0;
        const event = { ...JSON.parse(item.data), type: item.event } as AnswerEvent;
        options.onEvent(event);
        if (event.type === "done" || event.type === "error") return;
      }
      throw new Error("The connection ended before the answer did.");
    } catch (error) {
      const mayRetry = !(error instanceof Refused) || error.status >= 502;
      // Nothing was heard of the question: asking again by itself could ask it twice.
      if (options.signal.aborted || !mayRetry || message === 0 || attempt >= RETRIES) throw error;
      open = undefined;
      attempt++;
      options.onReconnecting(attempt);
      await wait(backoff(attempt));
    }
  }
}

/** The problem document of a refusal (RFC 9457, with `next`), as something to tell the reader. */
async function refusalOf(response: Response): Promise<Refused> {
  const problem = await response.json().catch(() => ({})) as Record<string, unknown>;
  const text = (value: unknown, otherwise: string) => typeof value === "string" ? value : otherwise;
  return new Refused(
    text(problem.detail, "FARchat could not answer just now."),
    text(problem.next, "Try again in a minute."),
    response.status,
  );
}
