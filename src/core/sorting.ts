/**
 * Sorts `items` by the key `keyOf[item]`, which must be below `keys`. Uses a stable counting sort. In the result, the items
 * with the key k are `items[starts[k], starts[k + 1])`.
 */
export function countingSort(
  items: Uint32Array,
  keyOf: Uint8Array | Uint16Array | Uint32Array,
  keys: number,
) {
  const starts = new Uint32Array(keys + 1);
  for (const item of items) starts[keyOf[item]! + 1]!++;
  for (let key = 0; key < keys; key++) starts[key + 1]! += starts[key]!;
  const next = starts.slice();
  const sorted = new Uint32Array(items.length);
  for (const item of items) sorted[next[keyOf[item]!]!++] = item;
  return { items: sorted, starts };
}

/**
 * Uses binary search to find the first number in `[from, to)` for which `before` is false. Returns `to` if there is none.
 * Once `before` is false for a number, it must be false for all greater numbers.
 */
export function partition(from: number, to: number, before: (at: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
