/** What the database remembers of who made its vectors. */
import type { Embedder } from "../embed/types.ts";
import type { EmbedderRecord } from "../store/types.ts";
import { CHUNKING_VERSION } from "./chunk_section.ts";

/** The record for vectors of this embedder over chunks as they are made now. */
export function embedderRecord(
  embedder: Pick<Embedder, "name" | "dimensions">,
): EmbedderRecord {
  return { name: embedder.name, dimensions: embedder.dimensions, version: CHUNKING_VERSION };
}
