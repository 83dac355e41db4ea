/** The answer by Claude: streamed, cited by the API, every citation checked against the stored text. */
import type Anthropic from "@anthropic-ai/sdk";
import { getLogger } from "@logtape/logtape";
import type { Retrieval, Turn } from "../retrieve/types.ts";
import {
  type ClaudeAccess,
  claudeClient,
  type CountedTokens,
  DEFAULT_MODEL,
  tokensOf,
  usageOf,
} from "./claude_client.ts";
import { type ClaudeFailure, failure, failureOf } from "./claude_failure.ts";
import { type CitableResult, citableResults, requestOf } from "./claude_request.ts";
import type { ExtractiveAnswerer } from "./extractive.ts";
import { noticesOf } from "./notices.ts";
import { type AnswerSources, retrievedSections, viewOf } from "./sources.ts";
import type { AnswerCitation, Answerer, AnswerEvent } from "./types.ts";
import { bearsOut, citeRange, locate } from "./verify.ts";

export interface ClaudeOptions extends ClaudeAccess {
  maxTokens?: number;
  /** Times a failed request is sent again before the extractive answer takes over; 2 when absent. */
  retries?: number;
  /** Longest wait between two tries, milliseconds; 8,000 when absent. */
  longestWait?: number;
  /** Milliseconds without any event after which the stream counts as dead; 60,000 when absent. */
  silence?: number;
}

const log = getLogger(["farchat", "answer"]);
/** Room for a long answer and for thinking, where a model thinks before it answers. */
const DEFAULT_MAX_TOKENS = 8192;

/** Answers with Claude, and with `fallback` where Claude can't: no official text, or any failure. */
export class ClaudeAnswerer implements Answerer {
  readonly mode = "claude";
  readonly #client: Anthropic;
  readonly #options: ClaudeOptions;
  readonly #sources: AnswerSources;
  readonly #fallback: ExtractiveAnswerer;

  constructor(options: ClaudeOptions, sources: AnswerSources, fallback: ExtractiveAnswerer) {
    this.#options = options;
    this.#sources = sources;
    this.#fallback = fallback;
    this.#client = claudeClient(options, options.silence ?? 60_000);
  }

