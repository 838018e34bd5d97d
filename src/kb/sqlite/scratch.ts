import { rmSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type Entity, throwIfAborted } from "../../core/index.js";
import { createTemporaryFolder, temporaryFolderUnwritable } from "../../core/temporary-folder.js";
import { decodeEntity, encodeEntity, keyOf } from "../content.js";
import { Database } from "./libsql.js";
import { pagesById } from "./rows.js";

/**
 * A temporary database for data that does not fit into memory. It is removed when it is disposed of and, except on
 * Windows, when the process ends.
 */
export interface Scratch extends Disposable {
  readonly database: Database;
  /** Runs `action`. Throws `FILE_UNWRITABLE` if the database cannot be written or the disk is full. */
  writing<T>(action: () => T): T;
}

/**
 * Settings of a temporary database. Its contents never outlive the process, so no journal is needed. The page cache
 * (32 MB) bounds the memory.
 */
const PRIVATE = `
  pragma page_size = 8192; pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive;
  pragma cache_size = -32768; pragma temp_store = file;`;

/**
 * Creates a private SQLite database in the system's temporary folder and runs the SQL `tables`. Throws
 * `FILE_UNWRITABLE` if this is not possible.
 */
export function openScratch(tables: string): Scratch {
  const folder = createTemporaryFolder("mmel-scratch-");
  let database: Database | undefined;
  const dispose = (): void => {
    if (database?.open) database.close();
    removeQuietly(folder);
  };
  try {
    const opened = open(join(folder, "scratch.sqlite"));
    database = opened;
    writing(() => opened.exec(`${PRIVATE} ${tables}`));
  } catch (error) {
    dispose();
    throw error;
  }
  removeQuietly(folder); // on POSIX systems the open file remains usable without a name
  return { database, writing, [Symbol.dispose]: dispose };
}

function open(path: string): Database {
  try {
    return new Database(path);
  } catch (error) {
    throw temporaryFolderUnwritable(error); // libsql gives no code
  }
}

/** Runs `action`. Throws `FILE_UNWRITABLE` if SQLite refuses to write. */
function writing<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    const refused = error instanceof Database.SqliteError && REFUSED.test(String(error.code));
    throw refused ? temporaryFolderUnwritable(error) : error;
  }
}

const REFUSED = /^SQLITE_(FULL|READONLY|IOERR|CANTOPEN|PERM)/;

function removeQuietly(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Windows cannot delete open files; `dispose` deletes them later
  }
}

/** Entities sorted by id. */
export interface SortedEntities extends Disposable {
  readonly size: number;
  /** Returns all entities in order of id (in UTF-16 code units), in pages of a few hundred. */
  pages(): Iterable<readonly Entity[]>;
}

export interface SortOptions {
  readonly signal?: AbortSignal;
  /** Called with the id of each duplicate. Of several entities with the same id, only the first is kept. */
  readonly onDuplicate?: (id: string) => void;
}

const ENTITY_TABLE =
  "create table entity (number integer primary key, key blob not null unique, line text not null)";
const PAGE_AFTER = "select line, key from entity where key > ? order by key limit 500";
/** Number of entities between two yields to the event loop. */
const YIELD_EVERY = 1000;

/**
 * Sorts entities by id on disk, in the system's temporary folder. Uses less than 50 MB of memory for any number of
 * entities.
 */
export async function sortEntities(
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  { signal, onDuplicate }: SortOptions = {},
): Promise<SortedEntities> {
  const scratch = openScratch(`${ENTITY_TABLE}; begin;`);
  const { database, writing } = scratch;
  let size = 0;
  try {
    const insert = database.prepare("insert or ignore into entity (key, line) values (?, ?)");
    for await (const entity of entities) {
      throwIfAborted(signal);
      const line = encodeEntity(entity);
      if (writing(() => insert.run(keyOf(entity.id), line)).changes === 0) onDuplicate?.(entity.id);
      else if (++size % YIELD_EVERY === 0) await setImmediate();
    }
    writing(() => database.exec("commit"));
  } catch (error) {
    scratch[Symbol.dispose]();
    throw error;
  }
  const pageAfter = database.prepare(PAGE_AFTER).raw();
  return {
    size,
    *pages() {
      for (const page of pagesById((key) => pageAfter.all([key]) as [string, Buffer][]))
        yield page.map(([line]) => decodeEntity(line));
    },
    [Symbol.dispose]: scratch[Symbol.dispose],
  };
}
