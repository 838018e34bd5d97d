import { setMaxListeners } from "node:events";
import { MmelError } from "./errors.js";

/**
 * Returns a signal that fires as soon as one of `signals` fires, with the same reason, or after `seconds`, with `TIMEOUT`.
 * Dispose it when the work is done. Use it instead of `AbortSignal.any` and `AbortSignal.timeout`: on Node.js 20, the
 * combination of the two may be garbage-collected before the time is over, and then never fires.
 */
export function joinedSignal(signals: readonly AbortSignal[], seconds?: number): AbortSignal & Disposable {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // each caption of a stream or a batch adds a listener
  const followed = signals.map((signal) => {
    const stop = (): void => controller.abort(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    return (): void => signal.removeEventListener("abort", stop);
  });
  const onTimeout = (): void =>
    controller.abort(
      new MmelError("TIMEOUT", { what: `the work was not completed within ${seconds} seconds` }),
    );
  const timer = seconds === undefined ? undefined : setTimeout(onTimeout, 1000 * seconds);
  return Object.assign(controller.signal, {
    [Symbol.dispose]() {
      clearTimeout(timer);
      for (const leave of followed) leave();
    },
  });
}

/** Resolves like `promise`, but throws `ABORTED` as soon as the signal fires. The work itself continues. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new MmelError("ABORTED", { what: "interrupted", cause: signal.reason }));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
  promise.catch(() => {}); // an error after the signal has fired
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
