/**
 * Dot products of int8 vectors in WebAssembly, sixteen numbers at a time: JavaScript has no such instructions, and
 * takes four times as long. The module is a single function, written out here instruction by instruction
 * (https://webassembly.github.io/spec/core/binary/instructions.html) so that no compiler is needed to build FARchat.
 */

const I32 = 0x7f;
const V128 = 0x7b;
const VOID = 0x40;

/** Whole numbers as WebAssembly counts them: seven bits a byte, the lowest first. */
function leb(value: number): number[] {
  const bytes: number[] = [];
  do {
    const rest = value >>> 7;
    bytes.push((value & 0x7f) | (rest ? 0x80 : 0));
    value = rest;
  } while (value);
  return bytes;
}

const sized = (bytes: number[]) => [...leb(bytes.length), ...bytes];
const section = (id: number, bytes: number[]) => [id, ...sized(bytes)];
const name = (text: string) => sized([...new TextEncoder().encode(text)]);
const vector = (opcode: number, ...immediates: number[]) => [0xfd, ...leb(opcode), ...immediates];
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const constant = (value: number) => [0x41, value];
const ADD = 0x6a;

// Parameters: where the query is, where the rows are, how many, their length (a multiple of 16), where results go.
const [QUERY, ROWS, COUNT, LENGTH, OUT, AT, SUM, LEFT, RIGHT] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const load = (pointer: number) => [...get(pointer), ...get(AT), ADD, ...vector(0x00, 0, 0)];
const EXTEND = { low: 0x87, high: 0x88 };
/** sum += the products of eight of the sixteen numbers: widened to 16 bits, multiplied, added in pairs to 32. */
const accumulate = (half: keyof typeof EXTEND) => [
  ...get(SUM),
  ...get(LEFT),
  ...vector(EXTEND[half]),
  ...get(RIGHT),
  ...vector(EXTEND[half]),
  ...vector(0xba), // i32x4.dot_i16x8_s
  ...vector(0xae), // i32x4.add
  ...set(SUM),
];
const lane = (n: number) => [...get(SUM), ...vector(0x1b, n)];
const increase = (local: number, by: number[]) => [...get(local), ...by, ADD, ...set(local)];

const BODY = [
  ...[0x02, VOID], // block
  ...[0x03, VOID], // loop over rows
  ...[...get(COUNT), 0x45, 0x0d, 1], // no row left: leave the block
  ...vector(0x0c, ...new Array(16).fill(0)),
  ...set(SUM),
  ...[...constant(0), ...set(AT)],
  ...[0x03, VOID], // loop over a row, sixteen numbers at a time
  ...[...load(QUERY), ...set(LEFT), ...load(ROWS), ...set(RIGHT)],
  ...[...accumulate("low"), ...accumulate("high")],
  ...increase(AT, constant(16)),
  ...[...get(AT), ...get(LENGTH), 0x49, 0x0d, 0], // i32.lt_u: next sixteen
  0x0b,
  ...[...get(OUT), ...lane(0), ...lane(1), ADD, ...lane(2), ADD, ...lane(3), ADD, 0x36, 2, 0],
  ...increase(ROWS, get(LENGTH)),
  ...increase(OUT, constant(4)),
  ...[...get(COUNT), ...constant(1), 0x6b, ...set(COUNT)],
  ...[0x0c, 0], // next row
  ...[0x0b, 0x0b, 0x0b],
];

const MODULE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, [1, 0x60, 5, I32, I32, I32, I32, I32, 0]),
  ...section(2, [1, ...name("m"), ...name("memory"), 0x02, 0x00, 1]),
  ...section(3, [1, 0]),
  ...section(7, [1, ...name("dots"), 0x00, 0]),
  ...section(10, [1, ...sized([2, 1, I32, 3, V128, ...BODY])]),
);

/** Writes the dot product of a query with each row, as 32-bit numbers. All places are bytes in the memory. */
export type Dots = (
  query: number,
  rows: number,
  count: number,
  length: number,
  out: number,
) => void;

let compiled: WebAssembly.Module | undefined;

/** The function over this memory; undefined on a machine whose WebAssembly has no vector instructions. */
export function dotsOver(memory: WebAssembly.Memory): Dots | undefined {
  try {
    compiled ??= new WebAssembly.Module(MODULE);
    return new WebAssembly.Instance(compiled, { m: { memory } }).exports.dots as Dots;
  } catch {
    return undefined;
  }
}
