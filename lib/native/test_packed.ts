/** Packed files for tests: packed by the build's own code. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pack } from "../../scripts/build/pack.ts";
import { BLOCKS_FILE, type Packed } from "./packed_files.ts";

/** A packed group "model" of the given files, an empty cache folder, and everything gone afterwards. */
export async function withPacked(
  files: Record<string, Uint8Array>,
  work: (packed: Packed, cache: string, folder: string) => void | Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "farchat_packed_" });
  try {
    const sources = Object.fromEntries(
      Object.entries(files).map(([path, bytes], i) => {
        const source = join(folder, `source-${i}`);
        Deno.writeFileSync(source, bytes);
        return [path, source];
      }),
    );
    const manifest = pack(join(folder, "packed"), "1.2.3", { model: sources, database: sources });
    const path = join(folder, "packed", BLOCKS_FILE);
    await work({ manifest, blocks: { path, start: 0 } }, join(folder, "cache"), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bytes that gzip can't make smaller, always the same. */
export function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, state = seed; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
