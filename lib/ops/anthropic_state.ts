/** Whether the Messages API was there when it was last looked at, without anybody waiting for the look. */
import { probeAnthropic } from "./anthropic_probe.ts";
import type { Settings } from "./settings.ts";

/** How long a look is good for, in milliseconds. */
export const GOOD_FOR_MS = 5 * 60_000;

type Used = Pick<Settings, "ANTHROPIC_API_KEY" | "ANTHROPIC_BASE_URL">;

export interface AnthropicState {
  /** "unhealthy": nobody answers, the key is refused, or the API has trouble of its own. */
  status: "healthy" | "unhealthy" | "unknown" | "not configured";
  /** Milliseconds since 1970; absent before the first look. */
  checked?: number;
}

interface Look extends AnthropicState {
  key: string;
  /** One is under way. */
  looking: boolean;
}

const looks = new WeakMap<object, Look>();

/**
 * What the last look found. When that is over five minutes old, or there was none, a look begins and its result is
 * there for whoever asks next. It lists models, which costs no tokens; without a key nobody is asked.
 */
export function anthropicState(settings: Used, now: number = Date.now()): AnthropicState {
  const key = settings.ANTHROPIC_API_KEY;
  if (!key) return { status: "not configured" };
  let look = looks.get(settings);
  if (look?.key !== key) looks.set(settings, look = { status: "unknown", key, looking: false });
  const { checked } = look;
  // A look from the future was made before the clock was set back.
  const old = checked === undefined || now - checked > GOOD_FOR_MS || checked > now;
  if (old && !look.looking) void begin(look, settings);
  return { status: look.status, checked };
}

async function begin(look: Look, settings: Used): Promise<void> {
  look.looking = true;
  const { reachable, status = 0 } = await probeAnthropic(settings);
  // Too many requests is an answer of one who is well; a base address that knows no list of models may be, too.
  const well = reachable && (status >= 200 && status < 300 || status === 404 || status === 429);
  look.status = well ? "healthy" : "unhealthy";
  look.checked = Date.now();
  look.looking = false;
}
