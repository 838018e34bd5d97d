import type { ApiError } from "../api/index.js";

/** How it stands with the server: what it links with, or why it is not asked at the moment. */
export type ServerState =
  | { readonly kind: "unknown" }
  | { readonly kind: "ready"; readonly model?: string; readonly kb?: string }
  | { readonly kind: "away"; readonly until: number }
  | { readonly kind: "busy"; readonly until: number }
  | { readonly kind: "refused"; readonly message: string };

/** Milliseconds until a server that was away is asked again, by how often it was away in a row. */
const pause = (failures: number): number => Math.min(60_000, 2_000 * 2 ** failures);

/** Seconds to wait when a busy server does not say. */
export const BUSY_SECONDS = 5;

/** What a fault says about the server as a whole; undefined when it is about the one request. */
export function stateAfter(error: ApiError, failures: number, now: number): ServerState | undefined {
  switch (error.fault) {
    case "away":
      return { kind: "away", until: now + pause(failures) };
    case "busy":
      return { kind: "busy", until: now + 1000 * (error.retryAfter ?? BUSY_SECONDS) };
    case "refused":
      return { kind: "refused", message: error.message };
    default:
      return undefined;
  }
}
