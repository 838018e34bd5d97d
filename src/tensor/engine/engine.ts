import { setMaxListeners } from "node:events";
import { Worker } from "node:worker_threads";
import { MmelError, throwIfAborted } from "../../core/index.js";
import type { Program, Tensors } from "../onnx/index.js";
import type {
  Call,
  Calls,
  EngineOptions,
  MicroBatch,
  NamedArrays,
  Request,
  Response,
  StepOptions,
  StepResult,
  TrainingState,
  Weight,
} from "./protocol.js";
import { buffersOf, packed } from "./transfer.js";

/** Beside this module when built; from source, where the build puts it. */
const WORKER = new URL(
  import.meta.url.endsWith(".ts") ? "../../../dist/tensor/engine/worker.js" : "./worker.js",
  import.meta.url,
);

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

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: MmelError) => void;
}

/** Starts the worker. `code` is its program, for those who bundle. An idle engine does not keep the process alive. */
export function createEngine(options: EngineOptions = {}, code: URL = WORKER): Engine {
  const worker = new Worker(code, { workerData: options });
  const pending = new Map<number, Pending>();
  let calls = 0;
  let death: MmelError | undefined;
  let closed = false;

  const settle = (id: number, how: (waiting: Pending) => void): void => {
    const waiting = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
    if (waiting !== undefined) how(waiting);
  };
  const die = (what: string, cause?: unknown): void => {
    death ??= new MmelError("ENGINE", { what, where: "engine worker", cause });
    for (const id of [...pending.keys()]) settle(id, ({ reject }) => reject(death!));
  };
  worker.on("message", (response: Response) =>
    settle(response.id, ({ resolve, reject }) =>
      response.kind === "result"
        ? resolve(response.result)
        : reject(new MmelError(response.code, response.detail)),
    ),
  );
  worker.on("error", (error) => die(`the worker failed: ${error.message}`, error));
  worker.on("exit", (code) => die(`the worker ended with code ${code}`));
  worker.unref();

  const send = (request: Request): void =>
    worker.postMessage(request, request.kind === "call" ? buffersOf(request.input) : []);
  async function call<C extends Call>(
    name: C,
    input: Parameters<Calls[C]>,
    signal?: AbortSignal,
  ): Promise<ReturnType<Calls[C]>> {
    throwIfAborted(signal);
    // A call behind the last one would still run when the worker is ended, which onnxruntime does not survive.
    if (closed) throw new MmelError("ENGINE", { what: "the engine is closed" });
    if (death !== undefined) throw death;
    const id = calls++;
    const cancel = () => send({ kind: "cancel", id });
    if (signal !== undefined) setMaxListeners(0, signal); // one signal may stop any number of calls
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      const result = await new Promise<unknown>((resolve, reject) => {
        pending.set(id, { resolve, reject });
        worker.ref();
        send({ kind: "call", id, call: name, input: packed(input) as Parameters<Calls[C]> });
      });
      return result as ReturnType<Calls[C]>;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  const end = async (): Promise<void> => {
    const last = death === undefined ? call("close", []) : undefined;
    closed = true;
    await last;
    await worker.terminate();
  };
  let ending: Promise<void> | undefined;
  const close = (): Promise<void> => {
    ending ??= end();
    return ending;
  };
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
