import type { EntityStore } from "../kb/index.js";
import type { Linker } from "../linker/index.js";
import type { Uploads } from "./images/uploads.js";
import type { Limits } from "./limits.js";
import type { LinkQueue } from "./link-queue.js";
import type { Metrics } from "./metrics.js";

/** What the routes need to answer requests. */
export interface Service {
  readonly linker: Linker;
  readonly store: EntityStore;
  readonly queue: LinkQueue;
  readonly uploads: Uploads;
  readonly metrics: Metrics;
  readonly limits: Limits;
  /** Real path of the images folder. */
  readonly images?: string;
  /** Fetches the picture at a web address; absent unless fetching is enabled. */
  readonly fetchImage?: (address: string, signal: AbortSignal) => Promise<Uint8Array>;
  /** Aborts when the service starts to shut down. */
  readonly closing: AbortSignal;
}
