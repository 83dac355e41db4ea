/** A person's browser as far as HTTP goes: keeps the cookie, sends the headers that a page of FARchat's would. */
import assert from "node:assert/strict";
import { TextLineStream } from "./lines.ts";

/** An event of an answer, as it came. */
export interface SentEvent {
  id: string;
  event: string;
  // deno-lint-ignore no-explicit-any
  data: any;
}

export class Client {
  cookie = "";
  url: string;
  /** Every text that the server sent, for tests that look for what must not be in any. */
  readonly received: string[] = [];

  constructor(url: string) {
    this.url = url;
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookie) headers.set("Cookie", this.cookie);
    const changes = !["GET", "HEAD"].includes(init.method ?? "GET");
    if (changes && !headers.has("Origin")) headers.set("Origin", this.url);
    const response = await fetch(this.url + path, { redirect: "manual", ...init, headers });
    const cookie = response.headers.getSetCookie().find((set) => set.startsWith("farchat_browser"));
    if (cookie) this.cookie = cookie.split(";")[0];
    return response;
  }

  /** A page or a document: its status and text. */
  async get(path: string, init?: RequestInit): Promise<{ status: number; text: string }> {
    const response = await this.fetch(path, init);
    const text = await response.text();
    this.received.push(text);
    return { status: response.status, text };
  }

  /** Sends a form, as a page without scripts does. */
  form(path: string, fields: Record<string, string>): Promise<Response> {
    return this.fetch(path, { method: "POST", body: new URLSearchParams(fields) });
  }

  /** Sends JSON; the status and the parsed answer. */
  // deno-lint-ignore no-explicit-any
  async json(path: string, body?: unknown): Promise<{ status: number; body: any }> {
    const { status, text } = await this.get(path, {
      method: body === undefined ? "GET" : "POST",
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status, body: JSON.parse(text) };
  }

  /** Asks and waits for the complete answer. */
  async ask(question: string, more: Record<string, unknown> = {}) {
    const { status, body } = await this.json("/api/v1/chat", { question, stream: false, ...more });
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  /** The events of an answer as they come. */
  async *events(path: string, body?: unknown): AsyncGenerator<SentEvent> {
    const response = await this.fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    assert.equal(response.headers.get("Content-Type"), "text/event-stream; charset=utf-8");
    const lines = response.body!.pipeThrough(new TextDecoderStream()).pipeThrough(
      new TextLineStream(),
    );
    let fields: Record<string, string> = {};
    for await (const line of lines) {
      this.received.push(line);
      if (line === "") {
        const { id, event, data } = fields;
        if (data) yield { id, event, data: JSON.parse(data) };
        fields = {};
      }
      const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      if (name) fields[name] = value;
    }
  }
}
