import { MmelError } from "../../core/index.js";
import type { ParameterGradient } from "./autodiff/backward.js";
import { bytesOf, peakBytes } from "./graph/footprint.js";
import { subgraph, toModelProto, type Weights } from "./graph/model-proto.js";
import type { DType, Shape, Value } from "./graph/value.js";

/** A tensor in a program, with its name in the ONNX file. */
export interface TensorSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/**
 * A dropout mask, drawn again for every forward and backward pass. Each element is 1 / (1 - rate) with probability 1 -
 * rate, and 0 otherwise.
 */
export interface MaskSpec extends TensorSpec {
  readonly rate: number;
}

/** A parameter [out, in] to round to int8, and the divisors of its columns, [in]. */
export interface RoundedSpec extends TensorSpec {
  readonly divisors: Float32Array;
}

/** The outputs that contain a parameter's gradient: a dense tensor, rows to add at given indices, or both. */
export interface GradientSpec {
  readonly parameter: string;
  readonly dense?: TensorSpec;
  readonly rows: readonly { readonly indices: TensorSpec; readonly rows: TensorSpec }[];
}

/**
 * A compiled graph: an ONNX file and a description of its inputs and outputs. It consists of plain data, so it can be
 * sent to a worker.
 */
export interface Program {
  readonly model: Uint8Array;
  readonly weights: Weights;
  readonly inputs: readonly TensorSpec[];
  readonly masks: readonly MaskSpec[];
  readonly parameters: readonly TensorSpec[];
  /** Parameters that are rounded to int8 when a session opens; see `Graph.rounded`. */
  readonly rounded: readonly RoundedSpec[];
  /** Outputs, keyed by the names passed to `compile`. */
  readonly outputs: Readonly<Record<string, TensorSpec>>;
  readonly gradients: readonly GradientSpec[];
  /** Estimated memory of a session in bytes: the peak memory of results plus the packed weights. */
  readonly bytes: number;
}

export interface CompileOptions {
  /** Gradients from `backward`, for a training program. */
  readonly gradients?: readonly ParameterGradient[];
  /**
   * How weights reach the program. `external` (the default without gradients): as initialisers, which onnxruntime packs
   * and fuses. `fed` (the default with gradients): as inputs, which are read at every run.
   */
  readonly weights?: Weights;
}

/** Compiles the part of the graph that the outputs and gradients depend on. Throws `GRAPH` if there are no outputs. */
export function compile(outputs: Readonly<Record<string, Value>>, options: CompileOptions = {}): Program {
  const { gradients = [], weights = gradients.length > 0 ? "fed" : "external" } = options;
  const graph = Object.values(outputs)[0]?.graph;
  if (graph === undefined) throw new MmelError("GRAPH", { what: "the program has no outputs" });
  const gradientValues = gradients.flatMap(({ dense, rows }) => [
    ...(dense === undefined ? [] : [dense]),
    ...rows.flatMap((row) => [row.indices, row.rows]),
  ]);
  const needed = subgraph([...Object.values(outputs), ...gradientValues]);
  const parameters = needed.leaves.filter(({ origin }) => origin.kind === "parameter").map(spec);
  const packed = weights === "external" ? parameters : [];
  const masks = needed.leaves.flatMap((leaf) =>
    leaf.origin.kind === "mask" ? [{ ...spec(leaf), rate: leaf.origin.rate }] : [],
  );
  const rounded = needed.leaves.flatMap(({ origin, dtype }) =>
    origin.kind === "rounded" && dtype === "int8"
      ? [{ ...spec(origin.parameter), divisors: origin.divisors }]
      : [],
  );
  return {
    model: Uint8Array.from(toModelProto(needed, graph.inputs, weights)),
    weights,
    inputs: graph.inputs.map(spec),
    masks,
    parameters,
    rounded,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, spec(value)])),
    gradients: gradients.map(({ parameter, dense, rows }) => ({
      parameter: parameter.name,
      ...(dense === undefined ? {} : { dense: spec(dense) }),
      rows: rows.map((row) => ({ indices: spec(row.indices), rows: spec(row.rows) })),
    })),
    bytes: [...packed, ...rounded].reduce((sum, parameter) => sum + bytesOf(parameter), peakBytes(needed)),
  };
}

const spec = ({ name, shape, dtype }: Value): TensorSpec => ({ name, shape, dtype });
