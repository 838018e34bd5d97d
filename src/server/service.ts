import type { EntityStore } from "../kb/index.js";
import type { Linker } from "../linker/index.js";
import type { Uploads } from "./images/uploads.js";
import type { Limits } from "./limits.js";
import type { LinkQueue } from "./link-queue.js";
import type { Metrics } from "./metrics.js";

/** Dependencies of the route handlers. */
export interface Service {
  readonly linker: Linker;
  readonly store: EntityStore;
  readonly queue: LinkQueue;
  readonly uploads: Uploads;
  readonly metrics: Metrics;
  readonly limits: Limits;
  /** Path of the images folder, with symbolic links resolved. */
  readonly images?: string;
  /** Fetches the picture at a URL. Absent if fetching is disabled. */
  readonly fetchImage?: (url: string, signal: AbortSignal) => Promise<Uint8Array>;
  /** Aborts when the service starts to shut down. */
  readonly closing: AbortSignal;
}
