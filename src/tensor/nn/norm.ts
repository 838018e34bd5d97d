import { layerNorm, type Value } from "../onnx/index.js";
import { lastSize } from "./size.js";

const EPSILON = 1e-5;

/** Layer norm over the last axis with learned scale `weight` and shift `bias`. */
export function norm(name: string, x: Value, epsilon: number = EPSILON): Value {
  const { graph } = x;
  return graph.scope(name, () =>
    layerNorm(x, graph.parameter("weight", [lastSize(x)]), graph.parameter("bias", [lastSize(x)]), epsilon),
  );
}
