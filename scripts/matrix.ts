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
