/** `items` in ascending order of `keyOf[item]`, below `keys`, equal ones as they came; `starts[key]` is where those of a key begin. */
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
