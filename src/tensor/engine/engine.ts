import { openWorkerChannel, workerUrl } from "../../core/worker-channel.js";
import type { Program, Tensors } from "../onnx/index.js";
import { disableTelemetry } from "../onnx/runtime/load.js";
import {
  type Answer,
  buffersOf,
  type Call,
  type Calls,
  type EngineOptions,
  type MicroBatch,
  type NamedArrays,
  packed,
  type Request,
  type StepOptions,
  type StepResult,
  type TrainingState,
  type Weight,
} from "./protocol.js";

interface Cancellable {
  readonly signal?: AbortSignal | undefined;
}

/**
 * A worker thread that owns the weights, the optimiser state and the onnxruntime sessions, so that the calling thread
 * stays responsive. Calls run one after another, in order. Arguments are copied; returned arrays belong to the caller.
 *
 * If a call's signal aborts before the call has changed anything, the call rejects with `ABORTED` and changes nothing.
 * A call rejects with `ENGINE` if an operator fails (the error names the node) or if the worker exits.
 */
export interface Engine extends AsyncDisposable {
  /**
   * Replaces all weights and resets the optimiser. Throws `MODEL_NOT_FOUND` if a weight file cannot be opened, and
   * `MODEL_DAMAGED` if a file is too short or a weight has the wrong size or contains NaN or infinity.
   */
  load(weights: readonly Weight[], options?: Cancellable): Promise<void>;
  /**
   * Registers a program under a key. A session for the program is created when the program first runs. If that session
   * is evicted from the cache, the next run creates another.
   */
  define(key: string, program: Program): Promise<void>;
  /** Runs a program and returns its outputs, keyed by the names passed to `compile`. */
  run(key: string, inputs: Tensors, options?: Cancellable): Promise<Tensors>;
  /**
   * Performs one optimiser update with the summed gradients of all micro-batches. Throws `NOT_A_NUMBER`, before
   * changing anything, if the loss or a gradient is not finite.
   */
  step(batches: readonly MicroBatch[], options: StepOptions & Cancellable): Promise<StepResult>;
  /** Returns a copy of all weights. */
  weights(): Promise<NamedArrays>;
  /**
   * Exchanges the trained weights with their moving averages, so that `run` and `weights` use the averages until the
   * next call of `exchange`. Changes nothing before the first step with `averageDecay`.
   */
  exchange(): Promise<void>;
  /** Returns a copy of the training state: weights, optimiser moments, averages and step number. */
  state(): Promise<TrainingState>;
  /**
   * Restores a training state. Training then continues with bit-identical results. Throws `MODEL_DAMAGED` if a loaded
   * weight is missing from `state` or has a different size there, and `GRAPH` if `state` contains moments of a weight
   * that is not loaded.
   */
  restore(state: TrainingState): Promise<void>;
  /** Finishes pending calls and stops the worker. Later calls reject with `ENGINE`. */
  close(): Promise<void>;
}

/**
 * Starts an engine. An idle engine does not keep the process alive. `code` is the URL of the worker script, for
 * bundlers that move the script. Throws the error of `disableTelemetry`.
 */
export function createEngine(
  options: EngineOptions = {},
  code: URL = workerUrl(import.meta.url, "worker.js"),
): Engine {
  disableTelemetry(); // the worker itself cannot
  const channel = openWorkerChannel<Request, Answer>(code, {
    name: "engine",
    code: "ENGINE",
    workerData: options,
  });
  async function call<C extends Call>(
    name: C,
    input: Parameters<Calls[C]>,
    signal?: AbortSignal,
  ): Promise<ReturnType<Calls[C]>> {
    const request: Request = { call: name, input: packed(input) as Parameters<Calls[C]> };
    return (await channel.ask(request, { signal, transfer: buffersOf(request.input) })) as ReturnType<
      Calls[C]
    >;
  }
  // Stopping a worker while onnxruntime computes crashes the process, so the worker finishes its calls first.
  const close = (): Promise<void> => channel.close({ call: "close", input: [] });
  return {
    load: (weights, { signal } = {}) => call("load", [weights], signal),
    define: (key, program) => call("define", [key, program]),
    run: (key, inputs, { signal } = {}) => call("run", [key, inputs], signal),
    step: (batches, { signal, ...options }) => call("step", [batches, options], signal),
    weights: () => call("weights", []),
    exchange: () => call("exchange", []),
    state: () => call("state", []),
    restore: (state) => call("restore", [state]),
    close,
    [Symbol.asyncDispose]: close,
  };
}