  async *answer(
    question: string,
    history: Turn[],
    retrieval: Retrieval,
    signal: AbortSignal,
  ): AsyncIterable<AnswerEvent> {
    signal.throwIfAborted();
    const results = retrieval.abstain
      ? []
      : citableResults(retrievedSections(retrieval, this.#sources));
    if (results.length === 0) { // nothing official to answer from; briefs are ours and no source for Claude
      yield* this.#fallback.write(question, retrieval, signal, []);
      return;
    }
    yield {
      type: "passages",
      mode: this.mode,
      passages: retrieval.passages.map(viewOf),
      query: retrieval.query,
      notices: noticesOf(question, retrieval),
    };
    const retries = this.#options.retries ?? 2;
    for (let attempt = 0;; attempt++) {
      const draft = new Draft(results, this.#options);
      let failed: ClaudeFailure | undefined;
      try {
        yield* this.#stream(question, history, draft, signal);
        failed = draft.failure();
      } catch (error) {
        if (signal.aborted) {
          yield* draft.usage();
          throw signal.reason;
        }
        failed = error instanceof SilenceError
          ? failure("timeout")
          : failureOf(error, draft.started);
      }
      yield* draft.usage();
      if (!failed) return yield* draft.closing();
      const longest = this.#options.longestWait ?? 8000;
      const wait = failed.wait ??
        Math.min(longest, 500 * 2 ** attempt * (0.75 + Math.random() / 2));
      if (
        failed.retry && !draft.wrote && attempt < retries &&
        wait <= longest
      ) {
        log.info("Claude is asked again after {kind}", { kind: failed.kind, attempt: attempt + 1 });
        await pause(wait, signal);
        continue;
      }
      log.warn("Claude did not answer: {kind}; the extractive answer takes over", {
        kind: failed.kind,
      });
      yield* this.#fallback.write(question, retrieval, signal, [failed.message]);
      return;
    }
  }

  async *#stream(
    question: string,
    history: Turn[],
    draft: Draft,
    signal: AbortSignal,
  ): AsyncIterable<AnswerEvent> {
    const controller = new AbortController();
    const abort = () => controller.abort();
    signal.addEventListener("abort", abort, { once: true });
    const request = requestOf(question, history, draft.results, {
      model: this.#options.model ?? DEFAULT_MODEL,
      maxTokens: this.#options.maxTokens ?? DEFAULT_MAX_TOKENS,
    });
    const stream = this.#client.messages.stream(request, { signal: controller.signal });
    // The stream's iterator just ends when an error comes while nobody waits for an event; so we listen ourselves.
    let broken: unknown;
    stream.on("error", (error) => broken = error);
    const events = stream[Symbol.asyncIterator]();
    try {
      while (true) {
        const next = await inTime(events.next(), this.#options.silence ?? 60_000);
        if (next.done) break;
        yield* draft.take(next.value);
      }
      if (broken) throw broken;
    } finally {
      signal.removeEventListener("abort", abort);
      controller.abort();
    }
  }
}

/** One try: turns the stream's events into ours and remembers what was said and spent. */
class Draft {
  /** Whether anything came; whether any answer text was passed on. */
  started = false;
  wrote = false;
  #length = 0;
  #pending: Anthropic.TextCitation[] = [];
  #trailing = 0;
  #dropped = 0;
  #cited = 0;
  #stop: string | null = null;
  #ended = false;
  #usage?: CountedTokens;
  #model: string;
  readonly #numbers = new Map<string, number>();
  readonly #options: ClaudeOptions;
  readonly results: CitableResult[];

  constructor(results: CitableResult[], options: ClaudeOptions) {
    this.results = results;
    this.#options = options;
    this.#model = options.model ?? DEFAULT_MODEL;
  }

  *take(event: Anthropic.MessageStreamEvent): Iterable<AnswerEvent> {
    this.started = true;
    switch (event.type) {
      case "message_start": {
        const { model, usage } = event.message;
        this.#model = model || this.#model;
        this.#usage = tokensOf(usage);
        break;
      }
      case "content_block_start":
        if (event.content_block.type === "text" && event.content_block.text) {
          yield* this.#say(event.content_block.text);
        }
        break;
      case "content_block_delta":
        if (event.delta.type === "text_delta") yield* this.#say(event.delta.text);
        else if (event.delta.type === "citations_delta") this.#pending.push(event.delta.citation);
        break;
      case "content_block_stop":
        yield* this.#cite();
        break;
      case "message_delta":
        this.#stop = event.delta.stop_reason;
        if (this.#usage) this.#usage.output = event.usage.output_tokens;
        break;
      case "message_stop":
        this.#ended = true;
        break;
    }
  }

  /** What was wrong with a stream that ended without an error. */
  failure(): ClaudeFailure | undefined {
    if (this.#stop === "refusal") return failure("refusal");
    if (!this.#ended && this.#stop === null) return failure(this.wrote ? "cut_off" : "connection");
    if (!this.wrote) return failure("empty");
    return undefined;
  }

  /** What the reader should know of a finished answer. */
  *closing(): Iterable<AnswerEvent> {
    if (this.#stop === "max_tokens" || this.#stop === "model_context_window_exceeded") {
      yield {
        type: "notice",
        message:
          "The answer reached its length limit and ends early. Ask about a part of it for the rest.",
      };
    }
    if (this.#dropped > 0) {
      const many = this.#dropped === 1 ? "One citation" : `${this.#dropped} citations`;
      yield {
        type: "notice",
        message: `${many} of this answer did not match the stored text and ${
          this.#dropped === 1 ? "is" : "are"
        } not shown.`,
      };
    }
    if (this.#cited === 0 && this.#length > 0) {
      yield {
        type: "notice",
        message:
          "This answer cites no paragraph. Read the passages beside it before you rely on it.",
      };
    }
  }

  /** What the try cost, once the API has said so; also when it failed, because it is paid for. */
  *usage(): Iterable<AnswerEvent> {
    if (this.#usage) {
      yield { type: "usage", ...usageOf(this.#model, this.#usage, this.#options.prices) };
    }
  }

  *#say(delta: string): Iterable<AnswerEvent> {
    if (!delta) return;
    if (delta.trim()) this.wrote = true;
    this.#length += delta.length;
    const space = delta.length - delta.trimEnd().length;
    this.#trailing = space === delta.length ? this.#trailing + space : space;
    yield { type: "text", delta };
  }

  /** The citations of a block that ended, each checked; the mark stands after its last word. */
  *#cite(): Iterable<AnswerEvent> {
    const seen = new Set<number>();
    for (const claimed of this.#pending.splice(0)) {
      const citation = this.#checked(claimed, this.#length - this.#trailing);
      if (!citation) this.#dropped++;
      else if (!seen.has(citation.index)) {
        seen.add(citation.index);
        this.#cited++;
        yield { type: "citation", citation };
      }
    }
  }

  #checked(claimed: Anthropic.TextCitation, at: number): AnswerCitation | undefined {
    if (claimed.type !== "search_result_location") return undefined;
    const result = this.results[claimed.search_result_index];
    if (!result) return undefined;
    const { section } = result.source;
    const blocks = result.blocks.slice(claimed.start_block_index, claimed.end_block_index);
    const whole = blocks.length > 0
      ? { start: blocks[0].start, end: blocks[blocks.length - 1].end }
      : undefined;
    // What the API quotes decides; its block numbers only say where to look first.
    const span = (whole && locate(section.text, claimed.cited_text, whole)) ??
      locateIn(result, claimed.cited_text);
    if (!span) return undefined;
    const key = `${section.id} ${span.start}-${span.end}`;
    const index = this.#numbers.get(key) ?? this.#numbers.size + 1;
    const citation = citeRange(section, span, { index, at });
    if (!citation || !bearsOut(section, citation)) return undefined;
    this.#numbers.set(key, index);
    return citation;
  }
}

/** The words anywhere in what was sent of the section. */
function locateIn({ source, blocks }: CitableResult, words: string) {
  return locate(source.section.text, words, {
    start: blocks[0].start,
    end: blocks[blocks.length - 1].end,
  });
}

class SilenceError extends Error {}

/** The promise, or a SilenceError after so many milliseconds. */
async function inTime<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SilenceError("no event in time")), milliseconds);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits, or rejects with the signal's reason as soon as it aborts. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
