import { dropout, relu, type Value } from "../onnx/index.js";
import { linear } from "./linear.js";

export interface FeedForwardOptions {
  /** Width between the two layers. */
  readonly inner: number;
  /** Width of the result. */
  readonly width: number;
  readonly dropout: number;
}

/** FC, ReLU, dropout, FC: x [.., in] -> [.., width]. */
export function feedForward(
  name: string,
  x: Value,
  { inner, width, dropout: rate }: FeedForwardOptions,
): Value {
  return x.graph.scope(name, () => linear("out", dropout(relu(linear("in", x, inner)), rate), width));
}
