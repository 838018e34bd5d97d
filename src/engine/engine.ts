import type { Program, TensorData } from "../onnx/index.js";

/** A tensor's elements and sizes, as it goes in and comes out. */
export interface Tensor {
  readonly data: TensorData;
  readonly shape: readonly number[];
}

export type Tensors = Readonly<Record<string, Tensor>>;

/** Where a weight's float32 elements come from: memory, or a stretch of a file that the worker reads by itself (`readTensors` of formats/safetensors). */
export type WeightSource =
  | { readonly kind: "data"; readonly data: Float32Array }
  | {
      readonly kind: "file";
      readonly path: string;
      readonly offset: number;
      readonly format: "F32" | "F16" | "BF16";
    };

export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly source: WeightSource;
}

/** One forward and backward pass; the gradients of all micro-batches of a step add up. */
export interface MicroBatch {
  /** Key of a defined training program whose output `loss` is a scalar. */
  readonly program: string;
  readonly inputs: Tensors;
  /** Its share of the step's loss, usually samples over the batch's samples. */
  readonly share: number;
}

export interface StepOptions {
  readonly learningRate: number;
  /** Decoupled weight decay of matrices; vectors (biases, norms) have none. */
  readonly weightDecay: number;
  /** Upper bound of the global gradient norm. */
  readonly clip: number;
  /** Decides every dropout mask of the step. */
  readonly seed: number;
  readonly signal?: AbortSignal;
}

export interface StepResult {
  /** Sum of share times loss. */
  readonly loss: number;
  /** Global norm before clipping. */
  readonly gradientNorm: number;
}

/** Everything that training changes, in the order of the weights given to `load`. */
export interface TrainingState {
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly firstMoments: ReadonlyMap<string, Float32Array>;
  readonly secondMoments: ReadonlyMap<string, Float32Array>;
  /** Optimiser steps taken. */
  readonly step: number;
}

export interface EngineOptions {
  /** Threads of one operator; default: all cores. */
  readonly threads?: number;
  /** Bounds on the sessions kept ready; the least recently used goes first. */
  readonly maxSessions?: number;
  readonly maxSessionBytes?: number;
}

/**
 * A worker thread that owns weights, optimiser state and onnxruntime's sessions; the calling thread stays free.
 * Calls run one after another in order. A failure while running is `ENGINE`, with the node's name; a call whose
 * signal fires rejects with `ABORTED` and leaves weights and state as they were.
 */
export interface Engine extends AsyncDisposable {
  /** Puts weights in place, all of them at once; resets the optimiser. */
  load(weights: readonly Weight[]): Promise<void>;
  /** Announces a program under a key; its session is made when first used and again after it was evicted. */
  define(key: string, program: Program): Promise<void>;
  /** Runs a program once: inputs by name to outputs by name. */
  run(key: string, inputs: Tensors, options?: { signal?: AbortSignal }): Promise<Tensors>;
  /** One optimiser step over micro-batches. `NOT_A_NUMBER` when the loss or a gradient is not finite; then nothing has changed. */
  step(batches: readonly MicroBatch[], options: StepOptions): Promise<StepResult>;
  /** A copy of the weights, and of what the optimiser keeps. */
  state(): Promise<TrainingState>;
  /** Continues exactly where `state` was read. */
  restore(state: TrainingState): Promise<void>;
  /** A copy of the weights alone. */
  weights(): Promise<ReadonlyMap<string, Float32Array>>;
  close(): Promise<void>;
}
