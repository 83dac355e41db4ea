/** An embedder for tests of the pipeline: vectors from a hash of the text, at once, and it can be made to fail. */
import { createHash } from "node:crypto";
import type { Embedder } from "../../embed/types.ts";
import { EmbedderUnavailable } from "../../embed/unavailable.ts";
import { estimateTokens } from "../token_counter.ts";

export class FakeEmbedder implements Embedder {
  readonly name: string;
  readonly dimensions = 384;
  /** Every text embedded, in order. */
  readonly texts: string[] = [];
  /** Called before each request, with the number of texts embedded so far. */
  before: (embedded: number) => void = () => {};
  missing = false;

  constructor(name = "fake") {
    this.name = name;
  }

  get state(): Embedder["state"] {
    return this.missing ? "unavailable" : "ready";
  }

  async embed(texts: string[], signal?: AbortSignal): Promise<Float32Array[]> {
    await Promise.resolve();
    this.before(this.texts.length);
    signal?.throwIfAborted();
    if (this.missing) throw new EmbedderUnavailable("The model is away.");
    this.texts.push(...texts);
    return texts.map(vectorOf);
  }

  async countTokens(texts: string[]): Promise<number[]> {
    if (this.missing) throw new EmbedderUnavailable("The model is away.");
    return await estimateTokens(texts);
  }

  async close(): Promise<void> {}
}

function vectorOf(text: string): Float32Array {
  const bytes = createHash("sha256").update(text).digest();
  const vector = Float32Array.from({ length: 384 }, (_, i) => bytes[i % 32] - 128);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
