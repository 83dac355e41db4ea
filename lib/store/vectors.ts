/** Vectors as they go into the database and come out of it. */
import { Problem } from "../problem.ts";
import type { Collection, Hit } from "./types.ts";

/** Numbers in a vector: the tables are made for all-MiniLM-L6-v2. */
export const DIMENSIONS = 384;

/** The most neighbours sqlite-vec finds in one query. */
export const MAX_NEIGHBOURS = 4096;

/** The bytes of a vector, without copying. Throws a Problem when it does not have 384 numbers. */
export function vectorBytes(vector: Float32Array | Int8Array): Uint8Array {
  checkDimensions(vector.length);
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** Throws a Problem unless `dimensions` is what the tables hold. */
export function checkDimensions(dimensions: number): void {
  if (dimensions === DIMENSIONS) return;
  throw new Problem(
    `A vector of ${DIMENSIONS} numbers was expected, one of ${dimensions} was given.`,
    { next: "Use an embedding model with 384 dimensions, such as all-MiniLM-L6-v2.", status: 500 },
  );
}

/** A float vector from a column. */
export function floatVector(blob: unknown): Float32Array {
  // Copied: the bytes need not start at a multiple of four.
  return new Float32Array((blob as Uint8Array).slice().buffer);
}

/** Rounds a unit vector to int8: value * 127. */
export function toInt8(vector: Float32Array): Int8Array {
  const rounded = new Int8Array(vector.length);
  for (let i = 0; i < vector.length; i++) {
    rounded[i] = Math.max(-127, Math.min(127, Math.round(vector[i] * 127)));
  }
  return rounded;
}

const ALL: readonly Collection[] = ["far", "dfars", "uploads"];

/**
 * An SQL condition on a collection column, "" for no limit. The names come from a fixed list, never from the
 * caller's strings, and in a fixed order, so that few different statements are made.
 */
export function onlyCollections(
  column: string,
  collections?: readonly Collection[],
): string {
  if (!collections) return "";
  const chosen = ALL.filter((name) => collections.includes(name));
  if (chosen.length === ALL.length) return "";
  return `AND ${column} IN (${chosen.map((name) => `'${name}'`).join(", ")})`;
}

/** Rows of id and cosine distance as hits. */
export function hitsOfDistance(rows: Record<string, unknown>[]): Hit[] {
  return rows.map((row) => ({ id: Number(row.id), score: 1 - Number(row.distance) }));
}

/** A whole number from 0 to `most` for LIMIT and k, as sqlite-vec wants it. */
export function limitOf(limit: number, most: number = MAX_NEIGHBOURS): bigint {
  return BigInt(Math.max(0, Math.min(most, Math.trunc(limit) || 0)));
}
