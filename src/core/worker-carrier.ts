import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parentPort, Worker, type WorkerOptions } from "node:worker_threads";

/** How to start a worker. */
export interface CarrierOptions
  extends Pick<WorkerOptions, "workerData" | "transferList" | "resourceLimits"> {
  /**
   * Whether to start a process instead of a thread (default false). Only a process can be ended while it runs native
   * code, such as the rendering of a picture. It gets neither `workerData` nor limits.
   */
  readonly process?: boolean | undefined;
}

/** A running worker: a thread or a process. */
export interface Carrier {
  /** Sends a message. Throws if the message cannot be copied. A process receives copies of the buffers in `transfer`. */
  send(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** Whether the worker keeps this process alive. A new worker does not. */
  keepAlive(keep: boolean): void;
  /** Ends the worker at once, whatever it is doing, and waits until it has ended. */
  end(): Promise<void>;
}

export interface CarrierEvents<Message> {
  readonly message: (message: Message) => void;
  /** Called when the worker has ended or failed, possibly several times. `what` describes the reason. */
  readonly ended: (what: string, cause?: unknown) => void;
}

/** Starts a worker. */
export function startCarrier<Message>(
  program: URL,
  { process: isProcess = false, ...options }: CarrierOptions,
  events: CarrierEvents<Message>,
): Carrier {
  return isProcess ? startProcess(program, events) : startThread(program, options, events);
}

function startThread<Message>(
  program: URL,
  { workerData, transferList, resourceLimits }: CarrierOptions,
  { message, ended }: CarrierEvents<Message>,
): Carrier {
  const worker = new Worker(program, {
    workerData,
    ...(transferList && { transferList }),
    ...(resourceLimits && { resourceLimits }),
  });
  worker.on("message", message);
  worker.on("error", (error: Error) => ended(`the worker failed: ${error.message}`, error));
  worker.on("messageerror", (error) =>
    ended(`the worker sent an unreadable message: ${error.message}`, error),
  );
  worker.on("exit", (exitCode) => ended(`the worker exited with code ${exitCode}`));
  worker.unref();
  return {
    send: (value, transfer = []) => worker.postMessage(value, transfer),
    keepAlive: (keep) => (keep ? worker.ref() : worker.unref()),
    end: async () => void (await worker.terminate()),
  };
}

function startProcess<Message>(program: URL, { message, ended }: CarrierEvents<Message>): Carrier {
  const child = fork(fileURLToPath(program), [], { serialization: "advanced", execArgv: [] });
  child.on("message", (value) => message(value as Message));
  child.on("error", (error) => ended(`the worker failed: ${error.message}`, error));
  child.on("exit", (code, signal) =>
    ended(signal === null ? `the worker exited with code ${code}` : `the worker was ended by ${signal}`),
  );
  const keepAlive = (keep: boolean): void => {
    if (keep) {
      child.ref();
      child.channel?.ref();
    } else {
      child.unref();
      child.channel?.unref();
    }
  };
  keepAlive(false);
  return {
    send: (value) =>
      void child.send(
        value as object,
        (error) => error && ended(`the worker failed: ${error.message}`, error),
      ),
    keepAlive,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      child.ref();
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    },
  };
}

/** The connection of a worker to the thread or process that started it. */
export interface Parent<Message> {
  send(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  listen(listener: (message: Message) => void): void;
}

/** Returns the connection to the thread or process that started this worker; undefined if there is none. */
export function connectToParent<Message>(): Parent<Message> | undefined {
  const port = parentPort;
  if (port !== null)
    return {
      send: (message, transfer = []) => port.postMessage(message, transfer),
      listen: (listener) => void port.on("message", listener),
    };
  if (process.send === undefined) return undefined;
  // The process that started this one decides when it ends: a terminal sends Ctrl-C to both.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  return {
    send: (message) => void process.send!(message),
    listen: (listener) => void process.on("message", (message) => listener(message as Message)),
  };
}
