import { where } from "./elementwise.js";
import { reshape } from "./layout.js";
import { axisOf, formatShape, sameShape } from "./shape.js";
import type { Dim, OpType, Shape, Value } from "./value.js";

export interface ReduceOptions {
  /** Leave the reduced axes in place with size 1. */
  readonly keepDims?: boolean;
}

function reduce(
  op: OpType,
  x: Value,
  axes: readonly number[] | undefined,
  { keepDims = false }: ReduceOptions,
): Value {
  const fronts = (axes ?? x.shape.map((_, at) => at)).map(
    (axis) => axisOf(x.shape, axis) ?? x.graph.fail(op, `axis ${axis} of ${formatShape(x.shape)}`),
  );
  const gone = new Set(fronts);
  if (gone.size === 0) return x;
  const shape: Dim[] = x.shape.flatMap((dim, at) => (gone.has(at) ? (keepDims ? [1] : []) : [dim]));
  const list = x.graph.constant(
    BigInt64Array.from(
      [...gone].sort((a, b) => a - b),
      BigInt,
    ),
  );
  return x.graph.emit(op, [x, list], { shape }, { keepdims: Number(keepDims) });
}

/** Over the axes given, or all of them. */
export const reduceSum = (x: Value, axes?: readonly number[], options: ReduceOptions = {}): Value =>
  reduce("ReduceSum", x, axes, options);
export const reduceMean = (x: Value, axes?: readonly number[], options: ReduceOptions = {}): Value =>
  reduce("ReduceMean", x, axes, options);
/** Elements that share the maximum share its gradient, as torch.amax. */
export const reduceMax = (x: Value, axes?: readonly number[], options: ReduceOptions = {}): Value =>
  reduce("ReduceMax", x, axes, options);

/** Maximum over the rows that the mask allows: x [B, L, d], mask [B, L] bool -> [B, d]; -Infinity where it allows none. */
export function maskedMax(x: Value, mask: Value): Value {
  if (!sameShape(x.shape.slice(0, -1), mask.shape)) {
    x.graph.fail(
      "ReduceMax",
      `${formatShape(x.shape)} under a mask ${formatShape(mask.shape)}`,
      "[B, L, d] and [B, L]",
    );
  }
  const kept = where(reshape(mask, [...mask.shape, 1]), x, Number.NEGATIVE_INFINITY);
  return reduceMax(kept, [-2]);
}

/** Undoes broadcasting: sums x over the axes along which a tensor of `shape` was stretched to it. */
export function sumTo(x: Value, shape: Shape): Value {
  const added = x.shape.length - shape.length;
  const stretched = x.shape.flatMap((dim, at) =>
    at < added || (shape[at - added] === 1 && dim !== 1) ? [at] : [],
  );
  return stretched.length === 0 ? x : reshape(reduceSum(x, stretched), shape);
}
