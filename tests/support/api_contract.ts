/** The API's document as what every response has to keep to. */
import assert from "node:assert/strict";
import type { ApiDocument } from "../../lib/api/document.ts";
import { type JsonSchema, mistakes } from "./json_schema.ts";

interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, Media> }>;
}

interface Media {
  schema: JsonSchema;
  "x-events"?: Record<string, JsonSchema>;
}

/** A response as it came. */
export interface Answered {
  status: number;
  /** The header Content-Type; "" for none. */
  type: string;
  text: string;
}

export class Contract {
  readonly #schemas: Record<string, JsonSchema>;
  readonly #paths: Record<string, Record<string, Operation>>;

  constructor(document: ApiDocument) {
    this.#schemas = document.components!.schemas as Record<string, JsonSchema>;
    this.#paths = document.paths as unknown as Record<string, Record<string, Operation>>;
  }

  /** Every operation: "GET /api/v1/search". */
  get addresses(): string[] {
    return Object.entries(this.#paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)
    );
  }

  /** Every answer that the document tells of: "search 200". */
  get promises(): string[] {
    return Object.values(this.#paths).flatMap((methods) => Object.values(methods))
      .flatMap(({ operationId, responses }) =>
        Object.keys(responses).map((status) => `${operationId} ${status}`)
      );
  }

  /**
   * Fails when the response is not as the document has it for this request: its status, type, and body, in a stream
   * each event. Returns which promise it keeps: "search 200".
   */
  check(method: string, path: string, { status, type, text }: Answered): string {
    const [, template] = this.addressOf(method, path).split(" ");
    const { operationId, responses } = this.#paths[template][method.toLowerCase()];
    const shown = `${method} ${path}: ${status} ${type}`;
    const promised = responses[status];
    assert.ok(promised, `${shown} is not in the document: ${text.slice(0, 200)}`);
    const kept = `${operationId} ${status}`;
    if (!promised.content) {
      assert.equal(text, "", shown);
      return kept;
    }
    const media = promised.content[type.split(";")[0]];
    assert.ok(media, `${shown} is not in the document`);
    if (media["x-events"]) this.#checkEvents(text, media["x-events"], shown);
    else {
      const value = type.includes("json") ? JSON.parse(text) : text;
      assert.deepEqual(mistakes(value, media.schema, this.#schemas), [], shown);
      if (type.includes("problem")) assert.equal(value.status, status, shown);
    }
    return kept;
  }

  /** The operation's address that answers this request: "GET /api/v1/sections/{regulation}/{number}". */
  addressOf(method: string, path: string): string {
    const { pathname } = new URL(path, "http://any.test");
    const found = Object.entries(this.#paths).filter(([template, methods]) =>
      new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+").replaceAll(".", "\\.")}$`).test(
        pathname,
      ) && methods[method.toLowerCase()]
    );
    assert.equal(found.length, 1, `${method} ${path} is one operation of the document`);
    return `${method} ${found[0][0]}`;
  }

  #checkEvents(text: string, events: Record<string, JsonSchema>, shown: string): void {
    const frames = text.split("\n\n").filter((frame) => /^(id|event):/.test(frame));
    assert.ok(frames.length > 0, `${shown} has events`);
    for (const frame of frames) {
      const [, id, event, data] = /^(?:id: (.*)\n)?event: (.*)\ndata: (.*)$/.exec(frame) ?? [];
      assert.ok(events[event], `${shown}: the event ${event} is in the document`);
      if (event !== "queue") assert.match(id, /^\d+\.\d+$/, shown);
      const value = JSON.parse(data);
      assert.equal(value.type, event, shown);
      assert.deepEqual(mistakes(value, events[event], this.#schemas), [], shown);
    }
  }
}

/** A response of `fetch` with its body read. */
export async function answered(response: Response): Promise<Answered> {
  return {
    status: response.status,
    type: response.headers.get("Content-Type") ?? "",
    text: await response.text(),
  };
}
