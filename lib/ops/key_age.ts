/** How old the Anthropic key is, and telling an administrator, once a day, when it is time for a new one. */
import { getLogger } from "@logtape/logtape";
import type { Settings } from "./settings.ts";

/** A key older than this is to be replaced, in days: what the seed's KeyRotationManager asks for. */
export const KEY_AGE_LIMIT_DAYS = 90;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How long a webhook may take, in milliseconds. */
const WEBHOOK_MS = 10_000;

/** The age of the key. Holds nothing of the key itself, and is fit for /health, a log and a metric. */
export interface KeyAge {
  /** Whether there is a key at all. */
  present: boolean;
  /** API_KEY_CREATED_DATE, ISO 8601; undefined where it is not set. */
  created?: string;
  /** Whole days since then; negative for a day to come, undefined where the day is not known. */
  days?: number;
  /** The key is older than `KEY_AGE_LIMIT_DAYS`. */
  old: boolean;
}

/** The age of the Anthropic key at `now`. */
export function keyAge(
  settings: Pick<Settings, "ANTHROPIC_API_KEY" | "API_KEY_CREATED_DATE">,
  now: Date = new Date(),
): KeyAge {
  const present = settings.ANTHROPIC_API_KEY !== undefined;
  const created = settings.API_KEY_CREATED_DATE;
  if (!created) return { present, old: false };
  const age = now.getTime() - created.getTime();
  return {
    present,
    created: created.toISOString(),
    days: Math.floor(age / DAY_MS),
    old: present && age > KEY_AGE_LIMIT_DAYS * DAY_MS,
  };
}

/** What a watch remembers between starts, and how it reaches the webhook. */
export interface KeyAgeWatch {
  settings: Pick<Settings, "ANTHROPIC_API_KEY" | "API_KEY_CREATED_DATE" | "KEY_AGE_WEBHOOK">;
  /** When an administrator was last told, ISO 8601. */
  lastTold(): string | undefined;
  told(at: string): void;
  now?: () => Date;
}

/**
 * Looks at once and every hour until `stop` aborts, and tells an old key once a day: a line in the log, and a POST to
 * KEY_AGE_WEBHOOK where it is set. A POST that fails is tried again an hour later.
 */
export function watchKeyAge(watch: KeyAgeWatch, stop: AbortSignal): void {
  if (stop.aborted) return;
  const look = () => void tellKeyAge(watch, stop);
  look();
  const timer = setInterval(look, HOUR_MS);
  Deno.unrefTimer(timer);
  stop.addEventListener("abort", () => clearInterval(timer), { once: true });
}

/** One look of `watchKeyAge`: tells an old key unless that was done within a day. Never throws. */
export async function tellKeyAge(watch: KeyAgeWatch, stop?: AbortSignal): Promise<void> {
  const log = getLogger(["farchat", "key"]);
  try {
    const now = watch.now?.() ?? new Date();
    const age = keyAge(watch.settings, now);
    if (!age.old || toldWithinADay(watch.lastTold(), now)) return;
    log.warn(
      "the Anthropic key is {days} days old; make a new one and set API_KEY_CREATED_DATE (see docs/operations.md)",
      { days: age.days, limit: KEY_AGE_LIMIT_DAYS },
    );
    const { KEY_AGE_WEBHOOK: webhook } = watch.settings;
    if (webhook) await post(webhook, age, now, stop);
    watch.told(now.toISOString());
  } catch (error) {
    if (stop?.aborted) return;
    // Not the error itself: fetch names the address in it, and whoever knows that may post there.
    log.warn("KEY_AGE_WEBHOOK was not told of the key's age: {reason}", {
      reason: error instanceof WebhookRefused ? error.message : "it could not be reached",
    });
  }
}

class WebhookRefused extends Error {}

async function post(url: string, age: KeyAge, now: Date, stop?: AbortSignal): Promise<void> {
  const timeout = AbortSignal.timeout(WEBHOOK_MS);
  const text = `FARchat: the Anthropic key is ${age.days} days old; after ${KEY_AGE_LIMIT_DAYS} ` +
    "days it should be replaced.";
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    // `text` is what chat services show.
    body: JSON.stringify({
      event: "anthropic_key_old",
      text,
      created: age.created,
      days: age.days,
      limit_days: KEY_AGE_LIMIT_DAYS,
      at: now.toISOString(),
    }),
    redirect: "manual",
    signal: stop ? AbortSignal.any([stop, timeout]) : timeout,
  });
  await response.body?.cancel();
  if (!response.ok) throw new WebhookRefused(`it answered ${response.status}`);
}

/** A time to come, as after a clock that was wrong, does not count. */
function toldWithinADay(last: string | undefined, now: Date): boolean {
  const since = now.getTime() - Date.parse(last ?? "");
  return since >= 0 && since < DAY_MS;
}
