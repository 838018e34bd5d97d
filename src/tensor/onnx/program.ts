import { MmelError } from "../../core/index.js";
import type { ParameterGradient } from "./autodiff/backward.js";
import { bytesOf, peakBytes } from "./graph/footprint.js";
import { subgraph, toModelProto, type Weights } from "./graph/model-proto.js";
import type { DType, Shape, Value } from "./graph/value.js";

/** A tensor of a program, by its name in the ONNX file. */
export interface TensorSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A dropout mask: elements 1 / (1 - rate) with probability 1 - rate, else 0; drawn anew for every step. */
export interface MaskSpec extends TensorSpec {
  readonly rate: number;
}

/** Where a parameter's gradient comes out: a dense output, rows to be added at their indices, or both. */
export interface GradientSpec {
  readonly parameter: string;
  readonly dense?: TensorSpec;
  readonly rows: readonly { readonly indices: TensorSpec; readonly rows: TensorSpec }[];
}

/** A graph made ready to run: an ONNX file and what goes in and comes out. Plain data that can be sent to a worker. */
export interface Program {
  readonly model: Uint8Array;
  readonly weights: Weights;
  readonly inputs: readonly TensorSpec[];
  readonly masks: readonly MaskSpec[];
  readonly parameters: readonly TensorSpec[];
  /** By the names given to `compile`. */
  readonly outputs: Readonly<Record<string, TensorSpec>>;
  readonly gradients: readonly GradientSpec[];
  /** An estimate of the memory a session takes: results alive at once, and packed weights. */
  readonly bytes: number;
}

export interface CompileOptions {
  /** From `backward`; a training program has them. */
  readonly gradients?: readonly ParameterGradient[];
  /** `external` (default without gradients): weights become initialisers, so that onnxruntime packs and fuses them; `fed`: read at every run. */
  readonly weights?: Weights;
}

/** Makes a program of the part of the graph that the outputs and gradients need. */
export function compile(outputs: Readonly<Record<string, Value>>, options: CompileOptions = {}): Program {
  const { gradients = [], weights = gradients.length > 0 ? "fed" : "external" } = options;
  const graph = Object.values(outputs)[0]?.graph;
  if (graph === undefined) throw new MmelError("GRAPH", { what: "a program without outputs" });
  const flowing = gradients.flatMap(({ dense, rows }) => [
    ...(dense === undefined ? [] : [dense]),
    ...rows.flatMap((row) => [row.indices, row.rows]),
  ]);
  const needed = subgraph([...Object.values(outputs), ...flowing]);
  const parameters = needed.leaves.filter(({ origin }) => origin.kind === "parameter").map(spec);
  const packed = weights === "external" ? parameters : [];
  const masks = needed.leaves.flatMap((leaf) =>
    leaf.origin.kind === "mask" ? [{ ...spec(leaf), rate: leaf.origin.rate }] : [],
  );
  return {
    model: Uint8Array.from(toModelProto(needed, graph.inputs, weights)),
    weights,
    inputs: graph.inputs.map(spec),
    masks,
    parameters,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, spec(value)])),
    gradients: gradients.map(({ parameter, dense, rows }) => ({
      parameter: parameter.name,
      ...(dense === undefined ? {} : { dense: spec(dense) }),
      rows: rows.map((row) => ({ indices: spec(row.indices), rows: spec(row.rows) })),
    })),
    bytes: packed.reduce((sum, parameter) => sum + bytesOf(parameter), peakBytes(needed)),
  };
}

const spec = ({ name, shape, dtype }: Value): TensorSpec => ({ name, shape, dtype });
