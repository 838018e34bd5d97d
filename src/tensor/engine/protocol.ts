import type { StoredTensor } from "../../formats/safetensors/index.js";
import type { Program, Tensors } from "../onnx/index.js";

/** Where a weight's float32 elements come from: memory, or a stretch of a file that the worker reads by itself. */
export type WeightSource =
  | { readonly kind: "data"; readonly data: Float32Array }
  | { readonly kind: "file"; readonly tensor: StoredTensor };

export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly source: WeightSource;
}

/** One forward and backward pass. The gradients of a step's micro-batches add up, each times its share. */
export interface MicroBatch {
  /** Key of a defined program that has gradients and an output `loss` of one number. */
  readonly program: string;
  readonly inputs: Tensors;
  /** Weight of its loss in the step's: usually its samples over the step's samples. */
  readonly share: number;
}

export interface StepOptions {
  readonly learningRate: number;
  /** Factor on the learning rate of the weights whose names begin so. */
  readonly rateFactors?: Readonly<Record<string, number>>;
  /** Decoupled weight decay of matrices; vectors (biases, norms) have none. */
  readonly weightDecay: number;
  /** Upper bound of the global gradient norm; Infinity for none. */
  readonly clip: number;
  /** Decides every dropout mask of the step. */
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
  /** Of the trained weights; empty before the first step. */
  readonly firstMoments: NamedArrays;
  readonly secondMoments: NamedArrays;
  /** Optimiser steps taken. */
  readonly step: number;
}

export interface EngineOptions {
  /** Threads of one operator; default: all cores. */
  readonly threads?: number;
  /** How many sessions stay ready (8), and how many bytes they may take together by estimate (1.5 GiB). */
  readonly maxSessions?: number;
  readonly maxSessionBytes?: number;
}

/** What the worker can be asked to do; `Engine` says what each means. */
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

/** One call as it crosses to the worker. */
export interface Request {
  readonly call: Call;
  readonly input: readonly unknown[];
}

export type Answer = ReturnType<Calls[Call]>;

/** What the worker runs: the calls, made asynchronous and cancellable. */
export type Host = {
  readonly [C in Call]: (
    signal: AbortSignal,
    ...input: Parameters<Calls[C]>
  ) => Promise<ReturnType<Calls[C]>>;
};
