import pRetry from "p-retry";
import { MmelError, throwIfAborted } from "../core/index.js";
import { isTransient } from "./errors.js";

/** Exponential backoff with jitter: 50 to 100 ms after the first failure, up to 2 s later. */
const BACKOFF = {
  retries: Number.POSITIVE_INFINITY,
  factor: 2,
  minTimeout: 50,
  maxTimeout: 2000,
  randomize: true,
};

/** Milliseconds for which an unavailable server is retried unless the user says otherwise. */
export const DEFAULT_PATIENCE_MS = 10_000;

/** How long a caller waits for an unavailable server. */
export interface Patience {
  /** Milliseconds from the first failure to the last attempt; 0 never retries. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called once, with the first failure, before it is retried. */
  readonly onAway?: (error: MmelError) => void;
  /** Called once, when an attempt succeeds after `onAway`. */
  readonly onBack?: () => void;
}

export interface RetryOptions extends Patience {
  /** Turns an error of `action` into the one that is thrown or, if it is transient, retried. */
  readonly explain?: (error: unknown) => unknown;
}

/**
 * Runs `action`, and runs it again with exponential backoff as long as its errors are transient. `action` must be safe to
 * run twice: if a connection breaks, the server may have done the work although its answer was lost.
 *
 * Throws `ABORTED` if an attempt fails after the signal fired, and the last error of `action` otherwise. The result of an
 * attempt is returned even if the signal fires during it.
 */
export async function withRetries<T>(action: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { patienceMs, signal, explain = (error) => error, onAway, onBack } = options;
  throwIfAborted(signal);
  const results: T[] = [];
  const attempt = async (): Promise<void> => {
    try {
      results.push(await action());
    } catch (error) {
      throw explain(error);
    }
  };
  let first: MmelError | undefined;
  await attempt().catch((error) => {
    if (signal?.aborted) throw aborted(signal);
    if (!isTransient(error) || patienceMs <= 0) throw error;
    first = error;
  });
  if (first === undefined) return results[0] as T;

  onAway?.(first);
  // The time runs from the first failure, so p-retry starts with it.
  await pRetry((number) => (number === 1 ? Promise.reject(first) : attempt()), {
    ...BACKOFF,
    maxRetryTime: patienceMs,
    shouldRetry: ({ error }) => isTransient(error),
    ...(signal && { signal }),
  }).catch((error) => {
    if (results.length > 0) return;
    throw signal?.aborted ? aborted(signal) : gaveUp(error, patienceMs);
  });
  onBack?.();
  return results[0] as T;
}

function aborted(signal: AbortSignal): MmelError {
  return new MmelError("ABORTED", { what: "interrupted", cause: signal.reason });
}

/** Adds to a transient error how long it was retried. */
function gaveUp(error: unknown, patienceMs: number): unknown {
  if (!isTransient(error)) return error;
  const what = error.detail.what.replace(/, retried for \S+ s$/, "");
  return new MmelError(error.code, { ...error.detail, what: `${what}, retried for ${patienceMs / 1000} s` });
}
