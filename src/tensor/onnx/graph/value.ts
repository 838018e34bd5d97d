/** Element type of a tensor. `bool` is for masks, `int64` for indices, `uint8` and `int8` for products in int8. */
export type DType = "float32" | "int64" | "bool" | "uint8" | "int8";

/**
 * Size of an axis: a number, or a name such as `"batch"` for a size that is known only when the graph runs (inference
 * only).
 */
export type Dim = number | string;
export type Shape = readonly Dim[];

export type TensorData = Float32Array | BigInt64Array | Uint8Array | Int8Array;

/** Every operator that a graph can contain, with its ONNX domain. */
export const OPERATORS = {
  Add: "",
  Sub: "",
  Mul: "",
  Div: "",
  Neg: "",
  Relu: "",
  Gelu: "",
  Erf: "",
  Tanh: "",
  Sigmoid: "",
  Exp: "",
  Log: "",
  Sqrt: "",
  Equal: "",
  Where: "",
  Cast: "",
  MatMul: "",
  FusedMatMul: "com.microsoft",
  Gemm: "",
  Softmax: "",
  LogSoftmax: "",
  LayerNormalization: "",
  ReduceSum: "",
  ReduceMean: "",
  ReduceMax: "",
  Gather: "",
  ScatterElements: "",
  Reshape: "",
  Transpose: "",
  Expand: "",
  Concat: "",
  Slice: "",
  Pad: "",
  Shape: "",
  QuantizeLinear: "",
  MatMulIntegerToFloat: "com.microsoft",
} as const;

export type OpType = keyof typeof OPERATORS;

/** Attributes of a node, keyed by name. `model-proto.ts` lists the attributes that ONNX stores as floats. */
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** The source of a value: an input, a parameter, a constant, a dropout mask or a node. */
export type Origin =
  | { readonly kind: "input" }
  | { readonly kind: "parameter" }
  /** A part of a rounded parameter; see `Graph.rounded`. */
  | { readonly kind: "rounded"; readonly parameter: Value; readonly divisors: Float32Array }
  | { readonly kind: "constant"; readonly data: TensorData }
  /** A dropout mask: each element is `1 / (1 - rate)` with probability `1 - rate`, otherwise 0. */
  | { readonly kind: "mask"; readonly rate: number }
  | { readonly kind: "node" };

/** A tensor in a graph. */
export interface Value {
  readonly graph: Graph;
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Whether the value depends on a trainable parameter. */
  readonly requiresGrad: boolean;
  readonly origin: Origin;
}

/**
 * An operator applied to its inputs. `outputs[0]` is the result; any further outputs are used only by the backward
 * pass.
 */
export interface Node {
  readonly op: OpType;
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly [Value, ...Value[]];
  readonly attributes: Attributes;
}

/**
 * The linear maps to compute in int8, by the name of their weight [out, in], each with one divisor per input channel,
 * [in]. The inputs divided by their divisors are expected in [-1, 1]; what is outside counts as -1 or 1. A divisor is
 * greater than 0.
 */
export type Divisors = ReadonlyMap<string, Float32Array>;

/** A weight [out, in], multiplied by the divisors of its columns and then rounded to int8 with one scale per row. */
export interface RoundedWeight {
  /** int8 [in, out], the transpose of the weight. */
  readonly words: Value;
  /** float32 [out]. */
  readonly scales: Value;
}

/** A tensor graph under construction. Its nodes are listed in an order in which they can run. */
export interface Graph {
  readonly training: boolean;
  /** The linear maps that are computed in int8. */
  readonly int8: Divisors;
  readonly nodes: readonly Node[];
  readonly inputs: readonly Value[];
  readonly parameters: readonly Value[];
  readonly masks: readonly Value[];
  /** Adds an input, whose data is passed in at every run. The name of an input does not depend on the scope. */
  input(name: string, shape: Shape, dtype?: DType): Value;
  /**
   * Returns the float32 weight with this name in the current scope. The same name returns the same value, so that
   * modules can share weights.
   */
  parameter(name: string, shape: Shape): Value;
  /** Returns a parameter [out, in], rounded to int8 after its columns are multiplied by the divisors [in]. */
  rounded(parameter: Value, divisors: Float32Array): RoundedWeight;
  /** Returns a constant tensor; equal constants are stored once. */
  constant(data: TensorData | number, shape?: Shape, dtype?: DType): Value;
  /** Adds a dropout mask; see `dropout`. */
  mask(shape: Shape, rate: number): Value;
  /**
   * Runs `body` and returns its result. `name` becomes a prefix of the names of all nodes, masks and parameters that
   * `body` adds. Nested scopes are joined with a dot.
   */
  scope<T>(name: string, body: () => T): T;
  /**
   * Appends a node and returns its first output. `more` contains the shapes of further outputs. Used by the operator
   * functions.
   */
  emit(
    op: OpType,
    inputs: readonly Value[],
    output: Output,
    attributes?: Attributes,
    more?: readonly Shape[],
  ): Value;
  /** Throws `GRAPH`. The message contains the name that the node would have had. */
  fail(op: string, what: string, expected?: string): never;
}

/** Shape and type of a result; the type defaults to float32. */
export interface Output {
  readonly shape: Shape;
  readonly dtype?: DType;
}
