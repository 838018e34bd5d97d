import { where } from "./elementwise.js";
import { reshape } from "./layout.js";
import { axisOf, formatShape, sameShape } from "./shape.js";
import type { Dim, OpType, Shape, Value } from "./value.js";

export interface ReduceOptions {
  /** Whether to keep the reduced axes, with size 1; default: false. */
  readonly keepDims?: boolean;
}

function reduce(
  op: OpType,
  x: Value,
  axes: readonly number[] | undefined,
  { keepDims = false }: ReduceOptions,
): Value {
  const fromFront = (axes ?? x.shape.map((_, axis) => axis)).map(
    (axis) =>
      axisOf(x.shape, axis) ??
      x.graph.fail(op, `axis ${axis} does not exist in the shape ${formatShape(x.shape)}`),
  );
  const reduced = new Set(fromFront);
  if (reduced.size === 0) return x;
  const shape: Dim[] = x.shape.flatMap((dim, axis) => (reduced.has(axis) ? (keepDims ? [1] : []) : [dim]));
  const list = x.graph.constant(
    BigInt64Array.from(
      [...reduced].sort((a, b) => a - b),
      BigInt,
    ),
  );
  return x.graph.emit(op, [x, list], { shape }, { keepdims: Number(keepDims) });
}

/** Computes the sum over the given axes; default: all. */
export const reduceSum = (x: Value, axes?: readonly number[], options: ReduceOptions = {}): Value =>
  reduce("ReduceSum", x, axes, options);
/** Computes the mean over the given axes; default: all. */
export const reduceMean = (x: Value, axes?: readonly number[], options: ReduceOptions = {}): Value =>
  reduce("ReduceMean", x, axes, options);
/**
 * Computes the maximum over the given axes; default: all. Elements that tie for the maximum share its gradient equally,
 * as in torch.amax.
 */
export const reduceMax = (x: Value, axes?: readonly number[], options: ReduceOptions = {}): Value =>
  reduce("ReduceMax", x, axes, options);

/**
 * Computes the maximum over the rows where the mask is true: x [B, L, d] and mask [B, L] -> [B, d]. For a batch element
 * without such rows, the result is -Infinity.
 */
export function maskedMax(x: Value, mask: Value): Value {
  if (!sameShape(x.shape.slice(0, -1), mask.shape)) {
    x.graph.fail(
      "ReduceMax",
      `the tensor is ${formatShape(x.shape)} and the mask is ${formatShape(mask.shape)}`,
      "[B, L, d] and [B, L]",
    );
  }
  const kept = where(reshape(mask, [...mask.shape, 1]), x, Number.NEGATIVE_INFINITY);
  return reduceMax(kept, [-2]);
}

/**
 * Sums x to the shape `shape`, which broadcasts to the shape of x: adds up the elements along the axes that this
 * broadcasting adds or stretches.
 */
export function sumTo(x: Value, shape: Shape): Value {
  const added = x.shape.length - shape.length;
  const stretched = x.shape.flatMap((dim, axis) =>
    axis < added || (shape[axis - added] === 1 && dim !== 1) ? [axis] : [],
  );
  return stretched.length === 0 ? x : reshape(reduceSum(x, stretched), shape);
}
