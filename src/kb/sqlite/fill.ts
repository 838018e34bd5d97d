import { setImmediate } from "node:timers/promises";
import Database from "libsql";
import { type Entity, throwIfAborted } from "../../core/index.js";
import { createVersionHash, encodeEntity, keyOf, namesOf } from "../content.js";
import { paddedName } from "../names.js";
import type { ImportOptions, Manifest } from "../store.js";
import { writeFailure } from "./errors.js";
import { TABLES } from "./folder.js";
import { PAGE_AFTER, pagesById } from "./pages.js";

/** After so many entities progress is told and timers and signals get their turn. */
const BREATH = 1000;

/** Nothing reads a database that is being filled and a killed import throws it away, so it needs no journal. */
const FAST = `
  pragma page_size = 8192; pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive;
  pragma cache_size = -65536; pragma temp_store = memory;`;

/** Writes the entities into a new database, in the order they come. Memory is bounded by SQLite's page cache (64 MB). */
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
    const version = await hashContent(database, options.signal);
    // A closed connection lives on until its statements are collected: it need not keep the page cache so long.
    database.exec("pragma shrink_memory");
    return { version, ...counts };
  } catch (error) {
    throw error instanceof Database.SqliteError ? writeFailure(error, path) : error;
  } finally {
    database.close();
  }
}

async function insertAll(
  database: Database.Database,
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  { signal, onProgress, onDuplicate }: ImportOptions,
) {
  const insertEntity = database.prepare("insert or ignore into entity values (?, ?, ?)");
  const insertName = database.prepare("insert into name (rowid, padded) values (?, ?)");
  const counts = { entities: 0, names: 0 };
  for await (const entity of entities) {
    throwIfAborted(signal);
    const line = encodeEntity(entity);
    if (insertEntity.run(counts.names + 1, keyOf(entity.id), line).changes === 0) {
      onDuplicate?.(entity.id);
      continue;
    }
    for (const name of namesOf(entity)) insertName.run(++counts.names, paddedName(name));
    if (++counts.entities % BREATH === 0) {
      onProgress?.(counts.entities);
      await setImmediate();
    }
  }
  onProgress?.(counts.entities);
  return counts;
}

async function hashContent(database: Database.Database, signal: AbortSignal | undefined): Promise<string> {
  const hash = createVersionHash();
  const pageAfter = database.prepare(PAGE_AFTER).raw();
  for (const page of pagesById((key) => pageAfter.all([key]) as [Buffer, string][])) {
    throwIfAborted(signal);
    for (const [, line] of page) hash.add(line);
    await setImmediate();
  }
  return hash.version();
}
