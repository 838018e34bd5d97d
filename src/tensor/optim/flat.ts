/** Named tensors laid one after another in a single buffer; writing through a view writes the buffer. */
export interface FlatTensors {
  readonly data: Float32Array;
  readonly views: ReadonlyMap<string, Float32Array>;
}

/** Zeros for tensors of the given numbers of elements, in the order of the map. */
export function allocate(sizes: ReadonlyMap<string, number>): FlatTensors {
  let total = 0;
  for (const size of sizes.values()) total += size;
  const data = new Float32Array(total);
  const views = new Map<string, Float32Array>();
  let offset = 0;
  for (const [name, size] of sizes) {
    views.set(name, data.subarray(offset, offset + size));
    offset += size;
  }
  return { data, views };
}
