import type { Subgraph } from "./model-proto.js";
import type { Value } from "./value.js";

const ELEMENT_BYTES = { float32: 4, int64: 8, bool: 1 } as const;

/** Bytes of one tensor; named sizes count as 1. */
export function bytesOf({ shape, dtype }: Pick<Value, "shape" | "dtype">): number {
  return shape.reduce<number>(
    (bytes, dim) => bytes * (typeof dim === "number" ? dim : 1),
    ELEMENT_BYTES[dtype],
  );
}

/** The most bytes of results alive at once when the nodes run in order, each kept until its last reader has run. */
export function peakBytes({ nodes, outputs }: Subgraph): number {
  const lastReader = new Map<Value, number>();
  nodes.forEach((node, at) => {
    for (const input of node.inputs) lastReader.set(input, at);
  });
  const kept = new Set(outputs);
  let alive = 0;
  let peak = 0;
  nodes.forEach((node, at) => {
    for (const output of node.outputs) alive += bytesOf(output);
    peak = Math.max(peak, alive);
    for (const value of new Set([...node.inputs, ...node.outputs])) {
      const done = value.origin.kind === "node" && (lastReader.get(value) ?? at) === at && !kept.has(value);
      if (done) alive -= bytesOf(value);
    }
  });
  return peak;
}
