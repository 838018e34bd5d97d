import { axisOf, broadcast, formatShape, sameShape, sameSize, sumDims } from "./shape.js";
import type { Dim, Shape, Value } from "./value.js";

const int64 = (x: Value, numbers: readonly number[]): Value =>
  x.graph.constant(BigInt64Array.from(numbers, BigInt));

function axisIn(op: string, x: Value, axis: number): number {
  return (
    axisOf(x.shape, axis) ??
    x.graph.fail(op, `axis ${axis} does not exist in the shape ${formatShape(x.shape)}`)
  );
}

/**
 * Returns the same elements in the same order with another shape. Of the named sizes, at most one may move to another
 * axis.
 */
export function reshape(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  if (!sameSize(x.shape, shape)) {
    x.graph.fail(
      "Reshape",
      `${formatShape(x.shape)} cannot be reshaped to ${formatShape(shape)}`,
      "the same number of elements",
    );
  }
  const sizes = shape.map((dim, at) => (typeof dim === "number" ? dim : dim === x.shape[at] ? 0 : -1));
  if (sizes.filter((size) => size === -1).length > 1) {
    x.graph.fail(
      "Reshape",
      `reshaping ${formatShape(x.shape)} to ${formatShape(shape)} moves several named sizes to other axes`,
      "at most one",
    );
  }
  return x.graph.emit("Reshape", [x, int64(x, sizes)], { shape, dtype: x.dtype });
}

/** Reorders the axes: axis i of the result is axis `order[i]` of x. */
export function transpose(x: Value, order: readonly number[]): Value {
  const axes = [...order].sort((a, b) => a - b);
  if (axes.length !== x.shape.length || axes.some((axis, at) => axis !== at)) {
    x.graph.fail(
      "Transpose",
      `the order [${order.join(", ")}] does not match the shape ${formatShape(x.shape)}`,
      "each axis once",
    );
  }
  const shape = order.map((axis) => x.shape[axis] as Dim);
  return x.graph.emit("Transpose", [x], { shape, dtype: x.dtype }, { perm: order });
}

/**
 * Broadcasts x to `shape`: repeats axes of size 1 and adds leading axes. The new sizes of these axes must be numbers.
 */
export function expand(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const common = broadcast(x.shape, shape);
  if (common === undefined || !sameShape(common, shape)) {
    x.graph.fail("Expand", `${formatShape(x.shape)} cannot be broadcast to ${formatShape(shape)}`);
  }
  const sizes = shape.map((dim, at) => {
    if (typeof dim === "number") return dim;
    return x.shape[at - shape.length + x.shape.length] === dim
      ? 1
      : x.graph.fail("Expand", `the result has the named size ${dim}`, "a fixed size");
  });
  return x.graph.emit("Expand", [x, int64(x, sizes)], { shape, dtype: x.dtype });
}

/** Concatenates tensors along one axis. All other axes must have equal sizes. */
export function concat(parts: readonly [Value, ...Value[]], axis: number): Value {
  const [first] = parts;
  const at = axisIn("Concat", first, axis);
  const others = (x: Value): Shape => x.shape.toSpliced(at, 1);
  const odd = parts.find((x) => !sameShape(others(x), others(first)) || x.dtype !== first.dtype);
  if (odd !== undefined) {
    const [known, different] = [first, odd].map((x) => `${x.dtype} ${formatShape(x.shape)}`);
    first.graph.fail(
      "Concat",
      `${known} and ${different} cannot be concatenated along axis ${axis}`,
      "the same type, and equal sizes of all other axes",
    );
  }
  const shape = first.shape.with(at, sumDims(parts.map((x) => x.shape[at] as Dim)));
  return first.graph.emit("Concat", parts, { shape, dtype: first.dtype }, { axis: at });
}

/** Returns the positions `start` to `end` (exclusive) along one axis. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  const at = axisIn("Slice", x, axis);
  const size = x.shape[at];
  if (!(start >= 0 && start < end) || (typeof size === "number" && end > size)) {
    x.graph.fail(
      "Slice",
      `positions ${start} to ${end} are invalid for axis ${axis} of the shape ${formatShape(x.shape)}`,
    );
  }
  const bounds = [int64(x, [start]), int64(x, [end]), int64(x, [at])];
  return x.graph.emit("Slice", [x, ...bounds], { shape: x.shape.with(at, end - start), dtype: x.dtype });
}

/**
 * Returns the first L positions of x along the axis `along`, where L is the size of `axis` in `like` and may be a named
 * size. By default, these are the first L rows: [n, ..rest] -> [L, ..rest].
 */
export function leading(x: Value, like: Value, axis: number, along = 0): Value {
  const at = axisIn("Shape", like, axis);
  const size = like.shape[at] as Dim;
  if (typeof size === "number") return slice(x, along, 0, size);
  const end = x.graph.emit("Shape", [like], { shape: [1], dtype: "int64" }, { start: at, end: at + 1 });
  return x.graph.emit("Slice", [x, int64(x, [0]), end, int64(x, [along])], {
    shape: x.shape.with(along, size),
    dtype: x.dtype,
  });
}

/** Splits x into consecutive slices of the given sizes, which must add up to the size of the axis. */
export function split(x: Value, axis: number, sizes: readonly number[]): Value[] {
  const size = x.shape[axisIn("Slice", x, axis)];
  const total = sizes.reduce((sum, part) => sum + part, 0);
  if (total !== size)
    x.graph.fail("Slice", `the parts have ${total} positions in total, but the axis has ${size}`);
  let start = 0;
  return sizes.map((part) => {
    start += part;
    return slice(x, axis, start - part, start);
  });
}

/** Pads one axis with zeros: `before` positions at its start and `after` positions at its end. */
export function pad(x: Value, axis: number, before: number, after: number): Value {
  const at = axisIn("Pad", x, axis);
  const shape = x.shape.with(at, sumDims([x.shape[at] as Dim, before + after]));
  const inputs = [x, int64(x, [before, after]), x.graph.constant(0), int64(x, [at])];
  return x.graph.emit("Pad", inputs, { shape });
}

/** Returns the rows of a table at the given indices: table [n, ..rest] and indices [..i] -> [..i, ..rest]. */
export function gather(table: Value, indices: Value): Value {
  const { graph } = table;
  if (indices.dtype !== "int64") graph.fail("Gather", `the indices are ${indices.dtype}`, "int64");
  if (table.shape.length === 0) graph.fail("Gather", "the table is a scalar", "at least one axis");
  return graph.emit("Gather", [table, indices], {
    shape: [...indices.shape, ...table.shape.slice(1)],
    dtype: table.dtype,
  });
}

/**
 * Adds rows [m, ..rest] to a table of zeros with the shape [n, ..rest]: row i is added to row `indices[i]` of the
 * table. Rows with the same index are added in order. Uses ScatterElements, which onnxruntime runs on one thread; its
 * ScatterND loses updates with several threads.
 */
export function scatterRows(indices: Value, rows: Value, shape: Shape): Value {
  const { graph } = rows;
  const column = reshape(indices, [rows.shape[0] as Dim, ...rows.shape.slice(1).map(() => 1)]);
  const zeros = expand(graph.constant(0), shape);
  const attributes = { axis: 0, reduction: "add" };
  return graph.emit("ScatterElements", [zeros, expand(column, rows.shape), rows], { shape }, attributes);
}
