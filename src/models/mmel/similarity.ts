import {
  add,
  dropout,
  linear,
  matmul,
  relu,
  reshape,
  sigmoid,
  slice,
  type Value,
} from "../../tensor/onnx/index.js";

/**
 * S(a, b) = sigmoid(FFN([a; b])) of section 3.4: [.., d] and [.., d], leading axes broadcast -> [..]. The first layer
 * of [a; b] is the sum of a layer of a and a layer of b, so n features against m cost n + m of its products, not n m.
 */
export function similarity(a: Value, b: Value, rate: number): Value {
  const { graph } = a;
  const d = a.shape.at(-1) as number;
  return graph.scope("similarity", () => {
    const weight = graph.parameter("in.weight", [d, 2 * d]);
    const left = linear(a, slice(weight, 1, 0, d));
    const right = linear(b, slice(weight, 1, d, 2 * d), graph.parameter("in.bias", [d]));
    const inner = dropout(relu(add(left, right)), rate);
    const logit = add(
      matmul(inner, graph.parameter("out.weight", [1, d]), { transposeB: true }),
      graph.parameter("out.bias", [1]),
    );
    return reshape(sigmoid(logit), inner.shape.slice(0, -1));
  });
}
