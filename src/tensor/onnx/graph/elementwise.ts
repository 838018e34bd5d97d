import { MmelError } from "../../../core/index.js";
import { broadcast, formatShape } from "./shape.js";
import type { DType, OpType, Value } from "./value.js";

/** A tensor, or a number that is converted to a constant of the other operand's type. */
export type Operand = Value | number;

/**
 * Converts both operands to tensors of the same graph and type, and returns them with the shape that they broadcast to.
 * Throws `GRAPH` if both operands are numbers, the types differ or the shapes do not broadcast.
 */
function align(op: OpType, a: Operand, b: Operand): { a: Value; b: Value; shape: Value["shape"] } {
  const known = typeof a !== "number" ? a : b;
  if (typeof known === "number")
    throw new MmelError("GRAPH", {
      what: `both operands of ${op} are numbers`,
      expected: "at least one tensor",
    });
  const lift = (x: Operand): Value => (typeof x === "number" ? known.graph.constant(x, [], known.dtype) : x);
  const [left, right] = [lift(a), lift(b)];
  const shape =
    broadcast(left.shape, right.shape) ??
    known.graph.fail(op, `${formatShape(left.shape)} and ${formatShape(right.shape)} do not broadcast`);
  if (left.dtype !== right.dtype)
    known.graph.fail(op, `the operands are ${left.dtype} and ${right.dtype}`, "operands of the same type");
  return { a: left, b: right, shape };
}

function binary(op: OpType, x: Operand, y: Operand, dtype?: DType): Value {
  const { a, b, shape } = align(op, x, y);
  return a.graph.emit(op, [a, b], { shape, dtype: dtype ?? a.dtype });
}

function unary(op: OpType, x: Value): Value {
  if (x.dtype !== "float32") x.graph.fail(op, `"${x.name}" is ${x.dtype}`, "float32");
  return x.graph.emit(op, [x], x);
}

/** Computes a + b elementwise. All binary operators broadcast their operands as numpy does. */
export const add = (a: Operand, b: Operand): Value => binary("Add", a, b);
export const sub = (a: Operand, b: Operand): Value => binary("Sub", a, b);
export const mul = (a: Operand, b: Operand): Value => binary("Mul", a, b);
export const div = (a: Operand, b: Operand): Value => binary("Div", a, b);
/** Compares a and b elementwise. The result is a `bool` tensor. */
export const equal = (a: Operand, b: Operand): Value => binary("Equal", a, b, "bool");

export const neg = (x: Value): Value => unary("Neg", x);
export const relu = (x: Value): Value => unary("Relu", x);
/**
 * Computes x Φ(x), where Φ is the exact normal distribution function, not its tanh approximation (Hendrycks and Gimpel
 * 2016).
 */
export const gelu = (x: Value): Value => unary("Gelu", x);
export const erf = (x: Value): Value => unary("Erf", x);
export const tanh = (x: Value): Value => unary("Tanh", x);
export const sigmoid = (x: Value): Value => unary("Sigmoid", x);
export const exp = (x: Value): Value => unary("Exp", x);
export const log = (x: Value): Value => unary("Log", x);
export const sqrt = (x: Value): Value => unary("Sqrt", x);

/**
 * Returns `a` where the condition is true and `b` elsewhere; all three broadcast. No gradient flows to the operand that
 * is not selected, even if its value is NaN.
 */
export function where(condition: Value, a: Operand, b: Operand): Value {
  const { graph } = condition;
  if (condition.dtype !== "bool") graph.fail("Where", `the condition is ${condition.dtype}`, "bool");
  const lift = (x: Operand): Value => (typeof x === "number" ? graph.constant(x) : x);
  const sides = align("Where", lift(a), lift(b));
  const shape =
    broadcast(condition.shape, sides.shape) ??
    graph.fail("Where", `${formatShape(condition.shape)} and ${formatShape(sides.shape)} do not broadcast`);
  return graph.emit("Where", [condition, sides.a, sides.b], { shape, dtype: sides.a.dtype });
}

/** ONNX codes for the element types. */
export const DTYPE_CODES: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int64: 7,
  bool: 9,
};

/** Converts x to another element type, for masks and indices. No gradient flows through the conversion. */
export function cast(x: Value, dtype: DType): Value {
  return x.dtype === dtype
    ? x
    : x.graph.emit("Cast", [x], { shape: x.shape, dtype }, { to: DTYPE_CODES[dtype] });
}

/**
 * Sets elements to 0 with probability `rate` and scales the remaining elements by 1 / (1 - rate). Returns x unchanged
 * if the graph is not for training.
 */
export function dropout(x: Value, rate: number): Value {
  if (!(rate >= 0 && rate < 1)) x.graph.fail("Mul", `the dropout rate is ${rate}`, "0 <= rate < 1");
  return rate === 0 || !x.graph.training ? x : mul(x, x.graph.mask(x.shape, rate));
}
