import type { ApiError } from "../api/index.js";

/**
 * State of the server. It is `unknown` before the first response. If the server is ready, the state contains the
 * server's model and knowledge base. All other states contain the reason why requests are paused.
 */
export type ServerState =
  | { readonly kind: "unknown" }
  | { readonly kind: "ready"; readonly model?: string; readonly kb?: string }
  | { readonly kind: "away"; readonly until: number }
  | { readonly kind: "busy"; readonly until: number }
  | { readonly kind: "refused"; readonly message: string };

/** Returns whether requests are paused in this state. */
export const isPaused = ({ kind }: ServerState): boolean => ["away", "busy", "refused"].includes(kind);

/**
 * Returns the milliseconds to wait before the next request, after `failures` failed requests. The time doubles with
 * each failure, up to one minute.
 */
const backoff = (failures: number): number => Math.min(60_000, 2_000 * 2 ** failures);

/** Seconds to wait if a busy server sends no `Retry-After` header. */
export const BUSY_SECONDS = 5;

/**
 * Returns the server's state after an error, or undefined if the error concerns only one request. `now` is in
 * milliseconds since the epoch.
 */
export function stateAfter(error: ApiError, failures: number, now: number): ServerState | undefined {
  switch (error.fault) {
    case "away":
      return { kind: "away", until: now + backoff(failures) };
    case "busy":
      return { kind: "busy", until: now + 1000 * (error.retryAfter ?? BUSY_SECONDS) };
    case "refused":
      return { kind: "refused", message: error.message };
    default:
      return undefined;
  }
}
