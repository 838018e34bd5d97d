import { existsSync } from "node:fs";
import { join } from "node:path";
import { MmelError } from "../core/index.js";
import { unwritable } from "./sqlite/errors.js";
import { Database } from "./sqlite/libsql.js";

/** Name of the lock file that `lockFolder` creates in a folder. */
export const LOCK_FILE = "import.lock";

/**
 * Makes this process the only importer into `folder` until the lock is disposed of. Uses SQLite's own lock on an empty
 * database. The operating system releases this lock when the process dies, so no stale lock can remain. Throws
 * `KB_BUSY` if another import holds the lock, and `FILE_UNWRITABLE` if the lock file cannot be created.
 */
export function lockFolder(folder: string): Disposable {
  const path = join(folder, LOCK_FILE);
  let database: Database | undefined;
  try {
    database = new Database(path, { timeout: 0 });
    database.exec("pragma journal_mode = off; begin exclusive");
    if (!existsSync(path)) throw busy(folder); // a failed import deleted the file after we opened it
  } catch (error) {
    database?.close();
    if (error instanceof MmelError) throw error;
    throw isBusy(error) ? busy(folder, error) : unwritable(folder, error);
  }
  return { [Symbol.dispose]: () => void database.close() };
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && String(error.code).startsWith("SQLITE_BUSY");
}

function busy(folder: string, cause?: unknown): MmelError {
  return new MmelError("KB_BUSY", {
    what: "another import into this folder is running",
    where: folder,
    hint: "Try again when the other import has finished.",
    cause,
  });
}
