/**
 * Graphs of tensors, differentiated and run by onnxruntime. Needs Node.js.
 * @module mmel/onnx
 */
export { backward, type ParameterGradient } from "./autodiff/backward.js";
export type { RowGradient } from "./autodiff/gradients.js";
export {
  add,
  cast,
  div,
  dropout,
  equal,
  erf,
  exp,
  gelu,
  log,
  mul,
  neg,
  type Operand,
  relu,
  sigmoid,
  sqrt,
  sub,
  tanh,
  where,
} from "./graph/elementwise.js";
export { createGraph, type GraphOptions } from "./graph/graph.js";
export { int8Linear } from "./graph/int8.js";
export { concat, expand, gather, leading, pad, reshape, slice, split, transpose } from "./graph/layout.js";
export { linear, type MatMulOptions, matmul } from "./graph/matmul.js";
export { layerNorm, logSoftmax, softmax } from "./graph/normalise.js";
export { maskedMax, type ReduceOptions, reduceMax, reduceMean, reduceSum } from "./graph/reduce.js";
export type { Dim, Divisors, DType, Graph, Shape, TensorData, Value } from "./graph/value.js";
export {
  type CompileOptions,
  compile,
  type GradientSpec,
  type MaskSpec,
  type Program,
  type TensorSpec,
} from "./program.js";
export { openSession, type RunBuffers, type Session, type SessionOptions } from "./runtime/session.js";
export type { Tensor, Tensors } from "./runtime/tensor.js";
