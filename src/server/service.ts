import type { EntityStore } from "../kb/index.js";
import type { Linker } from "../linker/index.js";
import type { Uploads } from "./images/uploads.js";
import type { Limits } from "./limits.js";
import type { LinkQueue } from "./link-queue.js";
import type { Metrics } from "./metrics.js";

/** What the routes work with. */
export interface Service {
  readonly linker: Linker;
  readonly store: EntityStore;
  readonly queue: LinkQueue;
  readonly uploads: Uploads;
  readonly metrics: Metrics;
  readonly limits: Limits;
  /** Real path of the folder below which pictures lie. */
  readonly images?: string;
  /** Fetches the picture at an address; absent when that is not enabled. */
  readonly fetchImage?: (address: string, signal: AbortSignal) => Promise<Uint8Array>;
  /** Fires when it takes on nothing more. */
  readonly closing: AbortSignal;
}
