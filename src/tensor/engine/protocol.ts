import type { StoredTensor } from "../../formats/safetensors/index.js";
import type { Program, Tensors } from "../onnx/index.js";

/** Source of a weight's float32 elements: an array in memory, or a part of a file that the worker reads. */
export type WeightSource =
  | { readonly kind: "data"; readonly data: Float32Array }
  | { readonly kind: "file"; readonly tensor: StoredTensor };

export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly source: WeightSource;
}

/**
 * The input of one forward and backward pass. A step's gradient is the sum of share · gradient over its micro-batches.
 */
export interface MicroBatch {
  /** Key of a defined program with gradients and a scalar output `loss`. */
  readonly program: string;
  readonly inputs: Tensors;
  /** Weight of the micro-batch's loss in the step's loss; for example, its share of the step's samples. */
  readonly share: number;
}

export interface StepOptions {
  readonly learningRate: number;
  /** Factors by which the learning rate of some weights is multiplied, keyed by a prefix of the weights' names. */
  readonly rateFactors?: Readonly<Record<string, number>>;
  /** Decoupled weight decay for matrices; it is not applied to vectors (biases, norms). */
  readonly weightDecay: number;
  /** Maximum global norm of the gradient; `Infinity` disables clipping. */
  readonly clip: number;
  /**
   * Decay of the moving average of the weights, between 0 and 1; see `moveAverage`. Default: no average. Either all
   * steps of a training run have it, or none.
   */
  readonly averageDecay?: number;
  /** Seed of all dropout masks of the step. */
  readonly seed: number;
}

export interface StepResult {
  /** Sum of share · loss over the micro-batches. */
  readonly loss: number;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
}

export type NamedArrays = ReadonlyMap<string, Float32Array>;

/** Everything that training changes: weights, optimiser moments and step number. */
export interface TrainingState {
  readonly weights: NamedArrays;
  /** AdamW's first moments of the trained weights. Both moments are empty before the first step. */
  readonly firstMoments: NamedArrays;
  readonly secondMoments: NamedArrays;
  /** Moving averages of the trained weights; empty without `averageDecay`. */
  readonly averages: NamedArrays;
  /** Number of optimiser steps taken. */
  readonly step: number;
}

export interface EngineOptions {
  /** Threads per operator; default: all cores. */
  readonly threads?: number;
  /** Maximum number of open sessions; default: 8. */
  readonly maxSessions?: number;
  /** Maximum estimated memory of all open sessions in bytes; default: 1.5 GiB. */
  readonly maxSessionBytes?: number;
}

/** The calls that the worker supports. They are documented in `Engine`. */
export interface Calls {
  load(weights: readonly Weight[]): void;
  define(key: string, program: Program): void;
  run(key: string, inputs: Tensors): Tensors;
  step(batches: readonly MicroBatch[], options: StepOptions): StepResult;
  weights(): NamedArrays;
  exchange(): void;
  state(): TrainingState;
  restore(state: TrainingState): void;
  close(): void;
}

export type Call = keyof Calls;

/** A message that asks the worker to perform a call. */
export interface Request {
  readonly call: Call;
  readonly input: readonly unknown[];
}

export type Answer = ReturnType<Calls[Call]>;

/** The asynchronous, cancellable implementation of each call. */
export type Host = {
  readonly [C in Call]: (
    signal: AbortSignal,
    ...input: Parameters<Calls[C]>
  ) => Promise<ReturnType<Calls[C]>>;
};

/**
 * Returns a deep copy of a value that consists of plain objects, arrays and maps. Each typed array in the copy has its
 * own buffer, which contains only that array's elements.
 */
export function packed(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).slice();
  if (Array.isArray(value)) return value.map(packed);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, packed(item)]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, packed(item)]));
}

/** Returns the distinct buffers of all typed arrays in a value, to transfer them to another thread without copying. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  return [...new Set(arraysIn(value).map((array) => array.buffer as ArrayBuffer))];
}

function arraysIn(value: unknown): ArrayBufferView[] {
  if (ArrayBuffer.isView(value)) return [value];
  if (value instanceof Map) return [...value.values()].flatMap(arraysIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(arraysIn) : [];
}
