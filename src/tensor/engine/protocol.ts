import type { StoredTensor } from "../../formats/safetensors/index.js";
import type { Program, Tensors } from "../onnx/index.js";

/** Source of a weight's float32 elements: memory, or part of a file that the worker reads. */
export type WeightSource =
  | { readonly kind: "data"; readonly data: Float32Array }
  | { readonly kind: "file"; readonly tensor: StoredTensor };

export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly source: WeightSource;
}

/** One forward and backward pass. The gradient of a step is the sum of share · gradient over its micro-batches. */
export interface MicroBatch {
  /** Key of a defined program with gradients and a scalar output `loss`. */
  readonly program: string;
  readonly inputs: Tensors;
  /** Weight of its loss in the step's loss: usually its number of samples over that of the step. */
  readonly share: number;
}

export interface StepOptions {
  readonly learningRate: number;
  /** Factors on the learning rate, by name prefix of the weights. */
  readonly rateFactors?: Readonly<Record<string, number>>;
  /** Decoupled weight decay of matrices; it does not apply to vectors (biases, norms). */
  readonly weightDecay: number;
  /** Upper bound for the global gradient norm, or Infinity. */
  readonly clip: number;
  /** Determines every dropout mask of the step. */
  readonly seed: number;
}

export interface StepResult {
  /** Sum of share · loss. */
  readonly loss: number;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
}

export type NamedArrays = ReadonlyMap<string, Float32Array>;

/** Everything that training changes. */
export interface TrainingState {
  readonly weights: NamedArrays;
  /** AdamW's moments of the trained weights; empty before the first step. */
  readonly firstMoments: NamedArrays;
  readonly secondMoments: NamedArrays;
  /** Optimiser steps taken. */
  readonly step: number;
}

export interface EngineOptions {
  /** Threads per operator; default: all cores. */
  readonly threads?: number;
  /** Number of sessions kept open; default: 8. */
  readonly maxSessions?: number;
  /** Upper bound for their estimated total memory; default: 1.5 GiB. */
  readonly maxSessionBytes?: number;
}

/** The calls that the worker answers, documented in `Engine`. */
export interface Calls {
  load(weights: readonly Weight[]): void;
  define(key: string, program: Program): void;
  run(key: string, inputs: Tensors): Tensors;
  step(batches: readonly MicroBatch[], options: StepOptions): StepResult;
  weights(): NamedArrays;
  state(): TrainingState;
  restore(state: TrainingState): void;
  close(): void;
}

export type Call = keyof Calls;

/** A call, as it is sent to the worker. */
export interface Request {
  readonly call: Call;
  readonly input: readonly unknown[];
}

export type Answer = ReturnType<Calls[Call]>;

/** The implementation of the calls, asynchronous and cancellable. */
export type Host = {
  readonly [C in Call]: (
    signal: AbortSignal,
    ...input: Parameters<Calls[C]>
  ) => Promise<ReturnType<Calls[C]>>;
};

/**
 * Returns a deep copy of plain objects, arrays and maps; each typed array gets its own buffer with exactly its
 * elements.
 */
export function packed(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).slice();
  if (Array.isArray(value)) return value.map(packed);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, packed(item)]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, packed(item)]));
}

/** Returns the buffers of all typed arrays in a value, each once, for transfer without a copy. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  return [...new Set(arraysIn(value).map((array) => array.buffer as ArrayBuffer))];
}

function arraysIn(value: unknown): ArrayBufferView[] {
  if (ArrayBuffer.isView(value)) return [value];
  if (value instanceof Map) return [...value.values()].flatMap(arraysIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(arraysIn) : [];
}
