import { openWorkerChannel, workerUrl } from "../../core/worker-channel.js";
import type { Program, Tensors } from "../onnx/index.js";
import type {
  Answer,
  Call,
  Calls,
  EngineOptions,
  MicroBatch,
  NamedArrays,
  Request,
  StepOptions,
  StepResult,
  TrainingState,
  Weight,
} from "./protocol.js";
import { buffersOf, packed } from "./transfer.js";

interface Cancellable {
  readonly signal?: AbortSignal | undefined;
}

/**
 * A worker thread that owns weights, optimiser state and onnxruntime's sessions; the calling thread stays free.
 * Calls run one after another in the order they were made. A call whose signal fires before it took effect rejects with
 * `ABORTED` and changes nothing; failures while computing are `ENGINE` and name the node; when the worker dies every
 * call rejects with `ENGINE`. Arrays given are copied, arrays received belong to the caller.
 */
export interface Engine extends AsyncDisposable {
  /** Puts weights in place of all earlier ones and forgets the optimiser's state. `MODEL_DAMAGED`: short files, NaN. */
  load(weights: readonly Weight[], options?: Cancellable): Promise<void>;
  /** Announces a program under a key; its session is made when first used, and again after it was evicted. */
  define(key: string, program: Program): Promise<void>;
  /** Runs a program on its inputs; outputs by the names given to `compile`. */
  run(key: string, inputs: Tensors, options?: Cancellable): Promise<Tensors>;
  /** One update from the gradients of all micro-batches together. `NOT_A_NUMBER` when the loss or a gradient is not finite; then the weights are untouched. */
  step(batches: readonly MicroBatch[], options: StepOptions & Cancellable): Promise<StepResult>;
  weights(): Promise<NamedArrays>;
  state(): Promise<TrainingState>;
  /** Continues, to the bit, from where `state` was read; the weights must have been loaded under the same names and sizes. */
  restore(state: TrainingState): Promise<void>;
  /** Lets calls already made finish, then ends the worker; later calls are `ENGINE`, from now on. */
  close(): Promise<void>;
}

/** Starts the worker. Bundlers pass its program as `code`. An idle engine does not keep the process alive. */
export function createEngine(
  options: EngineOptions = {},
  code: URL = workerUrl(import.meta.url, "worker.js"),
): Engine {
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
  // onnxruntime does not survive a worker that is stopped while it computes: the worker finishes its calls first.
  const close = (): Promise<void> => channel.close({ call: "close", input: [] });
  return {
    load: (weights, { signal } = {}) => call("load", [weights], signal),
    define: (key, program) => call("define", [key, program]),
    run: (key, inputs, { signal } = {}) => call("run", [key, inputs], signal),
    step: (batches, { signal, ...options }) => call("step", [batches, options], signal),
    weights: () => call("weights", []),
    state: () => call("state", []),
    restore: (state) => call("restore", [state]),
    close,
    [Symbol.asyncDispose]: close,
  };
}
