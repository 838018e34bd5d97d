/**
 * The text encoder in int8: which linear maps it has, how large their inputs are on captions, and the divisors that
 * follow from that. See decision 0025.
 */
import { textEncoder } from "../../encoders/index.js";
import { openFile, readDivisors, type StoredTensors } from "../../formats/safetensors/index.js";
import {
  add,
  compile,
  createGraph,
  type Divisors,
  neg,
  type Program,
  reduceMax,
  relu,
  reshape,
  type Value,
  where,
} from "../../tensor/onnx/index.js";
import type { MmelArchitecture, Pass } from "./config.js";

/** A program that measures the inputs of linear maps. */
export interface ActivationsProgram {
  /**
   * It has the inputs of a pass. Each output belongs to one input of the encoder's linear maps: the largest magnitude
   * of each channel over all tokens that are not padding, [in].
   */
  readonly program: Program;
  /** By the name of an output: the weights of the linear maps that have this input. */
  readonly weights: ReadonlyMap<string, readonly string[]>;
}

/** Compiles a program that measures the inputs of the text encoder's linear maps. */
export function activationsProgram({ encoder }: MmelArchitecture, pass: Pass): ActivationsProgram {
  const graph = createGraph();
  const input = (name: string, dtype: "int64" | "bool"): Value =>
    graph.input(`${pass}.${name}`, ["rows", "length"], dtype);
  const attention = input("attention", "bool");
  const inputs = { ids: input("ids", "int64"), segments: input("segments", "bool"), attention };
  graph.scope("encoder", () => textEncoder(encoder, inputs));
  const weights = new Map<Value, string[]>();
  for (const { op, inputs } of graph.nodes) {
    const [x, weight] = inputs;
    if (op !== "FusedMatMul" || x === undefined || weight?.origin.kind !== "parameter") continue;
    weights.set(x, [...(weights.get(x) ?? []), weight.name]);
  }
  const isToken = reshape(attention, [...attention.shape, 1]);
  const magnitude = (x: Value): Value => add(relu(x), relu(neg(x)));
  const largest = (x: Value): Value => reduceMax(where(isToken, magnitude(x), 0), [0, 1]);
  return {
    program: compile(Object.fromEntries([...weights.keys()].map((x) => [x.name, largest(x)]))),
    weights: new Map([...weights].map(([x, names]) => [x.name, names])),
  };
}

/**
 * How much of the differences between channels moves from the inputs to the weights: with 1, every channel has the same
 * range, but the rounding of the weights suffers; with 0, it is the other way round.
 */
const MOVED = 0.85;
/** The smallest magnitude of a channel, relative to the largest channel. */
const SMALLEST = 1e-3;

/** The smallest magnitude of the largest channel, so that no divisor is 0. */
const TINY = 1e-6;

/** Returns the divisors for inputs of these magnitudes, [in]. The inputs divided by the divisors are in [-1, 1]. */
export function divisorsFor(magnitudes: Float32Array): Float32Array {
  const largest = magnitudes.reduce((a, b) => Math.max(a, b), TINY);
  return magnitudes.map((magnitude) => largest * Math.max(magnitude / largest, SMALLEST) ** MOVED);
}

/**
 * Reads the divisors that are stored with a model's weights. Empty if the model was not prepared for int8. Throws
 * MODEL_NOT_FOUND or MODEL_DAMAGED if they cannot be read.
 */
export async function storedDivisors(weights: StoredTensors): Promise<Divisors> {
  const divisors = new Map<string, Float32Array>();
  for (const [name, tensor] of weights) {
    if (tensor.divisors === undefined) continue;
    const handle = await openFile(tensor.divisors.file);
    try {
      divisors.set(name, (await readDivisors(handle, tensor))!);
    } finally {
      await handle.close();
    }
  }
  return divisors;
}
