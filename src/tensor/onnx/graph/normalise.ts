import { formatShape, sameShape } from "./shape.js";
import type { OpType, Value } from "./value.js";

const overLast = (op: OpType, x: Value): Value => x.graph.emit(op, [x], x, { axis: -1 });

/** Computes exp(x) / Σ exp(x) over the last axis. */
export const softmax = (x: Value): Value => overLast("Softmax", x);
/** Computes log(softmax(x)) over the last axis, without underflow. */
export const logSoftmax = (x: Value): Value => overLast("LogSoftmax", x);

/**
 * Computes (x - mean) / sqrt(variance + epsilon) · scale + bias over the last axis, with the biased variance: x
 * [.., d], scale and bias [d] -> [.., d].
 */
export function layerNorm(x: Value, scale: Value, bias: Value, epsilon: number): Value {
  const width = x.shape.slice(-1);
  if (!sameShape(scale.shape, width) || !sameShape(bias.shape, width)) {
    const given = `${formatShape(scale.shape)} and ${formatShape(bias.shape)}`;
    x.graph.fail(
      "LayerNormalization",
      `scale and bias are ${given}, and the input is ${formatShape(x.shape)}`,
      `scale and bias of shape ${formatShape(width)}`,
    );
  }
  const rowShape = [...x.shape.slice(0, -1), 1];
  const more = x.requiresGrad || scale.requiresGrad ? [rowShape, rowShape] : [];
  return x.graph.emit("LayerNormalization", [x, scale, bias], x, { axis: -1, epsilon }, more);
}
