import type { ApiError } from "../api/index.js";

/** Whether the server can be used: the model and knowledge base it links with, or why requests are paused. */
export type ServerState =
  | { readonly kind: "unknown" }
  | { readonly kind: "ready"; readonly model?: string; readonly kb?: string }
  | { readonly kind: "away"; readonly until: number }
  | { readonly kind: "busy"; readonly until: number }
  | { readonly kind: "refused"; readonly message: string };

/** Whether no requests should be sent for now. */
export const isPaused = ({ kind }: ServerState): boolean => ["away", "busy", "refused"].includes(kind);

/** Milliseconds before the next attempt to reach the server: exponential backoff up to a minute. */
const backoff = (failures: number): number => Math.min(60_000, 2_000 * 2 ** failures);

/** Seconds to wait for a busy server that names no time. */
export const BUSY_SECONDS = 5;

/** Returns the server's state after a fault; undefined if the fault concerns only one request. */
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
