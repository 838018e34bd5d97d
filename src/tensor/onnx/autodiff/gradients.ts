import { add, cast, div, equal, erf, exp, mul, neg, sub, where } from "../graph/elementwise.js";
import { expand, pad, reshape, slice, transpose } from "../graph/layout.js";
import { matmul } from "../graph/matmul.js";
import { reduceMean, reduceSum, sumTo } from "../graph/reduce.js";
import type { Node, OpType, Value } from "../graph/value.js";

/**
 * The gradient of a table whose rows were looked up by index. Row i of `rows` [m, ..rest] is added to row `indices[i]`
 * of the table's gradient. The indices [m] may repeat.
 */
export interface RowGradient {
  readonly indices: Value;
  readonly rows: Value;
}

/** The contribution of one use of a value to the value's gradient. */
export type Cotangent = Value | RowGradient;

/**
 * The vector-Jacobian product of an operator. Takes the gradient g of the operator's result and returns one thunk per
 * input. The thunk computes the gradient of that input. Only the required thunks are called, so a frozen input adds no
 * node. For an input without a gradient, the thunk is undefined or missing.
 */
export type Gradient = (
  g: Value,
  node: Node,
  ...inputs: Value[]
) => readonly ((() => Cotangent) | undefined)[];

const none: Gradient = () => [];

/** The gradient function of every operator. A missing entry is a compile error. */
export const GRADIENTS: Readonly<Record<OpType, Gradient>> = {
  Add: (g, _, a, b) => [() => sumTo(g, a.shape), () => sumTo(g, b.shape)],
  Sub: (g, _, a, b) => [() => sumTo(g, a.shape), () => sumTo(neg(g), b.shape)],
  Mul: (g, _, a, b) => [() => sumTo(mul(g, b), a.shape), () => sumTo(mul(g, a), b.shape)],
  Div: (g, { outputs: [y] }, a, b) => [
    () => sumTo(div(g, b), a.shape),
    () => sumTo(neg(div(mul(g, y), b)), b.shape),
  ],
  Neg: (g) => [() => neg(g)],
  Relu: (g, { outputs: [y] }) => [() => where(equal(y, 0), 0, g)],
  Gelu: (g, _, x) => [() => mul(g, geluSlope(x))],
  Erf: (g, _, x) => [() => mul(g, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI)))],
  Tanh: (g, { outputs: [y] }) => [() => mul(g, sub(1, mul(y, y)))],
  Sigmoid: (g, { outputs: [y] }) => [() => mul(g, mul(y, sub(1, y)))],
  Exp: (g, { outputs: [y] }) => [() => mul(g, y)],
  Log: (g, _, x) => [() => div(g, x)],
  Sqrt: (g, { outputs: [y] }) => [() => div(mul(g, 0.5), y)],
  Equal: none,
  Where: (g, _, condition, a, b) => [
    undefined,
    () => sumTo(where(condition, g, 0), a.shape),
    () => sumTo(where(condition, 0, g), b.shape),
  ],
  Cast: none,
  MatMul: product,
  FusedMatMul: product,
  Gemm: (g, node, a, b, c) => [...product(g, node, a, b), () => sumTo(g, c.shape)],
  Softmax: (g, { outputs: [y] }) => [
    () => {
      const gy = mul(g, y);
      return sub(gy, mul(y, reduceSum(gy, [-1], { keepDims: true })));
    },
  ],
  LogSoftmax: (g, { outputs: [y] }) => [() => sub(g, mul(exp(y), reduceSum(g, [-1], { keepDims: true })))],
  LayerNormalization: normalisation,
  ReduceSum: (g, node, x) => [() => expand(kept(g, node, x), x.shape)],
  ReduceMean: (g, node, x) => [() => expand(mul(kept(g, node, x), 1 / averaged(node, x)), x.shape)],
  ReduceMax: (g, node, x) => [
    () => {
      const largest = cast(equal(x, kept(node.outputs[0], node, x)), "float32");
      const ties = reduceSum(largest, reducedAxes(node), { keepDims: true });
      return mul(largest, div(kept(g, node, x), ties));
    },
  ],
  Gather: (g, _, table, indices) => [
    () => ({ indices: merged(indices, 0), rows: merged(g, table.shape.length - 1) }),
  ],
  ScatterElements: none,
  Reshape: (g, _, x) => [() => reshape(g, x.shape)],
  Transpose: (g, { attributes }) => [() => transpose(g, inverse(attributes.perm as readonly number[]))],
  Expand: (g, _, x) => [() => sumTo(g, x.shape)],
  Concat: (g, { attributes }, ...parts) => {
    const axis = attributes.axis as number;
    const size = (part: Value) => part.shape[axis] as number;
    const start = (at: number) => parts.slice(0, at).reduce((sum, part) => sum + size(part), 0);
    return parts.map((part, at) => () => slice(g, axis, start(at), start(at) + size(part)));
  },
  Slice: (g, { inputs }, x) => {
    const [start, end, axis] = inputs.slice(1).map(number) as [number, number, number];
    return [() => pad(g, axis, start, (x.shape[axis] as number) - end)];
  },
  Pad: (g, { inputs }, x) => {
    const [before, axis] = [number(inputs[1]), number(inputs[3])];
    return [() => slice(g, axis, before, before + (x.shape[axis] as number))];
  },
  Shape: none,
  QuantizeLinear: none,
  MatMulIntegerToFloat: none,
};

