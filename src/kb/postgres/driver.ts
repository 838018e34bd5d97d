import type { StoreDriver } from "../store.js";
import { importIntoServer } from "./import.js";
import { readCurrent } from "./reader.js";
import { openServer } from "./server-store.js";
import { verifyServer } from "./verify.js";
import { manifestOf } from "./versions.js";

/**
 * The driver for knowledge bases on a PostgreSQL server. A schema contains any number of knowledge bases, each with
 * any number of readers and one importer at a time.
 */
export const postgresDriver: StoreDriver = {
  open: openServer,
  current: async (url, { signal } = {}) => manifestOf(await readCurrent(url, signal)),
  verify: verifyServer,
  import: importIntoServer,
};
