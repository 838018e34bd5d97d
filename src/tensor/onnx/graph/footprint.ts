import type { Subgraph } from "./model-proto.js";
import type { Value } from "./value.js";

const ELEMENT_BYTES = { float32: 4, int64: 8, bool: 1, uint8: 1, int8: 1 } as const;

/** Returns the size of a tensor in bytes. Named sizes count as 1. */
export function bytesOf({ shape, dtype }: Pick<Value, "shape" | "dtype">): number {
  return shape.reduce<number>(
    (bytes, dim) => bytes * (typeof dim === "number" ? dim : 1),
    ELEMENT_BYTES[dtype],
  );
}

/**
 * Returns the peak memory of the results in bytes. The nodes run in order, and each result is freed after its last use.
 */
export function peakBytes({ nodes, outputs }: Subgraph): number {
  const lastReader = new Map<Value, number>();
  nodes.forEach((node, index) => {
    for (const input of node.inputs) lastReader.set(input, index);
  });
  const kept = new Set(outputs);
  let alive = 0;
  let peak = 0;
  nodes.forEach((node, index) => {
    for (const output of node.outputs) alive += bytesOf(output);
    peak = Math.max(peak, alive);
    for (const value of new Set([...node.inputs, ...node.outputs])) {
      const done =
        value.origin.kind === "node" && (lastReader.get(value) ?? index) === index && !kept.has(value);
      if (done) alive -= bytesOf(value);
    }
  });
  return peak;
}
