import { type Entity, throwIfAborted } from "../../core/index.js";
import { createEntityCache } from "../cache.js";
import { decodeEntity, keyOf } from "../content.js";
import type { EntityStore, OpenOptions } from "../store.js";
import { readAttachment } from "./attachment.js";
import { openReader, type Reader } from "./reader.js";
import { searchServerNames } from "./search.js";
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
    [...(await linesOf(reader, numbers)).values()].map(cache.decode);
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
        for (const entity of await entitiesByKey(missing.slice(start, start + IDS_PER_STATEMENT).map(keyOf)))
          found.set(entity.id, entity);
      for (const id of missing) if (found.get(id) === undefined) found.delete(id);
      return found as Map<string, Entity>;
    },
    searchNames: (name, { limit = 10 } = {}) => searchServerNames(search, name, limit),
    async *all({ signal } = {}) {
      let last = keyOf("");
      for (;;) {
        throwIfAborted(signal);
        const page = await reader.query<{ key: Buffer; number: number }>("page", [last]);
        if (page.length === 0) return;
        const lines = await linesOf(
          reader,
          page.map(({ number }) => number),
        );
        for (const { number } of page) {
          throwIfAborted(signal);
          yield decodeEntity(lines.get(number)!);
        }
        last = page.at(-1)!.key;
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function linesOf(reader: Reader, numbers: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const rows = await reader.query<{ number: number; line: string }>("lines", [numbers]);
  return new Map(rows.map(({ number, line }) => [number, line]));
}
