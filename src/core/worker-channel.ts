import { setMaxListeners } from "node:events";
import { parentPort, Worker, type WorkerOptions } from "node:worker_threads";
import { type ErrorCode, type ErrorDetail, MmelError, throwIfAborted } from "./errors.js";

/**
 * A channel that sends requests to a worker thread and receives its answers. An idle channel does not keep the
 * process alive.
 */
export interface WorkerChannel<Request, Answer> extends AsyncDisposable {
  /**
   * Sends a request and resolves with the worker's answer. An `MmelError` from the worker is rethrown with its code
   * and detail; any other error becomes `INTERNAL`. Throws `ABORTED` if the signal has already fired. If the signal
   * fires later, tells the worker to cancel the request. Throws an error with the channel's `code` if the worker has
   * died or the channel is closed.
   */
  ask(request: Request, options?: AskOptions): Promise<Answer>;
  /**
   * Closes the channel and stops the worker. Later requests are rejected. If `last` is given, the worker stops only
   * after it has answered this last request. Otherwise, pending requests are rejected. If the last request fails, the
   * worker stops too, and `close` rejects with the error.
   */
  close(last?: Request): Promise<void>;
}

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** Buffers in the request to move to the worker instead of copying them. */
  readonly transfer?: readonly ArrayBuffer[] | undefined;
}

export interface WorkerChannelOptions
  extends Pick<WorkerOptions, "workerData" | "transferList" | "resourceLimits"> {
  /** Name of the channel in error messages, such as "the NAME is closed" and "NAME worker". */
  readonly name: string;
  /** Code of the errors thrown after the worker has died or the channel has been closed. */
  readonly code: ErrorCode;
}

type ToWorker<Request> =
  | { readonly kind: "request"; readonly id: number; readonly request: Request }
  | { readonly kind: "cancel"; readonly id: number };

type FromWorker<Answer> =
  | { readonly kind: "answer"; readonly id: number; readonly answer: Answer }
  | { readonly kind: "error"; readonly id: number; readonly code: ErrorCode; readonly detail: ErrorDetail };

interface Pending<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Returns the URL of a worker program in the same folder as the calling module: `workerUrl(import.meta.url,
 * "worker.js")`. For a module in `src`, returns the URL of the compiled program in `dist`, because Node.js cannot run
 * the TypeScript sources.
 */
export function workerUrl(moduleUrl: string, file: string): URL {
  return new URL(file, moduleUrl.replace(/^(.*)\/src\/(.*\.ts)$/, "$1/dist/$2"));
}

/** Starts a worker thread and returns a channel to it. The worker's program must call `serveRequests`. */
export function openWorkerChannel<Request, Answer>(
  program: URL,
  { name, code, ...workerOptions }: WorkerChannelOptions,
): WorkerChannel<Request, Answer> {
  const worker = new Worker(program, workerOptions);
  const pending = new Map<number, Pending<Answer>>();
  let requests = 0;
  let closed = false;
  let death: MmelError | undefined;

  const send = (message: ToWorker<Request>, transfer: readonly ArrayBuffer[] = []): void =>
    worker.postMessage(message, transfer);
  const settle = (id: number, act: (waiting: Pending<Answer>) => void): void => {
    const waiting = pending.get(id);
    pending.delete(id);
    if (pending.size === 0 && !closed) worker.unref(); // closing waits for the worker's exit
    if (waiting !== undefined) act(waiting);
  };
  const closedError = (): MmelError => new MmelError(code, { what: `the ${name} is closed` });
  const die = (what: string, cause?: unknown): void => {
    death ??= closed ? closedError() : new MmelError(code, { what, where: `${name} worker`, cause });
    for (const id of [...pending.keys()]) settle(id, ({ reject }) => reject(death));
  };
  worker.on("message", (message: FromWorker<Answer>) =>
    settle(message.id, ({ resolve, reject }) =>
      message.kind === "answer"
        ? resolve(message.answer)
        : reject(new MmelError(message.code, message.detail)),
    ),
  );
  worker.on("error", (error: Error) => die(`the worker failed: ${error.message}`, error));
  worker.on("messageerror", (error) => die(`the worker sent an unreadable message: ${error.message}`, error));
  worker.on("exit", (exitCode) => die(`the worker exited with code ${exitCode}`));
  worker.unref();

  async function ask(request: Request, { signal, transfer }: AskOptions = {}): Promise<Answer> {
    throwIfAborted(signal);
    if (closed) throw closedError();
    if (death !== undefined) throw death;
    const id = requests++;
    const cancel = (): void => send({ kind: "cancel", id });
    if (signal !== undefined) setMaxListeners(0, signal); // one signal may cancel any number of requests
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await new Promise<Answer>((resolve, reject) => {
        pending.set(id, { resolve, reject });
        worker.ref();
        try {
          send({ kind: "request", id, request }, transfer);
        } catch (error) {
          settle(id, () => reject(error)); // the request cannot be copied
        }
      });
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  const end = async (last?: Request): Promise<void> => {
    const ended = last === undefined || death !== undefined ? undefined : ask(last);
    closed = true;
    try {
      await ended;
    } finally {
      await worker.terminate();
    }
  };
  let ending: Promise<void> | undefined;
  const close = (last?: Request): Promise<void> => {
    ending ??= end(last);
    return ending;
  };
  return { ask, close, [Symbol.asyncDispose]: () => close() };
}

/** Handles one request and returns its answer. The signal fires when the requesting thread cancels the request. */
export type RequestHandler<Request, Answer> = (
  request: Request,
  signal: AbortSignal,
) => Answer | Promise<Answer>;

/**
 * Handles the requests of the thread that started this worker, one at a time, in the order in which they were sent. A
 * request that is cancelled before its turn is rejected with `ABORTED` and not started. `transfer` returns the buffers
 * in an answer to move instead of copying them. Does nothing on the main thread.
 */
export function serveRequests<Request, Answer>(
  handle: RequestHandler<Request, Answer>,
  transfer: (answer: Answer) => ArrayBuffer[] = () => [],
): void {
  const port = parentPort;
  if (port === null) return;
  const controllers = new Map<number, AbortController>();
  const answerTo = async (id: number, request: Request, signal: AbortSignal): Promise<void> => {
    try {
      throwIfAborted(signal);
      const answer = await handle(request, signal);
      port.postMessage({ kind: "answer", id, answer } satisfies FromWorker<Answer>, transfer(answer));
    } catch (error) {
      port.postMessage({ kind: "error", id, ...describe(error) } satisfies FromWorker<Answer>);
    }
  };
  let previous: Promise<void> = Promise.resolve();
  port.on("message", (message: ToWorker<Request>) => {
    if (message.kind === "cancel") {
      controllers.get(message.id)?.abort();
      return;
    }
    const { id, request } = message;
    const controller = new AbortController();
    controllers.set(id, controller);
    previous = previous
      .then(() => answerTo(id, request, controller.signal))
      .finally(() => controllers.delete(id));
  });
}

/** Converts an error to a message for another thread. Drops the cause, because it may not be copyable. */
function describe(error: unknown): { readonly code: ErrorCode; readonly detail: ErrorDetail } {
  if (!(error instanceof MmelError)) return { code: "INTERNAL", detail: { what: String(error) } };
  const { cause: _, ...detail } = error.detail;
  return { code: error.code, detail };
}
