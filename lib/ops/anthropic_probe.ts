/** Whether the Messages API can be reached, found out without spending a token. */
import Anthropic, { APIConnectionTimeoutError, APIError } from "@anthropic-ai/sdk";
import type { Settings } from "./settings.ts";

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

type Used = Pick<Settings, "ANTHROPIC_API_KEY" | "ANTHROPIC_BASE_URL">;

/** The part of an answer that is looked at. */
interface Answer {
  status: number;
  headers: Headers;
}

/**
 * Asks for the list of models, which costs no tokens (https://docs.anthropic.com/en/api/models-list); without a key,
 * for the base address alone. Never throws. It follows no redirect: that could carry the key to another place.
 */
export async function probeAnthropic(settings: Used): Promise<AnthropicProbe> {
  const { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: base } = settings;
  const started = Date.now();
  try {
    const { status, headers } = key === undefined ? await knock(base) : await listModels(key, base);
    const date = Date.parse(headers.get("date") ?? "");
    return {
      reachable: true,
      status,
      keyAccepted: key === undefined ? undefined : accepted(status),
      clockAheadMs: Number.isNaN(date) ? undefined : (started + Date.now()) / 2 - date,
    };
  } catch (error) {
    return { reachable: false, reason: reasonOf(error) };
  }
}

function accepted(status: number): boolean | undefined {
  if (status === 401 || status === 403) return false;
  return status >= 200 && status < 300 ? true : undefined;
}

/** Through the SDK, as answers are: how a key is shown is its business. */
async function listModels(apiKey: string, baseURL: string): Promise<Answer> {
  const client = new Anthropic({
    apiKey,
    baseURL,
    maxRetries: 0,
    timeout: TIMEOUT_MS,
    logLevel: "off",
    fetchOptions: { redirect: "manual" },
  });
  try {
    const { response } = await client.models.list({ limit: 1 }).withResponse();
    return response;
  } catch (error) {
    if (!(error instanceof APIError) || error.status === undefined) throw error;
    return { status: error.status, headers: error.headers ?? new Headers() };
  }
}

async function knock(base: string): Promise<Answer> {
  const response = await fetch(base, {
    method: "HEAD",
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  return response;
}

function reasonOf(error: unknown): string {
  const said: string[] = [];
  for (let at = error; at instanceof Error && said.length < 10; at = at.cause) {
    if (at.name === "TimeoutError" || at instanceof APIConnectionTimeoutError) {
      return `nobody answered within ${TIMEOUT_MS / 1000} seconds`;
    }
    if (at.name === "NotCapable") return "Deno does not let FARchat use that address";
    said.push(at.message);
  }
  const all = said.join(" ");
  if (/certificate|invalid peer/i.test(all)) return "its certificate is not trusted here";
  if (/dns|lookup|resolve/i.test(all)) return "its name is not known here";
  if (/refused/i.test(all)) return "the connection was refused";
  return "nobody answered";
}
