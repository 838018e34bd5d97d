import type { Value } from "../onnx/index.js";

/** Size of the last axis, which every module needs to know when the graph is built. */
export function lastSize(x: Value): number {
  const size = x.shape.at(-1);
  return typeof size === "number" ? size : x.graph.fail("linear", `a width of ${size}`, "a fixed size");
}
