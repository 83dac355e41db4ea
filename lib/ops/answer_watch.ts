/** How answers come about, in the metrics, in traces and in the log. */
import { getLogger } from "@logtape/logtape";
import type { AnswerEvent, AnswerMode, AnswerUsage } from "../answer/types.ts";
import type { AnswerPart, AnswerWatch, WatchedAnswer } from "../answer/watch.ts";
import { reportError } from "./errors.ts";
import type { Metrics } from "./metrics.ts";
import { inSpan } from "./traces.ts";

const log = getLogger(["farchat", "answer"]);

/** `logQuestions`: write question and answer into the log (LOG_QUESTIONS). */
export function answerWatch(metrics: Metrics, options: { logQuestions?: boolean }): AnswerWatch {
  return {
    begin: ({ question, mode }) => {
      if (options.logQuestions) log.info("asked: {question}", { question });
      return new Watched(metrics, mode, options.logQuestions === true);
    },
  };
}

class Watched implements WatchedAnswer {
  readonly #metrics: Metrics;
  readonly #logAnswer: boolean;
  readonly #began = performance.now();
  #mode: AnswerMode;
  #firstWords?: number;
  #usage?: AnswerUsage;
  #citations = 0;
  #answer = "";
  #ended = false;

  constructor(metrics: Metrics, mode: AnswerMode, logAnswer: boolean) {
    this.#metrics = metrics;
    this.#mode = mode;
    this.#logAnswer = logAnswer;
  }

  during<T>(part: AnswerPart, work: () => Promise<T>): Promise<T> {
    return inSpan(part, {}, async (span) => {
      const result = await work();
      if ((part === "question" || part === "answer") && span.isRecording()) {
        span.setAttributes({
          "farchat.mode": this.#mode,
          "farchat.citations": this.#citations,
          ...(this.#usage && {
            "gen_ai.request.model": this.#usage.model,
            "gen_ai.usage.input_tokens": this.#usage.inputTokens,
            "gen_ai.usage.output_tokens": this.#usage.outputTokens,
          }),
        });
      }
      return result;
    });
  }

  event(event: AnswerEvent): void {
    switch (event.type) {
      case "passages": // a second one starts the answer anew: another answerer took over
        this.#mode = event.mode;
        this.#citations = 0;
        this.#answer = "";
        break;
      case "text":
        this.#firstWords ??= performance.now() - this.#began;
        if (this.#logAnswer) this.#answer += event.delta;
        break;
      case "citation":
        this.#citations++;
        break;
      case "usage":
        this.#usage = event;
    }
  }

  spent(usage: AnswerUsage): void {
    this.#metrics.spent(usage);
  }

  failed(error: unknown, id: string): void {
    this.#metrics.error(error);
    reportError(error, { id, endpoint: "answer", words: true });
  }

  end(status: "done" | "stopped" | "failed"): void {
    if (this.#ended) return;
    this.#ended = true;
    const ms = performance.now() - this.#began;
    this.#metrics.answer({
      mode: this.#mode,
      status,
      seconds: ms / 1000,
      firstTokenSeconds: this.#firstWords === undefined ? undefined : this.#firstWords / 1000,
      usage: this.#usage,
    });
    log.info("answer {status} by {mode} in {ms} ms with {citations} citations", {
      status,
      mode: this.#mode,
      ms: Math.round(ms),
      citations: this.#citations,
      ...(this.#usage && {
        model: this.#usage.model,
        inputTokens: this.#usage.inputTokens,
        outputTokens: this.#usage.outputTokens,
      }),
      ...(this.#logAnswer && { answer: this.#answer }),
    });
  }
}
