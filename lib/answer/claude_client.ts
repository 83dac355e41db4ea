/** What every request to Claude shares: the client, the model, what it costs. */
import Anthropic from "@anthropic-ai/sdk";
import type { AnswerUsage } from "./types.ts";

export interface ClaudeAccess {
  apiKey: string;
  /** "claude-sonnet-5-5" when absent. */
  model?: string;
  baseURL?: string;
  /** US dollars for a million tokens; no cost is given without both. */
  prices?: { input?: number; output?: number };
}

export const DEFAULT_MODEL = "claude-sonnet-5-5";
/** A cache read costs a tenth of an input token, a cache write a quarter more (the API's published multipliers). */
const CACHE_READ_PRICE = 0.1;
const CACHE_WRITE_PRICE = 1.25;

/** A client that tries once and waits so many milliseconds for the answer to begin. */
export function claudeClient({ apiKey, baseURL }: ClaudeAccess, timeout: number): Anthropic {
  return new Anthropic({
    apiKey,
    baseURL: baseURL ?? "https://api.anthropic.com",
    maxRetries: 0, // we retry ourselves: bounded waits, stoppable, and never after text was shown
    timeout,
    logLevel: "off", // the SDK would log what it can't parse, which is answer text
  });
}

/** Tokens as the API counts them. */
export interface CountedTokens {
  input: number;
  cacheRead: number;
  cacheWrite: number;
  output: number;
}

/** The counts in what the API says of a message. */
export function tokensOf(usage: Anthropic.Usage): CountedTokens {
  return {
    input: usage.input_tokens ?? 0,
    cacheRead: usage.cache_read_input_tokens ?? 0,
    cacheWrite: usage.cache_creation_input_tokens ?? 0,
    output: usage.output_tokens ?? 0,
  };
}

/** Tokens as FARchat counts them, with their cost where prices are set. */
export function usageOf(
  model: string,
  { input, cacheRead, cacheWrite, output }: CountedTokens,
  prices: ClaudeAccess["prices"] = {},
): AnswerUsage {
  const usage: AnswerUsage = {
    model,
    inputTokens: input + cacheWrite,
    outputTokens: output,
    cacheReadTokens: cacheRead,
  };
  if (prices.input !== undefined && prices.output !== undefined) {
    usage.costUsd =
      ((input + cacheRead * CACHE_READ_PRICE + cacheWrite * CACHE_WRITE_PRICE) * prices.input +
        output * prices.output) / 1e6;
  }
  return usage;
}
