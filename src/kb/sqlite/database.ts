import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Database from "libsql";
import { type Entity, MmelError, throwIfAborted } from "../../core/index.js";
import { createEntityCache } from "../cache.js";
import { decodeEntity, keyOf, namesOf } from "../content.js";
import { nameGrams, rankNames } from "../names.js";
import type { EntityStore, Manifest } from "../store.js";
import { damaged } from "./errors.js";
import { DATABASE } from "./folder.js";
import { PAGE_AFTER, pagesById } from "./pages.js";

/** Names found by their grams that `searchNames` scores exactly, and how many of a long query's grams it looks for. */
const SHORTLIST = 200;
const QUERY_GRAMS = 100;

const BY_KEYS = "select line from entity where key in (select unhex(value) from json_each(?))";
const BY_GRAMS = `
  select found.number - entity.number, line
  from (select rowid as number from name where name match ? order by rank limit ?) as found
  join entity on entity.number = (select max(number) from entity where number <= found.number)`;

/** Opens one version's database, read-only and immutable: nothing is locked or written, in a read-only folder too. */
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

/** `KB_DAMAGED` when SQLite cannot make sense of the file, now or in a later query. */
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
          throw new MmelError("INTERNAL", { what: "a closed knowledge base was read", where: folder });
        return reading(() => statement.all(values)) as Row[];
      };
    },
    async close() {
      if (database.open) database.close();
    },
  };
}
