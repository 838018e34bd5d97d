import { setTimeout as sleep } from "node:timers/promises";
import { throwIfAborted } from "../core/index.js";
import { isTransient } from "../jobs/database/server-error.js";

export interface Patience {
  /** Milliseconds after which a server that stays away is an error. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Told once, when the waiting begins, and once when it was worth it. */
  readonly onAway?: (error: Error) => void;
  readonly onBack?: () => void;
}

const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/** Does it again, waiting longer each time, while the server is away or too busy. `ABORTED`, and errors of `work`. */
export async function patiently<T>(work: () => Promise<T>, options: Patience): Promise<T> {
  const { patienceMs, signal, onAway, onBack } = options;
  const end = performance.now() + patienceMs;
  for (let wait = FIRST_MS, away = false; ; wait = Math.min(2 * wait, LONGEST_MS)) {
    throwIfAborted(signal);
    try {
      const result = await work();
      if (away) onBack?.();
      return result;
    } catch (error) {
      if (!isTransient(error) || performance.now() + wait > end) throw error;
      if (!away) onAway?.(error as Error);
      away = true;
      await sleep(wait, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    }
  }
}
