import { setMaxListeners } from "node:events";
import { type ErrorCode, type ErrorDetail, MmelError, throwIfAborted } from "./errors.js";
import { type Carrier, type CarrierOptions, connectToParent, startCarrier } from "./worker-carrier.js";

/**
 * A channel that sends requests to a worker (a thread or a process) and receives its answers. An idle channel does not
 * keep the process alive.
 */
export interface WorkerChannel<Request, Answer> extends AsyncDisposable {
  /**
   * Sends a request and resolves with the worker's answer. An `MmelError` from the worker is rethrown with its code
   * and detail; any other error becomes `INTERNAL`. Throws `ABORTED` if the signal has already fired. If the signal
   * fires later, tells the worker to cancel the request. Throws an error with the channel's `code` if the worker has
   * died or the channel is closed. In a channel with a time limit, throws `TIMEOUT` if the worker exceeds it, and
   * `ABORTED` as soon as the signal fires.
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
  /** Buffers in the request to move to the worker instead of copying them. Not for a channel with a time limit. */
  readonly transfer?: readonly ArrayBuffer[] | undefined;
}

export interface WorkerChannelOptions extends CarrierOptions {
  /** Name of the channel in error messages, such as "the NAME is closed" and "NAME worker". */
  readonly name: string;
  /** Code of the errors thrown after the worker has died or the channel has been closed. */
  readonly code: ErrorCode;
  /**
   * Time limit for one request in seconds, without the time that it waits for other requests. A worker is replaced if
   * it exceeds the limit, if it is still busy with a request one second after the request's signal has fired, or if it
   * dies. Requests that were waiting are sent to the new worker. Only for workers without state. Default: no limit, and a
   * worker that dies is not replaced.
   */
  readonly seconds?: number | undefined;
}

/** Time in milliseconds that a worker gets for a request whose signal has fired. */
const GRACE = 1_000;

type ToWorker<Request> =
  | { readonly kind: "request"; readonly id: number; readonly request: Request }
  | { readonly kind: "cancel"; readonly id: number };

type FromWorker<Answer> =
  | { readonly kind: "answer"; readonly id: number; readonly answer: Answer }
  | { readonly kind: "error"; readonly id: number; readonly code: ErrorCode; readonly detail: ErrorDetail };

interface Pending<Request, Answer> {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  /** Whether the request was already rejected, because its signal has fired. */
  abandoned: boolean;
}

/**
 * Returns the URL of a worker program in the same folder as the calling module: `workerUrl(import.meta.url,
 * "worker.js")`. For a module in `src`, returns the URL of the compiled program in `dist`, because Node.js cannot run
 * the TypeScript sources.
 */
export function workerUrl(moduleUrl: string, file: string): URL {
  return new URL(file, moduleUrl.replace(/^(.*)\/src\/(.*\.ts)$/, "$1/dist/$2"));
}

