import type { Entity } from "../../core/index.js";
import { createEntityCache } from "../cache.js";
import { keyOf } from "../content.js";
import type { EntityStore, OpenOptions } from "../store.js";
import { readAttachment } from "./attachment.js";
import { openReader, type Reader } from "./reader.js";
import { damagedEntity, readInOrder, readLines } from "./rows.js";
import { searchServerNames } from "./search.js";
import { damagedOnServer } from "./sums.js";
import type { Target } from "./target.js";
import { manifestOf } from "./versions.js";

/** Maximum number of ids in one statement. */
const IDS_PER_STATEMENT = 2000;

/** Opens the current version of a knowledge base on a server. Throws the errors of `StoreDriver.open`. */
export async function openServer(url: string, { signal }: OpenOptions = {}): Promise<EntityStore> {
  return createServerStore(await openReader(url, { signal }));
}

/** Opens a version, which may still be incomplete. */
export async function openVersion(
  target: Target,
  version: string,
  signal: AbortSignal | undefined,
): Promise<EntityStore> {
  return createServerStore(await openReader(target, { version, signal }));
}

function createServerStore(reader: Reader): EntityStore {
  const cache = createEntityCache();
  const entitiesOf = async (numbers: readonly number[]): Promise<readonly Entity[]> =>
    [...(await readLines(reader, numbers)).values()].map(cache.decode);
  const entitiesByKey = async (keys: readonly Buffer[]): Promise<readonly Entity[]> => {
    const rows = await reader.query<{ number: number }>("numbersOfKeys", [keys]);
    return entitiesOf(rows.map(({ number }) => number));
  };
  const search = { reader, size: Number(reader.row.entities), entitiesOf };
  const close = async (): Promise<void> => reader[Symbol.asyncDispose]();
  return {
    manifest: manifestOf(reader.row),
    attachment: (name) => readAttachment(reader, name),
    async getMany(ids) {
      reader.assertOpen();
      const found = new Map(ids.map((id) => [id, cache.get(id)]));
      const missing = [...found.keys()].filter((id) => found.get(id) === undefined);
      for (let start = 0; start < missing.length; start += IDS_PER_STATEMENT)
        for (const entity of await entitiesByKey(
          missing.slice(start, start + IDS_PER_STATEMENT).map(keyOf),
        )) {
          if (!found.has(entity.id))
            throw damagedEntity(reader, entity.id, "the index of ids leads to another entity");
          found.set(entity.id, entity);
        }
      for (const id of missing) if (found.get(id) === undefined) found.delete(id);
      return found as Map<string, Entity>;
    },
    searchNames: (name, { limit = 10 } = {}) => searchServerNames(search, name, limit),
    async *all({ signal } = {}) {
      let read = 0;
      for await (const { entity } of readInOrder(reader, signal)) {
        read++;
        yield entity;
      }
      const { entities } = reader.row;
      if (read !== Number(entities))
        throw damagedOnServer(`it contains ${read} of ${entities} entities`, reader.target.shown);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
