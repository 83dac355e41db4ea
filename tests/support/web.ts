/** The whole web application for tests, as Request -> Response: a real store and answer service, answers on demand. */
import type { Handler } from "fresh";
import { createApp } from "../../fresh.config.ts";
import { AnswerService } from "../../lib/answer/service.ts";
import type { Answerer, AnswerEvent } from "../../lib/answer/types.ts";
import type { Farchat } from "../../lib/farchat.ts";
import { answerWatch } from "../../lib/ops/answer_watch.ts";
import { Metrics } from "../../lib/ops/metrics.ts";
import { loadSettings, type VariableName } from "../../lib/ops/settings.ts";
import { passageOf, retrievalOf, ROPES, storeWith, TENTS } from "./answer_sections.ts";

export const ORIGIN = "http://farchat.test";

/** Lets an answer write its next word. */
export interface Pen {
  write(words: number): void;
}

export interface TestWeb {
  farchat: Farchat;
  handler: Handler;
  /** Without a pen, answers are written at once. */
  pen: Pen;
  close(): Promise<void>;
}

interface Options {
  settings?: Partial<Record<VariableName, string>>;
  /** Answers wait for the pen before each word. */
  slow?: boolean;
  words?: number;
  /** Makes answers fail with this after the first word. */
  fails?: unknown;
}

/** A FARchat with the two sections of answer_sections.ts; answers have `words` words. */
export function testWeb(options: Options = {}): TestWeb {
  const { store, close } = storeWith([TENTS, ROPES]);
  const settings = loadSettings({
    flags: { RATE_LIMIT_PER_MINUTE: "10000", ASK_LIMIT_PER_MINUTE: "10000", ...options.settings },
  });
  const passages = [passageOf(store, "far", "97.201"), passageOf(store, "far", "97.305")];
  const retriever = {
    retrieve: (query: string) => Promise.resolve(retrievalOf(query, passages)),
    related: () => ["What are ropes?"],
    suggest: (text: string, limit: number) =>
      Promise.resolve(
        [{ question: `${text} approves tents?`, collection: "far", section: "97.201" }]
          .slice(0, limit),
      ),
    warmUp: () => {},
    examples: () => [{ question: "Who buys tents?", collection: "far", section: "97.201" }],
  };
  const { pen, wait } = gate();
  const answerers = {
    extractive: typist(options.words ?? 3, options.slow ? wait : undefined, options.fails),
  };
  const metrics = new Metrics();
  const answers = new AnswerService({
    store,
    retriever,
    answerers,
    atOnce: settings.MAX_ANSWERS_AT_ONCE,
    watch: answerWatch(metrics, { logQuestions: settings.LOG_QUESTIONS }),
  });
  const farchat = {
    version: "0.0.0-test",
    settings,
    store,
    embedder: { name: "none", dimensions: 384, state: "unavailable", close: () => {} },
    retriever,
    answers,
    metrics,
    corpus: () => ({ far: true, dfars: false }),
    close: () => {},
  } as unknown as Farchat;
  return {
    farchat,
    handler: createApp(farchat).handler(),
    pen,
    async close() {
      await answers.close(0);
      close();
    },
  };
}

/** Answers "word1 word2 ..." and cites nothing. */
function typist(words: number, wait?: () => Promise<void>, fails?: unknown): Answerer {
  return {
    mode: "extractive",
    async *answer(question): AsyncIterable<AnswerEvent> {
      yield { type: "passages", mode: "extractive", passages: [], query: question, notices: [] };
      for (let word = 1; word <= words; word++) {
        await wait?.();
        yield { type: "text", delta: `word${word} ` };
        if (fails) throw fails;
      }
    },
  };
}

function gate(): { pen: Pen; wait: () => Promise<void> } {
  let allowed = 0;
  const waiting: (() => void)[] = [];
  return {
    pen: {
      write(words) {
        for (let i = 0; i < words; i++) {
          const next = waiting.shift();
          if (next) next();
          else allowed++;
        }
      },
    },
    wait: () => {
      if (allowed > 0) {
        allowed--;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}

/** A browser: keeps its cookie, and sends the headers a page of FARchat's would. */
export class TestBrowser {
  cookie = "";
  readonly #handler: Handler;

  constructor({ handler }: TestWeb) {
    this.#handler = handler;
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookie) headers.set("Cookie", this.cookie);
    if (init.method && !["GET", "HEAD"].includes(init.method) && !headers.has("Origin")) {
      headers.set("Origin", ORIGIN);
    }
    const response = await this.#handler(new Request(ORIGIN + path, { ...init, headers }));
    const set = response.headers.get("Set-Cookie");
    if (set) this.cookie = set.split(";")[0];
    return response;
  }

  /** Sends JSON. */
  send(method: string, path: string, body?: unknown): Promise<Response> {
    return this.fetch(path, {
      method,
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  /** Sends a form, as a page without scripts does. */
  form(path: string, fields: Record<string, string>): Promise<Response> {
    return this.fetch(path, { method: "POST", body: new URLSearchParams(fields) });
  }

  /** Asks and waits for the complete answer. */
  async ask(question: string, more: Record<string, unknown> = {}) {
    const response = await this.send("POST", "/api/v1/chat", { question, stream: false, ...more });
    return { status: response.status, body: await response.json() };
  }
}

/** The frames of an event stream, comments and all; each without its empty line. */
export async function* frames(response: Response): AsyncGenerator<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop()!;
      yield* parts;
    }
  } finally {
    await reader.cancel();
  }
}
