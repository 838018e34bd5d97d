import { setImmediate } from "node:timers/promises";
import { type Entity, throwIfAborted } from "../../core/index.js";
import { decodeEntity, encodeEntity, keyOf } from "../content.js";
import { PAGE_AFTER, pagesById } from "./pages.js";
import { openScratch } from "./scratch.js";

/** Entities put in order of id. */
export interface SortedEntities extends Disposable {
  readonly size: number;
  /** All of them in order of id (code units), a few hundred at a time. */
  pages(): Iterable<readonly Entity[]>;
}

export interface SortOptions {
  readonly signal?: AbortSignal;
  /** Called with each entity left out because its id came before; the first one stays. */
  readonly onDuplicate?: (id: string) => void;
}

const TABLE =
  "create table entity (number integer primary key, key blob not null unique, line text not null)";
const BREATH = 1000;

/** Sorts on disk, in the system's temporary folder: memory stays below 50 MB however many entities come. */
export async function sortEntities(
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  { signal, onDuplicate }: SortOptions = {},
): Promise<SortedEntities> {
  const scratch = openScratch(`${TABLE}; begin;`);
  const { database, writing } = scratch;
  let size = 0;
  try {
    const insert = database.prepare("insert or ignore into entity (key, line) values (?, ?)");
    for await (const entity of entities) {
      throwIfAborted(signal);
      const line = encodeEntity(entity);
      if (writing(() => insert.run(keyOf(entity.id), line)).changes === 0) onDuplicate?.(entity.id);
      else if (++size % BREATH === 0) await setImmediate();
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
      for (const page of pagesById((key) => pageAfter.all([key]) as [Buffer, string][]))
        yield page.map(([, line]) => decodeEntity(line));
    },
    [Symbol.dispose]: scratch[Symbol.dispose],
  };
}
