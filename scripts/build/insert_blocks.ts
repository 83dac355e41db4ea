/** Puts packed blocks into a compiled ELF executable. */
import { Buffer } from "node:buffer";
import { readFileSync, writeFileSync } from "node:fs";
import { BLOCKS_MARK, elfImageEnd } from "../../lib/native/packed_files.ts";

/**
 * Inserts the blocks between the program's image and what `deno compile` appended, which the program finds from the
 * end of the file. Both stay as they are, so the result runs as before; it does not read the blocks at its start.
 */
export function insertBlocks(executable: string, blocks: string): void {
  const end = elfImageEnd(executable);
  const compiled = readFileSync(executable);
  if (compiled.length <= end) throw new Error("expected deno compile to append to the program");
  const parts = [
    compiled.subarray(0, end),
    Buffer.from(BLOCKS_MARK),
    readFileSync(blocks),
    compiled.subarray(end),
  ];
  writeFileSync(executable, Buffer.concat(parts));
}
