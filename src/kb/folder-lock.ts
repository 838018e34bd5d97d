import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { MmelError } from "../core/index.js";
import { unwritable } from "./sqlite/errors.js";
import { LOCK } from "./sqlite/folder.js";

/**
 * Makes this import the only one into `target` until disposed; `KB_BUSY` while another one runs. The lock is SQLite's
 * own on an empty database: the operating system takes it from a process that dies, so it cannot be left behind.
 */
export function lockTarget(target: string): Disposable {
  let database: Database.Database | undefined;
  try {
    database = new Database(join(target, LOCK), { timeout: 0 });
    database.exec("pragma journal_mode = off; begin exclusive");
    if (!existsSync(join(target, LOCK))) throw busy(target); // an import that failed removed it just now
  } catch (error) {
    database?.close();
    if (error instanceof MmelError) throw error;
    throw isBusy(error) ? busy(target, error) : unwritable(target, error);
  }
  return { [Symbol.dispose]: () => void database.close() };
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && String(error.code).startsWith("SQLITE_BUSY");
}

function busy(target: string, cause?: unknown): MmelError {
  return new MmelError("KB_BUSY", {
    what: "another import into the knowledge base is running",
    where: target,
    hint: "again when it is done; the current version can be read meanwhile",
    cause,
  });
}
