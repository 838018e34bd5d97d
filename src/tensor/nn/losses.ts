import { add, logSoftmax, mul, neg, reduceSum, relu, slice, sub, type Value } from "../onnx/index.js";

/** Cross-entropy of logits [.., classes] with fixed labels, given as a one-hot constant that broadcasts: -> [..]. */
export function crossEntropy(logits: Value, labels: Value): Value {
  return neg(reduceSum(mul(logSoftmax(logits), labels), [-1]));
}

/** Cross-entropy of a list of scores [.., n] whose first entry is the right one: -> [..]. */
export function listwise(scores: Value): Value {
  return neg(reduceSum(slice(logSoftmax(scores), -1, 0, 1), [-1]));
}

/** max(worse - better + margin, 0), elementwise. */
export function marginLoss(better: Value, worse: Value, margin: number): Value {
  return relu(add(sub(worse, better), margin));
}
