import { linear } from "../../tensor/nn.js";
import { reshape, slice, sub, type Value } from "../../tensor/onnx/index.js";

/** The two logits of equation 10 from the features h [P, 2, d]: [P, 2], no match and match. */
export function matchLogits(h: Value): Value {
  const [pairs, sides, d] = h.shape as [number, number, number];
  return linear("match", reshape(h, [pairs, sides * d]), 2); // [h^c; h^e] is h itself, row by row
}

/** The match logit l: [P], the difference of the two, so that sigmoid(l) is the second softmax probability. */
export function matchLogit(logits: Value): Value {
  const [pairs] = logits.shape as [number];
  return reshape(sub(slice(logits, -1, 1, 2), slice(logits, -1, 0, 1)), [pairs]);
}
