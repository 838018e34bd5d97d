import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import Database from "libsql";
import { type Entity, MmelError, throwIfAborted } from "../../core/index.js";
import { createEntityCache } from "../cache.js";
import { createVersionHash, decodeEntity, encodeEntity, keyOf, namesOf } from "../content.js";
import { nameGrams, paddedName, rankNames } from "../names.js";
import type { EntityStore, ImportOptions, Manifest } from "../store.js";
import { damaged, writeFailure } from "./errors.js";
import { DATABASE } from "./manifest.js";

/**
 * The tables of a version. `entity.number` is 1 plus the total number of names of all earlier entities. The names of
 * an entity therefore have the row ids `number`, `number + 1`, … in `name`, and `name` needs no column for the
 * entity. `name` stores only the trigrams of the padded, folded names.
 */
const TABLES = `
  create table entity (number integer primary key, key blob not null unique, line text not null);
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
    const version = await hashContent(database, options.signal);
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
    if (++counts.entities % REPORT_EVERY === 0) {
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

/** Number of names that `searchNames` retrieves by trigrams and then scores exactly; `5 · limit` if that is more. */
const SHORTLIST = 200;
/** Maximum number of trigrams of a query that `searchNames` searches for. */
const QUERY_GRAMS = 100;

const BY_KEYS = "select line from entity where key in (select unhex(value) from json_each(?))";
const BY_GRAMS = `
  select found.number - entity.number, line
  from (select rowid as number from name where name match ? order by rank limit ?) as found
  join entity on entity.number = (select max(number) from entity where number <= found.number)`;

/**
 * Opens the database of one version read-only and as immutable. Takes no locks and writes nothing, so a read-only
 * folder works.
 */
export function openDatabase(folder: string, manifest: Manifest): EntityStore {
  const { select, close } = connect(folder);
  const pageAfter = select<[key: Buffer, line: string]>(PAGE_AFTER);
  const byKeys = select<[line: string]>(BY_KEYS);
  const byGrams = select<[name: number, line: string]>(BY_GRAMS);
  const cache = createEntityCache();
  return {
    manifest,
    folder,
    async getMany(ids) {
      const found = new Map(ids.map((id) => [id, cache.get(id)]));
      const missing = [...found.keys()].filter((id) => found.get(id) === undefined);
      for (const [line] of byKeys(JSON.stringify(missing.map((id) => keyOf(id).toString("hex"))))) {
        const entity = cache.decode(line);
        found.set(entity.id, entity);
      }
      for (const id of missing) if (found.get(id) === undefined) found.delete(id);
      return found as Map<string, Entity>;
    },
    async searchNames(name, { limit = 10 } = {}) {
      const grams = [...nameGrams(name)].slice(0, QUERY_GRAMS);
      if (grams.length === 0) return [];
      const query = grams.map((gram) => `"${gram.replaceAll('"', '""')}"`).join(" OR ");
      const found = byGrams(query, Math.max(SHORTLIST, 5 * limit)).map(([number, line]) => {
        const entity = decodeEntity(line);
        return { entity, name: namesOf(entity)[number]! };
      });
      return rankNames(name, found, limit);
    },
    async *all({ signal } = {}) {
      for (const page of pagesById(pageAfter)) {
        for (const [, line] of page) {
          throwIfAborted(signal);
          yield decodeEntity(line);
        }
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

type Select<Row> = (...values: readonly unknown[]) => Row[];

/** Opens the database. This call and later queries throw `KB_DAMAGED` if SQLite cannot read the file. */
function connect(folder: string) {
  const path = join(folder, DATABASE);
  const reading = <T>(action: () => T): T => {
    try {
      return action();
    } catch (cause) {
      throw damaged(path, cause instanceof Error ? cause.message : String(cause), cause);
    }
  };
  const database = reading(() => new Database(`${pathToFileURL(path).href}?mode=ro&immutable=1`));
  return {
    select<Row>(sql: string): Select<Row> {
      const statement = reading(() => database.prepare(sql).raw());
      return (...values) => {
        if (!database.open)
          throw new MmelError("INTERNAL", { what: "the knowledge base is already closed", where: folder });
        return reading(() => statement.all(values)) as Row[];
      };
    },
    async close() {
      if (database.open) database.close();
    },
  };
}

type EncodedEntity = readonly [key: Buffer, line: string];

export const PAGE_AFTER = "select key, line from entity where key > ? order by key limit 500";

/** Yields all encoded entities in order of id, page by page, so that no statement stays open between pages. */
export function* pagesById(pageAfter: (key: Buffer) => EncodedEntity[]): Generator<EncodedEntity[]> {
  let page = pageAfter(keyOf(""));
  while (page.length > 0) {
    yield page;
    page = pageAfter(page.at(-1)![0]);
  }
}
