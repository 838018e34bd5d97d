import { add } from "./elementwise.js";
import { int8Linear } from "./int8.js";
import { reshape } from "./layout.js";
import { broadcast, elements, formatShape, sameShape } from "./shape.js";
import type { Dim, Shape, Value } from "./value.js";

export interface MatMulOptions {
  /** Whether to use the transpose of `a` over its last two axes; the transpose is not computed separately. */
  readonly transposeA?: boolean;
  /** Whether to use the transpose of `b` over its last two axes; the transpose is not computed separately. */
  readonly transposeB?: boolean;
  /** Factor by which the product is multiplied, at no extra cost; default: 1. */
  readonly scale?: number;
}

/** Computes `scale · a b` over the last two axes: [.., n, k] . [.., k, m] -> [.., n, m]; the leading axes broadcast. */
export function matmul(a: Value, b: Value, options: MatMulOptions = {}): Value {
  const { transposeA = false, transposeB = false, scale = 1 } = options;
  const [batchA, n, k] = matrix(a.shape, transposeA);
  const [batchB, inner, m] = matrix(b.shape, transposeB);
  const batch = broadcast(batchA, batchB);
  if (batch === undefined || k !== inner || n === undefined || m === undefined) {
    const written = (x: Value, isTransposed: boolean) =>
      `${formatShape(x.shape)}${isTransposed ? " transposed" : ""}`;
    a.graph.fail(
      "MatMul",
      `${written(a, transposeA)} cannot be multiplied by ${written(b, transposeB)}`,
      "[.., n, k] times [.., k, m]",
    );
  }
  const output = { shape: [...batch, n, m] };
  if (!transposeA && !transposeB && scale === 1) return a.graph.emit("MatMul", [a, b], output);
  const attributes = { transA: Number(transposeA), transB: Number(transposeB), alpha: scale };
  return a.graph.emit("FusedMatMul", [a, b], output, attributes);
}

function matrix(
  shape: Shape,
  transposed: boolean,
): [batch: Shape, rows: Dim | undefined, columns: Dim | undefined] {
  if (shape.length < 2) return [[], undefined, undefined];
  const [rows, columns] = shape.slice(-2);
  return transposed ? [shape.slice(0, -2), columns, rows] : [shape.slice(0, -2), rows, columns];
}

/**
 * Computes `x Wᵀ + b`, like PyTorch's Linear: x [.., in], weight [out, in], bias [out] -> [.., out]. Computes it in int8
 * if the graph has divisors for the weight.
 */
export function linear(x: Value, weight: Value, bias?: Value): Value {
  const [width, inner] = weight.shape;
  if (weight.shape.length !== 2 || width === undefined || inner === undefined || x.shape.at(-1) !== inner) {
    const given = `the input is ${formatShape(x.shape)} and the weight is ${formatShape(weight.shape)}`;
    x.graph.fail("Gemm", given, "[.., in] and [out, in]");
  }
  if (bias !== undefined && !sameShape(bias.shape, [width])) {
    x.graph.fail(
      "Gemm",
      `the bias is ${formatShape(bias.shape)} and the weight is ${formatShape(weight.shape)}`,
      `a bias of shape [${width}]`,
    );
  }
  const divisors = x.graph.int8.get(weight.name);
  if (divisors !== undefined) return int8Linear(x, divisors, x.graph.rounded(weight, divisors), bias);
  if (bias === undefined) return matmul(x, weight, { transposeB: true });
  const leading = x.shape.slice(0, -1);
  const rows = elements(leading);
  // Gemm includes the bias, but accepts only two axes, and named sizes cannot be merged into one axis.
  if (rows === undefined) return add(matmul(x, weight, { transposeB: true }), bias);
  const output = { shape: [rows, width] };
  const y = x.graph.emit("Gemm", [reshape(x, [rows, inner]), weight, bias], output, { transB: 1 });
  return reshape(y, [...leading, width]);
}
