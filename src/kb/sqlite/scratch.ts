import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { writeFailure } from "./errors.js";

/** Space on disk for more than memory holds; it goes with the process, however that ends. */
export interface Scratch extends Disposable {
  readonly database: Database.Database;
  /** What SQLite's errors mean to the user: `FILE_UNWRITABLE` when the disk is full. */
  writing<T>(action: () => T): T;
}

/** Nothing of it survives, so it needs no journal. Memory: the page cache of 32 MB. */
const PRIVATE = `
  pragma page_size = 8192; pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive;
  pragma cache_size = -32768; pragma temp_store = file;`;

/** A private SQLite database in the system's temporary folder, with these tables. */
export function openScratch(tables: string): Scratch {
  const folder = mkdtempSync(join(tmpdir(), "mmel-scratch-"));
  const writing = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw error instanceof Database.SqliteError ? writeFailure(error, tmpdir()) : error;
    }
  };
  const database = new Database(join(folder, "scratch.sqlite"));
  const dispose = (): void => {
    if (database.open) database.close();
    removeQuietly(folder);
  };
  try {
    writing(() => database.exec(`${PRIVATE} ${tables}`));
  } catch (error) {
    dispose();
    throw error;
  }
  removeQuietly(folder); // the open file lives on without its name where the system allows it
  return { database, writing, [Symbol.dispose]: dispose };
}

function removeQuietly(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Windows keeps the names of open files; `dispose` comes again
  }
}
