/** Turns texts into unit vectors of `dimensions` numbers, in the order given. */
export interface Embedder {
  /** Name that vectors are filed under, e.g. "all-MiniLM-L6-v2/q4". */
  readonly name: string;
  readonly dimensions: number;
  /** Vectors, each of length 1. Rejects with an `EmbedderUnavailable` when the model can't load. */
  embed(texts: string[], signal?: AbortSignal): Promise<Float32Array[]>;
  /** Token counts by the model's own tokenizer, special tokens included. */
  countTokens(texts: string[]): Promise<number[]>;
  /** "loading" until the first use or warm-up ends. */
  readonly state: "loading" | "ready" | "unavailable";
  /** Why it is unavailable, in words for an administrator. */
  readonly problem?: string;
  close(): Promise<void>;
}
