import type { StoreDriver } from "../store.js";
import { importIntoServer } from "./import.js";
import { openServer } from "./server-store.js";

/** Knowledge bases on a PostgreSQL server: any number in one schema, each with any number of readers and one importer. */
export const postgresDriver: StoreDriver = { open: openServer, import: importIntoServer };
