import type { StoreDriver } from "../store.js";
import { importIntoFolder } from "./import.js";
import { openFolder } from "./open.js";

/** Knowledge bases in folders, any number of readers and one importer each. */
export const sqliteDriver: StoreDriver = { open: openFolder, import: importIntoFolder };
