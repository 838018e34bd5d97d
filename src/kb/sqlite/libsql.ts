import { createRequire } from "node:module";
import type Libsql from "libsql";
import { missingNative } from "../../core/native.js";

/** An open SQLite database. */
export type Database = Libsql.Database;

/** The class of SQLite databases. */
export const Database: typeof Libsql = load();

/**
 * Loads libsql, which asks Node.js for a report of the process to find its binary. Unless told not to, Node.js then asks
 * the name server for the name of every host that the process is connected to. Throws `INSTALLATION` if libsql cannot be
 * loaded.
 */
function load(): typeof Libsql {
  const report: typeof process.report & { excludeNetwork?: boolean } = process.report;
  const { excludeNetwork = false } = report;
  report.excludeNetwork = true;
  try {
    return createRequire(import.meta.url)("libsql");
  } catch (cause) {
    throw missingNative("libsql", cause);
  } finally {
    report.excludeNetwork = excludeNetwork;
  }
}
