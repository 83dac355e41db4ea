/** Every vector of a vec0 table, for an index in memory. */
import type { Database } from "./database.ts";

/**
 * The ids of a vec0 table with the bytes of their vectors, in no particular order.
 *
 * Asked for row by row, sqlite-vec looks each one up anew, 130 ms for 11,000; its shadow tables, which keep 1024
 * vectors a row, take 12. Their layout (ARCHITECTURE.md of asg017/sqlite-vec, "Shadow Tables"): `<table>_chunks`
 * has for each block a bitmap of the places in use, lowest bit first, and their rowids as 64-bit integers;
 * `<table>_vector_chunks00` has the vectors of the first vector column. The test compares this with what the
 * table itself says, so that another version of sqlite-vec can't change it unnoticed.
 */
export function* vectorRows(
  db: Database,
  table: "chunk_vectors" | "entry_vectors",
): Generator<{ id: number; bytes: Uint8Array }> {
  // A block at a time: all of them at once would be the index's own size several times over.
  for (const { chunk_id } of db.all(`SELECT chunk_id FROM ${table}_chunks`)) {
    const chunk = db.get(
      `SELECT validity, rowids, vectors FROM ${table}_chunks
       JOIN ${table}_vector_chunks00 AS columns ON columns.rowid = ${table}_chunks.chunk_id
       WHERE chunk_id = ?`,
      Number(chunk_id),
    );
    if (!chunk) continue;
    const validity = chunk.validity as Uint8Array;
    const ids = new BigInt64Array((chunk.rowids as Uint8Array).slice().buffer);
    // Copied, so that the views below start at multiples of four.
    const vectors = (chunk.vectors as Uint8Array).slice();
    const size = vectors.length / ids.length;
    for (let place = 0; place < ids.length; place++) {
      if ((validity[place >> 3] >> (place & 7) & 1) === 0) continue;
      yield {
        id: Number(ids[place]),
        bytes: vectors.subarray(place * size, (place + 1) * size),
      };
    }
  }
}
