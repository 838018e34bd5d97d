/** `into += share · from`. Four at a time, which takes half the time. */
export function accumulate(into: Float32Array, from: Float32Array, share: number): void {
  let at = 0;
  for (; at + 3 < into.length; at += 4) {
    into[at] = into[at]! + share * from[at]!;
    into[at + 1] = into[at + 1]! + share * from[at + 1]!;
    into[at + 2] = into[at + 2]! + share * from[at + 2]!;
    into[at + 3] = into[at + 3]! + share * from[at + 3]!;
  }
  for (; at < into.length; at++) into[at] = into[at]! + share * from[at]!;
}

/** Adds each of `rows` [m, width] to the row of `into` [n, width] at its index (negative: from the end), in order: the same bits every time. */
export function accumulateRows(
  into: Float32Array,
  indices: BigInt64Array,
  rows: Float32Array,
  share: number,
): void {
  const width = rows.length / indices.length;
  for (let row = 0; row < indices.length; row++) {
    const index = Number(indices[row]);
    const target = index < 0 ? into.length + index * width : index * width;
    const source = row * width;
    for (let at = 0; at < width; at++) into[target + at] = into[target + at]! + share * rows[source + at]!;
  }
}