function inverse(order: readonly number[]): number[] {
  return order.map((_, axis) => order.indexOf(axis));
}

/** Returns the first element of a constant tensor of integers. */
function number(constant: Value | undefined): number {
  return integers(constant)[0] as number;
}

function integers(constant: Value | undefined): number[] {
  return constant?.origin.kind === "constant" ? Array.from(constant.origin.data, Number) : [];
}

/** Computes d gelu / dx = Φ(x) + x φ(x) = ½ (1 + erf u + 2/√π u exp(-u²)) with u = x/√2. */
function geluSlope(x: Value): Value {
  const u = mul(x, Math.SQRT1_2);
  const bell = exp(sub(Math.log(2 / Math.sqrt(Math.PI)), mul(u, u)));
  return mul(add(add(erf(u), mul(u, bell)), 1), 0.5);
}

/**
 * Returns the gradients of the product y = s op(A) op(B), where op transposes its operand or leaves it unchanged: dA =
 * s g op(B)ᵀ and dB = s op(A)ᵀ g. If op transposes an operand, that operand's gradient is also transposed.
 */
function product(g: Value, { attributes }: Node, a: Value, b: Value): (() => Cotangent)[] {
  const [transposeA, transposeB] = [attributes.transA === 1, attributes.transB === 1];
  const scale = (attributes.alpha as number | undefined) ?? 1;
  // If the whole batch shares a weight, its gradient is one product over all rows, instead of a sum of products.
  const whole = b.shape.length === 2 && a.shape.length > 2 && !transposeA;
  const [left, top] = whole ? [merged(a, 1), merged(g, 1)] : [a, g];
  return [
    () =>
      sumTo(
        transposeA
          ? matmul(b, g, { transposeA: transposeB, transposeB: true, scale })
          : matmul(g, b, { transposeB: !transposeB, scale }),
        a.shape,
      ),
    () =>
      sumTo(
        transposeB
          ? matmul(top, left, { transposeA: true, transposeB: transposeA, scale })
          : matmul(left, top, { transposeA: !transposeA, scale }),
        b.shape,
      ),
  ];
}

/** Merges the leading axes into one and keeps the last `trailing` axes. */
function merged(x: Value, trailing: number): Value {
  const cut = x.shape.length - trailing;
  const count = x.shape.slice(0, cut).reduce<number>((product, dim) => product * (dim as number), 1);
  return reshape(x, [count, ...x.shape.slice(cut)]);
}

/**
 * Returns the gradients of layer norm. The gradient of x is dx = r (h - mean(h) - n mean(h n)), with r = 1 /
 * sqrt(variance + epsilon), the normalised input n = (x - mean) r, and h = g · scale.
 */
function normalisation(
  g: Value,
  { outputs }: Node,
  x: Value,
  scale: Value,
  bias: Value,
): (() => Cotangent)[] {
  const [, mean, inverse] = outputs as readonly [Value, Value, Value];
  const average = (v: Value) => reduceMean(v, [-1], { keepDims: true });
  const n = mul(sub(x, mean), inverse);
  return [
    () => {
      const h = mul(g, scale);
      return mul(sub(sub(h, average(h)), mul(n, average(mul(h, n)))), inverse);
    },
    () => sumTo(mul(g, n), scale.shape),
    () => sumTo(g, bias.shape),
  ];
}

const reducedAxes = (node: Node): number[] => integers(node.inputs[1]);

/**
 * Restores the axes that a reduction removed, with size 1. `reduced` is the result of the reduction or the result's
 * gradient.
 */
function kept(reduced: Value, node: Node, x: Value): Value {
  const axes = new Set(reducedAxes(node));
  const shape = x.shape.map((dim, at) => (axes.has(at) ? 1 : dim));
  return reshape(reduced, shape);
}

function averaged(node: Node, x: Value): number {
  return reducedAxes(node).reduce((count, axis) => count * (x.shape[axis] as number), 1);
}
