/** Element types this project computes with; `bool` is for masks, `int64` for indices. */
export type DType = "float32" | "int64" | "bool";

/** A size fixed when the graph is built, or the name of one known only when it runs (`"batch"`, inference only). */
export type Dim = number | string;
export type Shape = readonly Dim[];

export type TensorData = Float32Array | BigInt64Array | Uint8Array;

/** Every operator the graph may hold, with the ONNX domain it belongs to. */
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
} as const;

export type OpType = keyof typeof OPERATORS;

/** Attribute values; which of them ONNX wants as floats is known to the serialiser. */
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** Where a value comes from. */
export type Origin =
  | { readonly kind: "input" }
  | { readonly kind: "parameter" }
  | { readonly kind: "constant"; readonly data: TensorData }
  /** A dropout mask: each element `1 / (1 - rate)` with probability `1 - rate`, else 0. */
  | { readonly kind: "mask"; readonly rate: number }
  | { readonly kind: "node" };

/** A tensor of the graph. */
export interface Value {
  readonly graph: Graph;
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Whether a trainable parameter lies upstream. */
  readonly requiresGrad: boolean;
  readonly origin: Origin;
}

/** One operator applied. `outputs[0]` is the result; further outputs serve the backward pass alone. */
export interface Node {
  readonly op: OpType;
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly [Value, ...Value[]];
  readonly attributes: Attributes;
}

/** A tensor graph under construction: a list of nodes in the order in which they can run. */
export interface Graph {
  readonly training: boolean;
  readonly nodes: readonly Node[];
  readonly inputs: readonly Value[];
  readonly parameters: readonly Value[];
  readonly masks: readonly Value[];
  /** Something fed at every run. Its name does not depend on the scope. */
  input(name: string, shape: Shape, dtype?: DType): Value;
  /** A float32 weight named within the scope; the same name again gives the same value, so modules share by name. */
  parameter(name: string, shape: Shape): Value;
  /** A fixed tensor; equal ones are stored once. */
  constant(data: TensorData | number, shape?: Shape, dtype?: DType): Value;
  /** A fresh dropout mask, see `dropout`. */
  mask(shape: Shape, rate: number): Value;
  /** Runs `body` with every node and parameter named below `name`; scopes nest with a dot. */
  scope<T>(name: string, body: () => T): T;
  /** Appends a node; its first output is returned, `more` are its further ones. Used by the operator functions. */
  emit(
    op: OpType,
    inputs: readonly Value[],
    output: Output,
    attributes?: Attributes,
    more?: readonly Shape[],
  ): Value;
  /** Throws `GRAPH`, naming the operator where it would have stood. */
  fail(op: string, what: string, expected?: string): never;
}

/** What a node computes; float32 unless said otherwise. */
export interface Output {
  readonly shape: Shape;
  readonly dtype?: DType;
}
