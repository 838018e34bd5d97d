import { linear as affine, type Value } from "../onnx/index.js";
import { lastSize } from "./size.js";

/** A learned affine map of the last axis: x [.., in] -> [.., width]; parameters `weight` [width, in] and `bias` [width]. */
export function linear(name: string, x: Value, width: number): Value {
  const { graph } = x;
  return graph.scope(name, () =>
    affine(x, graph.parameter("weight", [width, lastSize(x)]), graph.parameter("bias", [width])),
  );
}

/** The same without a bias. */
export function project(name: string, x: Value, width: number): Value {
  const { graph } = x;
  return graph.scope(name, () => affine(x, graph.parameter("weight", [width, lastSize(x)])));
}
