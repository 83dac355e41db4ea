/** Whether the Messages API can be reached, found out without spending a token. */
import type { Settings } from "./settings.ts";

/** The version of the API that is spoken (https://docs.anthropic.com/en/api/versioning). */
const API_VERSION = "2023-06-01";
const TIMEOUT_MS = 5000;

/** What a probe found. Nothing in it is secret. */
export interface AnthropicProbe {
  /** Somebody answered there. */
  reachable: boolean;
  /** The key was taken (true) or refused (false); undefined without a key, or where the answer doesn't say. */
  keyAccepted?: boolean;
  /** The HTTP status of the answer. */
  status?: number;
  /** How far this machine's clock is ahead of the other's, in milliseconds, to about a second. */
  clockAheadMs?: number;
  /** Why nobody answered, in words for people. */
  reason?: string;
}

/**
 * Asks for the list of models, which costs no tokens (https://docs.anthropic.com/en/api/models-list). Never throws.
 * It follows no redirect: that would carry the key to another place.
 */
export async function probeAnthropic(
  settings: Pick<Settings, "ANTHROPIC_API_KEY" | "ANTHROPIC_BASE_URL">,
  signal?: AbortSignal,
): Promise<AnthropicProbe> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: base } = settings;
  const started = Date.now();
  try {
    const response = await fetch(`${base}/v1/models?limit=1`, {
      headers: { "anthropic-version": API_VERSION, ...(key ? { "x-api-key": key } : {}) },
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    await response.body?.cancel();
    const { status } = response;
    const date = Date.parse(response.headers.get("date") ?? "");
    const refused = status === 401 || status === 403;
    return {
      reachable: true,
      status,
      keyAccepted: key === undefined || !(response.ok || refused) ? undefined : response.ok,
      clockAheadMs: Number.isNaN(date) ? undefined : (started + Date.now()) / 2 - date,
    };
  } catch (error) {
    return { reachable: false, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "nobody answered";
  if (error.name === "TimeoutError") return `nobody answered within ${TIMEOUT_MS / 1000} seconds`;
  if (error.name === "NotCapable") return "Deno does not let FARchat use that address";
  const said = `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}`;
  if (/certificate|invalid peer/i.test(said)) return "its certificate is not trusted here";
  if (/dns|lookup|resolve/i.test(said)) return "its name is not known here";
  if (/refused/i.test(said)) return "the connection was refused";
  return "nobody answered";
}
