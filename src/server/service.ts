import type { EntityStore } from "../kb/index.js";
import type { Linker } from "../linker/index.js";
import type { Limits } from "./limits.js";
import type { Metrics } from "./metrics.js";
import type { LinkQueue } from "./queue/link-queue.js";

/** What the routes work with. */
export interface Service {
  readonly linker: Linker;
  readonly store: EntityStore;
  readonly queue: LinkQueue;
  readonly metrics: Metrics;
  readonly limits: Limits;
  /** Real path of the folder below which pictures lie. */
  readonly images?: string;
  /** False once it is shutting down. */
  readonly ready: () => boolean;
}
