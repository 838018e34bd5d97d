import { formatShape, sameShape } from "./shape.js";
import type { OpType, Value } from "./value.js";

const overLast = (op: OpType, x: Value): Value => x.graph.emit(op, [x], x, { axis: -1 });

/** exp(x) normalised to sum 1 over the last axis. */
export const softmax = (x: Value): Value => overLast("Softmax", x);
/** log(softmax(x)) without its underflow. */
export const logSoftmax = (x: Value): Value => overLast("LogSoftmax", x);

/** (x - mean) / sqrt(variance + epsilon) · scale + bias over the last axis, variance without Bessel's correction. */
export function layerNorm(x: Value, scale: Value, bias: Value, epsilon: number): Value {
  const width = x.shape.slice(-1);
  if (!sameShape(scale.shape, width) || !sameShape(bias.shape, width)) {
    const given = `${formatShape(scale.shape)} and ${formatShape(bias.shape)}`;
    x.graph.fail(
      "LayerNormalization",
      `scale and bias ${given} for ${formatShape(x.shape)}`,
      formatShape(width),
    );
  }
  const one = [...x.shape.slice(0, -1), 1];
  const more = x.requiresGrad || scale.requiresGrad ? [one, one] : [];
  return x.graph.emit("LayerNormalization", [x, scale, bias], x, { axis: -1, epsilon }, more);
}
