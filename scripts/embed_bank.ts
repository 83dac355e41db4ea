/**
 * Writes corpus/bank/vectors.bin and vectors.json: an int8 vector (unit vector * 127, rounded) for each of the bank's
 * questions and briefs. About a minute and a half:
 *
 *     deno run --allow-read --allow-env --allow-ffi --allow-sys --allow-write=corpus scripts/embed_bank.ts
 */
import { writeFileSync } from "node:fs";
import { createEmbedder } from "../lib/embed/embedder.ts";
import { bankEntries, textsSha256, type VectorsHeader } from "../lib/retrieve/starter.ts";
import { toInt8 } from "../lib/store/mod.ts";

const BANK = new URL("../corpus/bank/", import.meta.url);
const BATCH = 512;

const entries = bankEntries();
const embedder = createEmbedder();
const bytes = new Int8Array(entries.length * embedder.dimensions);
for (let i = 0; i < entries.length; i += BATCH) {
  const vectors = await embedder.embed(entries.slice(i, i + BATCH).map(({ text }) => text));
  vectors.forEach((vector, j) => bytes.set(toInt8(vector), (i + j) * embedder.dimensions));
  console.error(`${Math.min(i + BATCH, entries.length)} of ${entries.length}`);
}
const header: VectorsHeader = {
  embedder: embedder.name,
  dimensions: embedder.dimensions,
  count: entries.length,
  textsSha256: textsSha256(entries),
};
writeFileSync(new URL("vectors.bin", BANK), new Uint8Array(bytes.buffer));
writeFileSync(new URL("vectors.json", BANK), JSON.stringify(header, undefined, 2) + "\n");
await embedder.close();
