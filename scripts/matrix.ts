/** Products of matrices, row after row in one array, as training needs them: ONNX Runtime multiplies, on all cores. */
import { matmul, Tensor } from "@huggingface/transformers";

/** A matrix that is multiplied with: `rows` x `columns`. */
export type Matrix = Tensor;

export function matrix(numbers: Float32Array, rows: number, columns: number): Matrix {
  return new Tensor("float32", numbers, [rows, columns]);
}

/** a times b. */
export async function product(a: Matrix, b: Matrix): Promise<Float32Array> {
  const result = await matmul(a, b);
  return result.data as Float32Array;
}

/** The transpose of a (rows x columns). */
export function transposed(a: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(a.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = a[row * columns + column];
    }
  }
  return turned;
}

/** The map that changes nothing, size x size. */
export function identity(size: number): Float32Array {
  const map = new Float32Array(size * size);
  for (let i = 0; i < size; i++) map[i * size + i] = 1;
  return map;
}

/** Scales each row of a (rows x columns) to length 1 in place, zeros stay; returns the lengths before. */
export function toUnitRows(a: Float32Array, columns: number): Float32Array {
  const lengths = new Float32Array(a.length / columns);
  for (let row = 0; row < lengths.length; row++) {
    const at = row * columns;
    let squares = 0;
    for (let i = at; i < at + columns; i++) squares += a[i] * a[i];
    const length = lengths[row] = Math.sqrt(squares);
    if (length > 0) { for (let i = at; i < at + columns; i++) a[i] /= length; }
  }
  return lengths;
}

/**
 * The slope before `toUnitRows` from the one after it, in place and divided by `by`: `rows` are the unit rows, `lengths`
 * what they were. What only makes a row longer makes no difference.
 */
export function beforeUnitRows(
  slope: Float32Array,
  rows: Float32Array,
  lengths: Float32Array,
  by: number,
): void {
  const columns = rows.length / lengths.length;
  for (let row = 0; row < lengths.length; row++) {
    const at = row * columns;
    let along = 0;
    for (let i = at; i < at + columns; i++) along += slope[i] * rows[i];
    for (let i = at; i < at + columns; i++) {
      slope[i] = (slope[i] - along * rows[i]) / (lengths[row] * by);
    }
  }
}
