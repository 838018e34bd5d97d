import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Entity, MmelError, throwIfAborted } from "../../core/index.js";
import { createEntityCache } from "../cache.js";
import { decodeEntity, keyOf, namesOf } from "../content.js";
import { nameGrams, rankNames } from "../names.js";
import type { EntityStore, Manifest } from "../store.js";
import { damaged } from "./errors.js";
import type { DatabaseChecks } from "./folder.js";
import { Database } from "./libsql.js";
import { DATABASE } from "./manifest.js";
import { createRowReader, decodedPages, pageAfter, type Row, rowColumns } from "./rows.js";

/** Number of names that `searchNames` retrieves by trigrams and then scores exactly; `5 · limit` if that is more. */
const SHORTLIST = 200;
/** Maximum number of trigrams of a query that `searchNames` searches for. */
const QUERY_GRAMS = 100;

const byKeys = (schema: number): string =>
  `select ${rowColumns(schema)} from entity where key in (select unhex(value) from json_each(?))`;
const byGrams = (schema: number): string => `
  select ${rowColumns(schema)}, found.number - entity.number
  from (select rowid as number from name where name match ? order by rank limit ?) as found
  join entity on entity.number = (select max(number) from entity where number <= found.number)`;

/**
 * Opens the database of one version read-only and as immutable. Takes no locks and writes nothing, so a read-only
 * folder works. Reading throws `KB_DAMAGED` if an entity does not match its checksum or SQLite cannot read the file.
 */
export function openDatabase(folder: string, manifest: Manifest, checks?: DatabaseChecks): EntityStore {
  const path = join(folder, DATABASE);
  const { select, close, reader } = connect(folder, path);
  const { schema, entities: count } = manifest;
  const selectAfter = select<Row>(pageAfter(schema));
  const selectKeys = select<Row>(byKeys(schema));
  const selectGrams = select<readonly [number: number, line: Buffer, sum: number | null, name: number]>(
    byGrams(schema),
  );
  const cache = createEntityCache();
  return {
    manifest,
    folder,
    async getMany(ids) {
      const found = new Map(ids.map((id) => [id, cache.get(id)]));
      const missing = [...found.keys()].filter((id) => found.get(id) === undefined);
      for (const row of selectKeys(JSON.stringify(missing.map((id) => keyOf(id).toString("hex"))))) {
        const entity = cache.decode(reader.line(row));
        if (!found.has(entity.id))
          throw reader.damagedRow(row[0], "the index of ids leads to another entity");
        found.set(entity.id, entity);
      }
      const unknown = missing.filter((id) => found.get(id) === undefined);
      if (unknown.length > 0) await checks?.beforeUnknown();
      for (const id of unknown) found.delete(id);
      return found as Map<string, Entity>;
    },
    async searchNames(name, { limit = 10 } = {}) {
      const grams = [...nameGrams(name)].slice(0, QUERY_GRAMS);
      if (grams.length === 0) return [];
      await checks?.beforeSearch();
      const query = grams.map((gram) => `"${gram.replaceAll('"', '""')}"`).join(" OR ");
      const found = selectGrams(query, Math.max(SHORTLIST, 5 * limit)).map(([number, line, sum, index]) => {
        const entity = decodeEntity(reader.line([number, line, sum]));
        const found = namesOf(entity)[index];
        if (found === undefined)
          throw reader.damagedRow(number, "the index of names leads to another entity");
        return { entity, name: found };
      });
      return rankNames(name, found, limit);
    },
    async *all({ signal } = {}) {
      let read = 0;
      for (const page of decodedPages(selectAfter, reader)) {
        for (const { entity } of page) {
          throwIfAborted(signal);
          read++;
          yield entity;
        }
      }
      if (read !== count) throw damaged(path, `it contains ${read} of ${count} entities`);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

type Select<Result> = (...values: readonly unknown[]) => Result[];

/** Opens the database. This call and later queries throw `KB_DAMAGED` if SQLite cannot read the file. */
function connect(folder: string, path: string) {
  const database = reading(path, () => new Database(`${pathToFileURL(path).href}?mode=ro&immutable=1`));
  return {
    reader: createRowReader(database, path),
    select<Result>(sql: string): Select<Result> {
      const statement = reading(path, () => database.prepare(sql).raw());
      return (...values) => {
        if (!database.open)
          throw new MmelError("INTERNAL", { what: "the knowledge base is already closed", where: folder });
        return reading(path, () => statement.all(values)) as Result[];
      };
    },
    async close() {
      if (database.open) database.close();
    },
  };
}

/** Runs an action of SQLite. Throws `KB_DAMAGED` if it fails. */
function reading<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw damaged(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}
