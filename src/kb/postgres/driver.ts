import type { StoreDriver } from "../store.js";
import { importIntoServer } from "./import.js";
import { openServer } from "./open.js";

/** Knowledge bases on a PostgreSQL server: any number in a schema, any number of readers and one importer each. */
export const postgresDriver: StoreDriver = { open: openServer, import: importIntoServer };
