import { setImmediate } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { type Entity, throwIfAborted } from "../../core/index.js";
import { createVersionHash, encodeEntity, keyOf, namesOf, SCHEMA } from "../content.js";
import { paddedName } from "../names.js";
import type { ImportOptions, Manifest } from "../store.js";
import { writeFailure } from "./errors.js";
import { Database } from "./libsql.js";
import { createRowReader, decodedPages, pageAfter, type Row } from "./rows.js";

/**
 * The tables of a version. `entity.number` is 1 plus the total number of names of all earlier entities. The names of
 * an entity therefore have the row ids `number`, `number + 1`, … in `name`, and `name` needs no column for the
 * entity. `name` stores only the trigrams of the padded, folded names. `sum` is the CRC-32 of the line's UTF-8 bytes.
 */
const TABLES = `
  create table entity (number integer primary key, key blob not null unique, line text not null,
    sum integer not null);
  create virtual table name using fts5(padded, tokenize = 'trigram case_sensitive 1', content = '');
  insert into name (name, rank) values ('hashsize', 16777216);
`;

/**
 * Settings for filling a database. No journal is needed, because the database has no readers yet and is discarded if
 * the import is killed.
 */
const FAST = `
  pragma page_size = 8192; pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive;
  pragma cache_size = -65536; pragma temp_store = memory;`;

/** Number of entities between two progress reports. Pending timers and signals are handled after each report. */
const REPORT_EVERY = 1000;

/**
 * Writes entities to a new database in the given order. SQLite's page cache (64 MB) bounds the memory. Throws
 * `FILE_UNWRITABLE` if the database cannot be written or the disk is full.
 */
export async function fillDatabase(
  path: string,
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  options: ImportOptions,
): Promise<Pick<Manifest, "version" | "entities" | "names">> {
  const database = new Database(path);
  try {
    database.exec(`${FAST} begin; ${TABLES}`);
    const counts = await insertAll(database, entities, options);
    database.exec("insert into name(name) values ('optimize'); commit");
    const version = await hashContent(database, path, options.signal);
    // A closed connection keeps its page cache until its statements are garbage-collected.
    database.exec("pragma shrink_memory");
    return { version, ...counts };
  } catch (error) {
    throw error instanceof Database.SqliteError ? writeFailure(error, path) : error;
  } finally {
    database.close();
  }
}

async function insertAll(
  database: Database,
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  { signal, onProgress, onDuplicate }: ImportOptions,
) {
  const insertEntity = database.prepare("insert or ignore into entity values (?, ?, ?, ?)");
  const insertName = database.prepare("insert into name (rowid, padded) values (?, ?)");
  const counts = { entities: 0, names: 0 };
  for await (const entity of entities) {
    throwIfAborted(signal);
    const line = encodeEntity(entity);
    if (insertEntity.run(counts.names + 1, keyOf(entity.id), line, crc32(line)).changes === 0) {
      onDuplicate?.(entity.id);
      continue;
    }
    for (const name of namesOf(entity)) insertName.run(++counts.names, paddedName(name));
    if (++counts.entities % REPORT_EVERY === 0) {
      onProgress?.(counts.entities);
      await setImmediate();
    }
  }
  onProgress?.(counts.entities);
  return counts;
}

async function hashContent(
  database: Database,
  path: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createVersionHash();
  const reader = createRowReader(database, path);
  const after = database.prepare(pageAfter(SCHEMA)).raw();
  for (const page of decodedPages((key) => after.all([key]) as Row[], reader)) {
    throwIfAborted(signal);
    for (const { line } of page) hash.add(line);
    await setImmediate();
  }
  return hash.version();
}
