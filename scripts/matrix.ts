/** Products of matrices, row after row in one array, as training needs them: plain loops over four rows at a time. */

/** a (rows x inner) times the transpose of b (columns x inner): rows x columns. */
export function timesTransposed(
  a: Float32Array,
  b: Float32Array,
  rows: number,
  columns: number,
  inner: number,
): Float32Array {
  const product = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const from = row * inner;
    for (let column = 0; column < columns; column += 4) {
      const most = Math.min(4, columns - column);
      if (most < 4) {
        for (let extra = 0; extra < most; extra++) {
          let sum = 0;
          for (let i = 0; i < inner; i++) sum += a[from + i] * b[(column + extra) * inner + i];
          product[row * columns + column + extra] = sum;
        }
        continue;
      }
      let [p, q, r, s] = [0, 0, 0, 0];
      const at = column * inner;
      for (let i = 0; i < inner; i++) {
        const value = a[from + i];
        p += value * b[at + i];
        q += value * b[at + inner + i];
        r += value * b[at + 2 * inner + i];
        s += value * b[at + 3 * inner + i];
      }
      const to = row * columns + column;
      product[to] = p;
      product[to + 1] = q;
      product[to + 2] = r;
      product[to + 3] = s;
    }
  }
  return product;
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
