/** A copy of plain objects, arrays and maps in which typed arrays are copies too, each of exactly its own elements. */
export function packed(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).slice();
  if (Array.isArray(value)) return value.map(packed);
  if (value instanceof Map) return new Map([...value].map(([key, held]) => [key, packed(held)]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, packed(held)]));
}

/** The buffers of all typed arrays inside such a value, each once, to be handed over without a copy. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  return [...new Set(arraysIn(value).map((array) => array.buffer as ArrayBuffer))];
}

function arraysIn(value: unknown): ArrayBufferView[] {
  if (ArrayBuffer.isView(value)) return [value];
  if (value instanceof Map) return [...value.values()].flatMap(arraysIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(arraysIn) : [];
}
