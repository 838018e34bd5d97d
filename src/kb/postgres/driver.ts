import type { StoreDriver } from "../store.js";
import { importIntoServer } from "./import.js";
import { openServer } from "./server-store.js";

/**
 * The driver for knowledge bases on a PostgreSQL server. A schema contains any number of knowledge bases, each with
 * any number of readers and one importer at a time.
 */
export const postgresDriver: StoreDriver = { open: openServer, import: importIntoServer };