/** Starts a worker and returns a channel to it. The worker's program must call `serveRequests`. */
export function openWorkerChannel<Request, Answer>(
  program: URL,
  { name, code, seconds, ...options }: WorkerChannelOptions,
): WorkerChannel<Request, Answer> {
  const pending = new Map<number, Pending<Request, Answer>>(); // in the order of the requests
  let requests = 0;
  let closed = false;
  let death: MmelError | undefined;
  let timer: NodeJS.Timeout | undefined;

  const start = (): Carrier => {
    const started = startCarrier<FromWorker<Answer>>(program, options, {
      message: (message) => {
        if (started === worker) settle(message.id, message);
      },
      ended: (what, cause) => {
        if (started === worker) die(what, cause);
      },
    });
    return started;
  };
  const send = (message: ToWorker<Request>, transfer?: readonly ArrayBuffer[]): void =>
    worker.send(message, transfer);
  const closedError = (): MmelError => new MmelError(code, { what: `the ${name} is closed` });

  /** Starts the time limit of the request that the worker handles. The worker handles one at a time, in order. */
  const watch = (): void => {
    clearTimeout(timer);
    const [first] = pending.values();
    if (seconds === undefined || first === undefined || closed) return;
    timer = setTimeout(
      () => replace(new MmelError("TIMEOUT", { what: `the ${name} took longer than ${seconds} seconds` })),
      first.abandoned ? GRACE : 1000 * seconds,
    );
  };
  const settle = (id: number, outcome: FromWorker<Answer> | MmelError): void => {
    const waiting = pending.get(id);
    pending.delete(id);
    if (pending.size === 0 && !closed) worker.keepAlive(false); // closing waits for the worker's exit
    watch();
    if (waiting === undefined || waiting.abandoned) return;
    if (outcome instanceof MmelError) waiting.reject(outcome);
    else if (outcome.kind === "answer") waiting.resolve(outcome.answer);
    else waiting.reject(new MmelError(outcome.code, outcome.detail));
  };
  /** Rejects the request that the worker handles, and sends the others to a new worker. */
  const replace = (error: MmelError): void => {
    const [id] = pending.keys();
    const old = worker;
    worker = start();
    void old.end();
    for (const [other, { request, abandoned }] of pending)
      if (abandoned) pending.delete(other);
      else if (other !== id) send({ kind: "request", id: other, request });
    if (pending.size > 0) worker.keepAlive(true);
    if (id !== undefined) settle(id, error);
  };
  const die = (what: string, cause?: unknown): void => {
    const error = closed ? closedError() : new MmelError(code, { what, where: `${name} worker`, cause });
    if (seconds !== undefined && !closed && pending.size > 0) replace(error);
    else {
      death ??= error;
      for (const id of [...pending.keys()]) settle(id, death);
    }
  };
  let worker = start();

  async function ask(request: Request, { signal, transfer }: AskOptions = {}): Promise<Answer> {
    throwIfAborted(signal);
    if (closed) throw closedError();
    if (death !== undefined && seconds === undefined) throw death;
    if (death !== undefined) worker = start(); // the worker died while it was idle
    death = undefined;
    const id = requests++;
    const cancel = (): void => {
      send({ kind: "cancel", id });
      const waiting = pending.get(id);
      if (seconds === undefined || waiting === undefined) return;
      waiting.reject(new MmelError("ABORTED", { what: "interrupted", cause: signal?.reason }));
      waiting.abandoned = true;
      if (pending.keys().next().value === id) watch();
    };
    if (signal !== undefined) setMaxListeners(0, signal); // one signal may cancel any number of requests
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await new Promise<Answer>((resolve, reject) => {
        pending.set(id, { request, resolve, reject, abandoned: false });
        worker.keepAlive(true);
        if (pending.size === 1) watch();
        try {
          send({ kind: "request", id, request }, transfer);
        } catch (error) {
          pending.delete(id); // the request cannot be copied
          if (pending.size === 0) worker.keepAlive(false);
          reject(error);
        }
      });
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  const end = async (last?: Request): Promise<void> => {
    const ended = last === undefined || death !== undefined ? undefined : ask(last);
    closed = true;
    clearTimeout(timer);
    try {
      await ended;
    } finally {
      await worker.end();
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
 * Handles the requests of the thread or process that started this worker, one at a time, in the order in which they were sent. A
 * request that is cancelled before its turn is rejected with `ABORTED` and not started. `transfer` returns the buffers
 * in an answer to move instead of copying them. Does nothing if this is not a worker.
 */
export function serveRequests<Request, Answer>(
  handle: RequestHandler<Request, Answer>,
  transfer: (answer: Answer) => ArrayBuffer[] = () => [],
): void {
  const parent = connectToParent<ToWorker<Request>>();
  if (parent === undefined) return;
  const controllers = new Map<number, AbortController>();
  const answerTo = async (id: number, request: Request, signal: AbortSignal): Promise<void> => {
    try {
      throwIfAborted(signal);
      const answer = await handle(request, signal);
      parent.send({ kind: "answer", id, answer } satisfies FromWorker<Answer>, transfer(answer));
    } catch (error) {
      parent.send({ kind: "error", id, ...describe(error) } satisfies FromWorker<Answer>);
    }
  };
  let previous: Promise<void> = Promise.resolve();
  parent.listen((message) => {
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
