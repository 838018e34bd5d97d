import pRetry from "p-retry";
import { MmelError, throwIfAborted } from "../core/index.js";
import { isTransient } from "./errors.js";

/** Exponential backoff with jitter: waits 50 to 100 ms after the first failure, and up to 2 s after later failures. */
const BACKOFF = {
  retries: Number.POSITIVE_INFINITY,
  factor: 2,
  minTimeout: 50,
  maxTimeout: 2000,
  randomize: true,
};

/** Default value of `patienceMs`. */
export const DEFAULT_PATIENCE_MS = 10_000;

/** Retry options for an unavailable server. */
export interface Patience {
  /** Maximum time from the first failure to the last attempt, in milliseconds; 0 disables retries. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called once, with the first failure, before the first retry. */
  readonly onAway?: (error: MmelError) => void;
  /** Called once, when an attempt succeeds after `onAway` was called. */
  readonly onBack?: () => void;
}

export interface RetryOptions extends Patience {
  /** Converts an error thrown by `action`. The converted error is retried if it is transient, and thrown otherwise. */
  readonly explain?: (error: unknown) => unknown | Promise<unknown>;
}

/**
 * Runs `action` and retries it with exponential backoff while its errors are transient. `action` must be safe to
 * repeat: if a connection is lost, the server may have completed the work even though its response was lost.
 *
 * Throws `ABORTED` if the signal has already fired, fires between two attempts, or fires during an attempt that fails.
 * Otherwise throws the last error of `action`. If an attempt succeeds, its result is returned even if the signal fired
 * during the attempt.
 */
export async function withRetries<T>(action: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { patienceMs, signal, explain = (error) => error, onAway, onBack } = options;
  throwIfAborted(signal);
  const results: T[] = [];
  const attempt = async (): Promise<void> => {
    try {
      results.push(await action());
    } catch (error) {
      throw await explain(error);
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
  // p-retry measures time from its first attempt. That attempt only rejects with the failure that already occurred.
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

/**
 * Adds the time limit of the retries ("retried for 10 s") to the message of a transient error. Returns any other error
 * unchanged.
 */
function gaveUp(error: unknown, patienceMs: number): unknown {
  if (!isTransient(error)) return error;
  const what = error.detail.what.replace(/, retried for \S+ s$/, "");
  return new MmelError(error.code, { ...error.detail, what: `${what}, retried for ${patienceMs / 1000} s` });
}
