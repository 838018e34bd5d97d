import type { FastifyRequest } from "fastify";
import type { CatalogueLease, Catalogues, NamedBase } from "./catalogues/catalogues.js";
import type { CatalogueFolder } from "./catalogues/folder.js";
import type { Imports } from "./catalogues/imports.js";
import type { TableReader } from "./catalogues/table-reader.js";
import type { Uploads } from "./images/uploads.js";
import type { Limits } from "./limits.js";
import type { Metrics } from "./metrics.js";

/** Dependencies of the route handlers that stay the same while the service runs. */
export interface Service {
  readonly catalogues: Catalogues;
  /** The knowledge bases that the service does not change, the default first. */
  readonly fixed: readonly NamedBase[];
  /** Where catalogues can be created and changed. Absent if they cannot. */
  readonly folder?: CatalogueFolder;
  /** Absent without `folder`. */
  readonly imports?: Imports;
  readonly tables: TableReader;
  /** Folder for tables that are received. */
  readonly staging: string;
  readonly uploads: Uploads;
  readonly metrics: Metrics;
  readonly limits: Limits;
  /** Path of the images folder, with symbolic links resolved. */
  readonly images?: string;
  /** Fetches the picture at a URL. Absent if fetching is disabled. */
  readonly fetchImage?: (url: string, signal: AbortSignal) => Promise<Uint8Array>;
  /** Throws unless the caller may change catalogues. */
  readonly checkWriter: (request: FastifyRequest) => void;
  /** Aborts when the service starts to shut down. */
  readonly closing: AbortSignal;
}

/**
 * Dependencies of one request: its catalogue, in a version that stays the same until the request is answered.
 */
export interface RequestService extends Service, CatalogueLease {}
