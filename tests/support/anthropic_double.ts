/**
 * A stand-in for the Messages API on 127.0.0.1: it speaks the API's server-sent events, so that the real SDK is
 * what the tests drive. What it answers is a list of scripts, one a request; the last repeats.
 */

/** The part of a request that tests look at. */
export interface SeenRequest {
  headers: Headers;
  body: {
    model: string;
    max_tokens: number;
    system: { type: string; text: string; cache_control?: unknown }[];
    messages: { role: string; content: string | SeenBlock[] }[];
    stream: boolean;
  };
}
export interface SeenBlock {
  type: string;
  text?: string;
  source?: string;
  title?: string;
  content?: { type: string; text: string }[];
  citations?: { enabled: boolean };
  cache_control?: unknown;
}

/** A citation as the API sends it; without `cited_text` the double quotes the blocks, as the API does. */
export interface ScriptedCitation {
  result: number;
  from: number;
  to: number;
  cited_text?: string;
}

/** A text block of the answer: its deltas and its citations. */
export interface ScriptedBlock {
  deltas: string[];
  citations?: ScriptedCitation[];
}

export type Script =
  /**
   * A whole answer; `stop` is its stop_reason, `thinking` comes before the first block; before each delta it waits
   * `pace` milliseconds, or for what `pace` gives.
   */
  | {
    kind: "answer";
    blocks: ScriptedBlock[];
    stop?: string;
    thinking?: string;
    pace?: number | (() => Promise<void>);
  }
  /** An HTTP error with the API's error body. */
  | { kind: "status"; status: number; error: string; headers?: Record<string, string> }
  /** Some blocks, then the connection breaks. */
  | { kind: "broken"; blocks: ScriptedBlock[] }
  /** Some blocks, then an `error` event inside the stream. */
  | { kind: "stream_error"; blocks: ScriptedBlock[]; error: string }
  /** Some blocks, then the stream ends as if it were complete, without message_stop. */
  | { kind: "short"; blocks: ScriptedBlock[] }
  /** Some blocks, then nothing more until the client goes away. */
  | { kind: "silent"; blocks: ScriptedBlock[] };

export interface AnthropicDouble {
  url: string;
  requests: SeenRequest[];
  /** Resolves when this many requests have come. */
  asked(count: number): Promise<void>;
  /** Resolves when a client has gone away in the middle of a "silent" stream. */
  left: Promise<void>;
  close(): Promise<void>;
}

/** Starts the double on a free port. */
export function anthropicDouble(scripts: Script[]): AnthropicDouble {
  const requests: SeenRequest[] = [];
  const left = Promise.withResolvers<void>();
  const waiting = new Set<() => void>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (request.method !== "POST" || pathname !== "/v1/messages") {
        return apiError(
          404,
          "not_found_error",
        );
      }
      const body = await request.json();
      const script = scripts[Math.min(requests.length, scripts.length - 1)];
      // A copy: the request is gone when its answer is complete.
      requests.push({ headers: new Headers(request.headers), body });
      waiting.forEach((look) => look());
      if (script.kind === "status") return apiError(script.status, script.error, script.headers);
      return new Response(streamOf(script, body, left.resolve), {
        headers: { "content-type": "text/event-stream; charset=utf-8", "request-id": "req_test" },
      });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    asked: (count) =>
      new Promise((resolve) => {
        const look = () => requests.length >= count && resolve();
        waiting.add(look);
        look();
      }),
    left: left.promise,
    close: () => server.shutdown(),
  };
}

function apiError(status: number, type: string, headers: Record<string, string> = {}): Response {
  // The real API's messages may repeat parts of the request: nothing of this text may reach a reader.
  const error = { type, message: `SECRET-ECHO of the request (${type})` };
  return Response.json({ type: "error", error }, { status, headers });
}

function streamOf(
  script: Exclude<Script, { kind: "status" }>,
  body: SeenRequest["body"],
  onLeft: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const gone = Promise.withResolvers<void>();
  return new ReadableStream({
    async start(controller) {
      const send = (type: string, data: Record<string, unknown>) => {
        controller.enqueue(
          encoder.encode(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`),
        );
      };
      const usage = {
        input_tokens: 1200,
        output_tokens: 1,
        cache_read_input_tokens: 300,
        cache_creation_input_tokens: 0,
      };
      try {
        send("message_start", {
          message: {
            id: "msg_test",
            type: "message",
            role: "assistant",
            model: body.model,
            content: [],
            stop_reason: null,
            stop_sequence: null,
            usage,
          },
        });
        send("ping", {});
        let index = 0;
        if (script.kind === "answer" && script.thinking) {
          send("content_block_start", {
            index,
            content_block: { type: "thinking", thinking: "", signature: "" },
          });
          send("content_block_delta", {
            index,
            delta: { type: "thinking_delta", thinking: script.thinking },
          });
          send("content_block_delta", {
            index,
            delta: { type: "signature_delta", signature: "c2ln" },
          });
          send("content_block_stop", { index: index++ });
        }
        for (const block of script.blocks) {
          send("content_block_start", {
            index,
            content_block: { type: "text", text: "", ...(block.citations && { citations: [] }) },
          });
          for (const text of block.deltas) {
            if (script.kind === "answer" && script.pace) await paced(script.pace);
            send("content_block_delta", { index, delta: { type: "text_delta", text } });
          }
          for (const citation of block.citations ?? []) {
            send("content_block_delta", {
              index,
              delta: { type: "citations_delta", citation: citationOf(citation, body) },
            });
          }
          send("content_block_stop", { index: index++ });
        }
        if (script.kind === "broken") {
          await new Promise((resolve) => setTimeout(resolve, 50)); // so that what was sent has arrived
          controller.error(new Error("connection lost"));
          return;
        }
        if (script.kind === "silent") {
          await gone.promise;
          return;
        }
        if (script.kind === "stream_error") {
          send("error", { error: { type: script.error, message: "SECRET-ECHO" } });
        } else if (script.kind === "answer") {
          send("message_delta", {
            delta: { stop_reason: script.stop ?? "end_turn", stop_sequence: null },
            usage: { output_tokens: 57 },
          });
          send("message_stop", {});
        }
        controller.close();
      } catch {
        // The client went away: there is nobody to send to.
      }
    },
    cancel() {
      gone.resolve();
      onLeft();
    },
  });
}

function paced(pace: number | (() => Promise<void>)): Promise<void> {
  if (typeof pace === "function") return pace();
  return new Promise((resolve) => setTimeout(resolve, pace));
}

function citationOf(scripted: ScriptedCitation, body: SeenRequest["body"]) {
  const last = body.messages[body.messages.length - 1].content as SeenBlock[];
  const result = last.filter(({ type }) => type === "search_result")[scripted.result];
  const blocks = (result?.content ?? []).slice(scripted.from, scripted.to);
  return {
    type: "search_result_location",
    cited_text: scripted.cited_text ?? blocks.map(({ text }) => text).join(""),
    search_result_index: scripted.result,
    source: result?.source ?? "",
    title: result?.title ?? null,
    start_block_index: scripted.from,
    end_block_index: scripted.to,
  };
}
