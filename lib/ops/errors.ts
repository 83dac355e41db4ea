/** Errors that nobody foresaw, as an administrator may see them: in the log, and at Sentry where that is set up. */
import type { Settings } from "./settings.ts";

/** An error without what it must not tell. */
export interface ErrorFacts {
  name: string;
  /** Such as "ENOSPC"; absent where it has none. */
  code?: string;
  /** Absent where it may repeat people's words. */
  message?: string;
  /** Where it happened, innermost first. */
  frames: string[];
  cause?: ErrorFacts;
}

/** Where an error came from. */
export interface ErrorPlace {
  /** What the reader is shown, to be found in the log. */
  id: string;
  /** The pattern of a route, or a part of FARchat: "answer", "process". */
  endpoint: string;
  method?: string;
  /** The request holds people's words, which the message may repeat. */
  words?: boolean;
}

/** Sends errors to a service. */
export interface ErrorTracker {
  report(error: unknown, place: ErrorPlace): void;
  /** Waits until what was reported is sent, at most `ms`. */
  close(ms: number): Promise<void>;
}

const FRAMES = 12;
const CAUSES = 3;

/** The facts of an error; `words` leaves the messages out. */
export function errorFacts(error: unknown, words = false, depth = 0): ErrorFacts {
  if (!(error instanceof Error)) {
    return { name: typeof error, frames: [], ...(words ? {} : { message: String(error) }) };
  }
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    ...(typeof code === "string" || typeof code === "number" ? { code: String(code) } : {}),
    ...(words ? {} : { message: error.message }),
    frames: (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)).slice(0, FRAMES)
      .map((line) => line.trim()),
    ...(error.cause !== undefined && depth < CAUSES
      ? { cause: errorFacts(error.cause, words, depth + 1) }
      : {}),
  };
}

/** Before the tracker is loaded errors are kept, up to this many. */
const MOST_KEPT = 20;

let tracker: ErrorTracker | undefined;
let expected = false;
let kept: [unknown, ErrorPlace][] = [];

/** Hands an error to the tracker; where there is none, nothing happens. Never throws. */
export function reportError(error: unknown, place: ErrorPlace): void {
  if (tracker) tracker.report(error, place);
  else if (expected && kept.length < MOST_KEPT) kept.push([error, place]);
}

/** Says at the start that a tracker will come where SENTRY_DSN is set, so that errors until then are kept. */
export function expectTracker(settings: Pick<Settings, "SENTRY_DSN">): void {
  expected = settings.SENTRY_DSN !== undefined;
}

/** Uses the tracker, or none, from now on. */
export function useTracker(made: ErrorTracker | undefined): void {
  tracker = made;
  if (made) { for (const [error, place] of kept) made.report(error, place); }
  kept = [];
  expected = false;
}
