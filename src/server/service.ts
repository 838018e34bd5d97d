import type { Uploads } from "./images/uploads.js";
import type { Knowledge, Lease } from "./knowledge.js";
import type { Limits } from "./limits.js";
import type { Metrics } from "./metrics.js";

/** Dependencies of the route handlers that stay the same while the service runs. */
export interface Service {
  readonly knowledge: Knowledge;
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

/** Dependencies of one request. Its version of the knowledge base stays the same until the request is answered. */
export interface RequestService extends Service, Lease {}
